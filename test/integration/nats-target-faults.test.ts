import { connect as connectToNats } from '@nats-io/transport-node';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../lib/delivery/channel.ts';
import { exchangeFailure } from '../../lib/delivery/channels/nats/nats-failure.ts';
import { createNatsSession } from '../../lib/delivery/channels/nats/nats-session.ts';
import type { NatsSettings } from '../../lib/platform/configuration/configuration.ts';
import { secret } from '../../lib/platform/secret.ts';
import { respondRaw } from '../../local/responder/responder-test-support.ts';
import { missingNatsServer, startNatsServer, type NatsServer } from '../support/nats-server.ts';
import { natsChannel, natsWakeUp, respondOn, wake } from '../support/nats-wake-ups.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const SILENT = {
  kind: 'misconfigured',
  message: 'the NATS server (NATS_URL) did not answer in time',
} as const;

async function aServer(configuration?: string): Promise<NatsServer> {
  const server = await startNatsServer(configuration);
  closing.push(server.close);
  return server;
}

function aChannel(address: string, given?: Partial<NatsSettings>): Channel {
  const channel = natsChannel(address, given);
  closing.push(() => channel.endCycle?.());
  return channel;
}

async function aResponder(...given: Parameters<typeof respondOn>): Promise<void> {
  const { connection } = await respondOn(...given);
  closing.push(() => connection.close());
}

function password(user: string, text: string): NatsSettings['credentials'] {
  return { kind: 'password', user, password: secret(text) };
}

describe.skipIf(missingNatsServer !== undefined)('waking over NATS', () => {
  it('fails while the server is down, and works in the same cycle once it is up again', async () => {
    const server = await aServer();
    const channel = aChannel(server.address);
    await server.kill();
    expect(await wake(channel, 'orders')).toEqual({
      kind: 'misconfigured',
      message: 'no connection could be made to a NATS server (NATS_URL)',
    });
    await server.start();
    await aResponder(server.address, 'orders', (message) => message.respond());
    await expect.poll(() => wake(channel, 'orders'), { timeout: 5_000 }).toEqual({ kind: 'accepted' });
  });

  it('ends at once when the server goes away while a reply is waited for, and goes on when it is back', async () => {
    const server = await aServer();
    const channel = aChannel(server.address);
    await aResponder(server.address, 'orders', () => server.kill());
    expect(await wake(channel, 'orders', 10_000)).toMatchObject({ kind: 'no-answer', code: 'reset' });
    await server.start();
    await aResponder(server.address, 'orders', (message) => message.respond());
    expect(await wake(channel, 'orders')).toEqual({ kind: 'accepted' });
  });

  it('ends in time when the server stands still, also without an acknowledgement', async () => {
    const server = await aServer();
    const channel = aChannel(server.address);
    await aResponder(server.address, 'orders', (message) => message.respond());
    expect(await wake(channel, 'orders')).toEqual({ kind: 'accepted' });
    server.pause();
    const timedOut = { kind: 'no-answer', code: 'timeout' };
    expect(await wake(channel, 'orders', 200)).toMatchObject(timedOut);
    expect(await wake(channel, natsWakeUp('orders', { acknowledge: false }), 200)).toMatchObject(timedOut);
    expect(await wake(aChannel(server.address), 'orders', 200)).toEqual(SILENT);
    // Lets go of the connection all the same, within its limit.
    await channel.endCycle?.();
    server.resume();
    expect(await wake(channel, 'orders')).toEqual({ kind: 'accepted' });
  });

  it('blames no target for wrong credentials, in words that hold none of them, and takes right ones', async () => {
    const server = await aServer('authorization { users: [{ user: observer, password: "s3cr3t" }] }');
    const answers = [
      await wake(aChannel(server.address), 'orders'),
      await wake(aChannel(server.address, { credentials: password('observer', 'wr0ng') }), 'orders'),
      await wake(
        aChannel(server.address, { credentials: { kind: 'token', token: secret('wr0ng') } }),
        'orders',
      ),
    ];
    for (const answer of answers)
      expect(answer).toEqual({
        kind: 'misconfigured',
        message: 'the NATS server does not take our credentials (NATS_CREDS, or those in NATS_URL)',
      });
    const channel = aChannel(server.address, { credentials: password('observer', 's3cr3t') });
    expect(await wake(channel, 'orders')).toMatchObject({ code: 'no-responders' });
  });

  it('is refused where the server lets us send nothing; that we may receive nothing is our failure', async () => {
    const server = await aServer(`authorization { users: [
      { user: "muted", password: "p", permissions: { publish: { deny: "orders" } } }
      { user: "deaf", password: "p", permissions: { subscribe: { deny: ">" } } } ] }`);
    const muted = aChannel(server.address, { credentials: password('muted', 'p') });
    expect(await wake(muted, 'orders')).toMatchObject({
      kind: 'refused',
      message: 'the NATS server does not let us send to this subject',
    });
    // Others are not held up by it.
    expect(await wake(muted, 'shipments')).toMatchObject({ code: 'no-responders' });
    const deaf = aChannel(server.address, { credentials: password('deaf', 'p') });
    expect(await wake(deaf, 'orders')).toMatchObject({
      kind: 'misconfigured',
      message: 'the NATS server does not let us wait for replies, which come to _INBOX.>',
    });
  });

  it('is refused where the server takes only shorter messages', async () => {
    const server = await aServer('max_payload: 256');
    expect(await wake(aChannel(server.address), 'orders')).toMatchObject({
      kind: 'refused',
      message: 'the message is larger than the NATS server takes',
    });
  });

  it('survives a reply whose headers are malformed', async () => {
    const server = await aServer();
    const channel = aChannel(server.address);
    closing.push(await respondRaw(server.address, 'orders', 'NATS/1.0\r\nNo Name: x\r\n\r\n'));
    await expect
      .poll(() => wake(channel, 'orders'))
      .toMatchObject({
        kind: 'refused',
        message: 'the reply has headers that cannot be read',
      });
    expect(await wake(channel, 'nobody.there')).toMatchObject({ code: 'no-responders' });
  });

  it('fails with words when the connection is lost before anything is sent', async () => {
    const { address } = await aServer();
    const connection = await connectToNats({ servers: [address], reconnect: false });
    const session = createNatsSession(connection);
    await connection.close();
    const message = { subject: 'orders', headers: {}, data: Buffer.alloc(0) };
    for (const sending of [session.ask(message, (reply) => reply), session.tell(message)])
      expect(exchangeFailure(await sending.catch((error: unknown) => error))).toMatchObject({
        code: 'reset',
      });
    expect(session.isOver()).toBe(true);
  });

  it('tries the servers in turn', async () => {
    const server = await aServer();
    await aResponder(server.address, 'orders', (message) => message.respond());
    const gone = await aServer();
    await gone.kill();
    const servers = [`nats://${gone.address}`, `nats://${server.address}`];
    expect(await wake(aChannel('', { servers }), 'orders')).toEqual({ kind: 'accepted' });
  });
});

describe('waking over a NATS server that is none', () => {
  it('makes one connection for all, whom a silent server does not hold up for longer than allowed', async () => {
    const silent = await listen(() => undefined);
    const channel = aChannel(silent.address);
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, index) => wake(channel, `orders.${index}`, 300)),
    );
    for (const result of results) expect(result).toEqual(SILENT);
    expect(silent.connections()).toBe(1);
  });

  it('fails for all who ask soon after a connection has failed, without trying again', async () => {
    const hangingUp = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const channel = aChannel(hangingUp.address);
    for (let index = 0; index < 200; index++)
      expect(await wake(channel, 'orders')).toMatchObject({ kind: 'misconfigured' });
    expect(hangingUp.connections()).toBeLessThanOrEqual(3);
  });

  it('sends no credentials in clear to a server that offers no TLS where tls:// asks for it', async () => {
    let received = '';
    const plain = await listen((socket) => {
      socket.on('data', (data) => (received += data.toString()));
      socket.write('INFO {"server_id":"x","version":"2.9.10","max_payload":1048576,"headers":true}\r\n');
    });
    const channel = aChannel('', {
      servers: [`tls://${plain.address}`],
      credentials: password('observer', 's3cr3t'),
    });
    expect(await wake(channel, 'orders')).toEqual({
      kind: 'misconfigured',
      message: 'the TLS connection to the NATS server (NATS_URL) could not be made',
    });
    expect(received).not.toContain('s3cr3t');
  });

  it('is called off while it connects', async () => {
    const calledOff = new AbortController();
    const silent = await listen(() => calledOff.abort());
    const result = await wake(aChannel(silent.address), 'orders', 10_000, calledOff.signal);
    expect(result).toMatchObject({ kind: 'no-answer', code: 'aborted' });
  });

  it('ends the cycle without a connection, and twice', async () => {
    const channel = natsChannel('127.0.0.1:1');
    await channel.endCycle?.();
    await channel.endCycle?.();
    expect(await wake(channel, 'orders')).toMatchObject({ kind: 'misconfigured' });
    await channel.endCycle?.();
  });
});

/** A server on 127.0.0.1 that does what a test wants with each connection. */
async function listen(
  onConnection: (socket: Socket) => void,
): Promise<{ readonly address: string; readonly connections: () => number }> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, connections: () => sockets.length };
}
