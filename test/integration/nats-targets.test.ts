import type { Msg } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Channel } from '../../lib/delivery/channel.ts';
import { decodeMessage, encodeMessage } from '../../lib/delivery/nats/message-codec.ts';
import { missingNatsServer, startNatsServer, type NatsServer } from '../support/nats-server.ts';
import {
  headersOf,
  natsChannel,
  natsWakeUp,
  respondOn,
  wake,
  type TestResponder,
} from '../support/nats-wake-ups.ts';

const PAYLOAD = {
  CE_QMGR: 'QM1',
  CE_QUEUE: 'DEV.QUEUE.1',
  CE_DEPTH: '42',
  ID: 'the-id',
  notification: 'messages found on queue',
};

describe.skipIf(missingNatsServer !== undefined)('a NATS target', () => {
  let server: NatsServer;
  let channel: Channel;
  const responders: TestResponder[] = [];
  beforeAll(async () => {
    server = await startNatsServer();
    channel = natsChannel(server.address);
  });
  afterEach(async () => {
    for (const { connection } of responders.splice(0)) await connection.close();
  });
  afterAll(async () => {
    await channel.endCycle?.();
    await server.close();
  });

  const responder = async (subject: string, answer: (message: Msg, nth: number) => unknown) => {
    const made = await respondOn(server.address, subject, answer);
    responders.push(made);
    return made;
  };

  it('gets a CloudEvent in binary mode, and acknowledges it with any reply', async () => {
    const { seen } = await responder('orders.ready', (message) => message.respond());
    const wakeUp = natsWakeUp(
      'orders.ready',
      {},
      {
        queue: 'Q %1',
        headers: { 'X-Team': 'a', 'Nats-Rollup': 'all', 'wake-up-timeout-ms': '1' },
      },
    );
    expect(await wake(channel, wakeUp)).toEqual({ kind: 'accepted' });
    const [message] = seen;
    expect(JSON.parse(message?.string() ?? '')).toEqual({ ...PAYLOAD, CE_QUEUE: 'Q %1' });
    expect(Object.fromEntries(message?.headers ?? [])).toEqual({
      'X-Team': ['a'],
      'ce-specversion': ['1.0'],
      'ce-id': [wakeUp.id],
      'ce-type': ['queue-messages'],
      'ce-source': ['mq-observer'],
      'ce-subject': ['QM1/Q%20%251'],
      'ce-time': ['2026-11-21T21:31:00.123Z'],
      'ce-datacontenttype': ['application/json'],
      'Nats-Msg-Id': [wakeUp.id],
      'Wake-Up-Timeout-Ms': [expect.stringMatching(/^(?:1\d{3}|2000)$/) as string],
      traceparent: ['00-7b5a4c0e9d0f4b438f0e2f6f1c0a9b11-8f0e2f6f1c0a9b11-01'],
    });
  });

  it.each([
    ['json', 'zstd'],
    ['cbor', 'none'],
    ['cbor', 'zstd'],
  ] as const)('gets it as %s, %s, and may reply so', async (serialization, compression) => {
    const encoding = { serialization, compression };
    const { seen } = await responder('orders.encoded', (message) => {
      const { headers, data } = encodeMessage({ ok: true, data: { taken: 3 } }, encoding);
      message.respond(data, { headers: headersOf(headers) });
    });
    const encoded = natsChannel(server.address, encoding);
    expect(await wake(encoded, 'orders.encoded')).toEqual({ kind: 'accepted', reply: { taken: 3 } });
    await encoded.endCycle?.();
    const { headers, data = Buffer.alloc(0) } = seen[0] ?? {};
    expect(headers?.get('ce-datacontenttype')).toBe(`application/${serialization}`);
    const decoded = decodeMessage((name) => (headers?.has(name) ? headers.get(name) : undefined), data);
    expect(decoded).toEqual({ ok: true, value: PAYLOAD, encoding });
  });

  it('is told apart: one that nobody listens on, and one whose responder is silent', async () => {
    expect(await wake(channel, 'nobody.there')).toMatchObject({ kind: 'no-answer', code: 'no-responders' });
    await responder('orders.silent', () => undefined);
    expect(await wake(channel, 'orders.silent', 150)).toMatchObject({ kind: 'no-answer', code: 'timeout' });
  });

  it('gets one message and is asked for nothing where no acknowledgement is wanted', async () => {
    const { seen } = await responder('orders.once', () => undefined);
    expect(await wake(channel, natsWakeUp('orders.once', { acknowledge: false }))).toEqual({
      kind: 'accepted',
    });
    await expect.poll(() => seen.length).toBe(1);
    expect(seen[0]?.reply).toBe('');
    expect(seen[0]?.headers?.has('Wake-Up-Timeout-Ms')).toBe(false);
    expect(await wake(channel, natsWakeUp('nobody.there', { acknowledge: false }))).toEqual({
      kind: 'accepted',
    });
  });

  it('is not acknowledged by a reply to an earlier attempt that comes late', async () => {
    const { seen } = await responder('orders.late', (_message, nth) => {
      // The first request is answered when the second one has come, which itself has no answer.
      if (nth === 2) seen[0]?.respond('{"ok":true}');
    });
    expect(await wake(channel, 'orders.late', 150)).toMatchObject({ code: 'timeout' });
    expect(await wake(channel, 'orders.late', 300)).toMatchObject({ code: 'timeout' });
    expect(new Set(seen.map(({ reply }) => reply)).size).toBe(2);
  });

  it('refuses in the reply, by its data or by an error header', async () => {
    await responder('orders.refused', (message) => message.respond('{"ok":false,"error":"no room"}'));
    await responder('orders.failed', (message) =>
      message.respond('', {
        headers: headersOf({ 'Nats-Service-Error-Code': '400', 'Nats-Service-Error': 'not for me' }),
      }),
    );
    expect(await wake(channel, 'orders.refused')).toEqual({
      kind: 'refused',
      message: 'the responder refused: no room',
      mayPass: true,
    });
    expect(await wake(channel, 'orders.failed')).toEqual({
      kind: 'refused',
      message: 'the responder refused: 400: not for me',
      mayPass: false,
    });
  });

  it.each([
    ['no JSON', {}, Buffer.from('done'), 'is not valid JSON'],
    ['malformed CBOR', { serial: 'cbor' }, Buffer.from('9affffffff', 'hex'), 'is not valid CBOR'],
    ['an unknown serial header', { serial: 'gob' }, Buffer.from('x'), 'has the unknown serial header "gob"'],
    ['an unknown cmp header', { cmp: 'gzip' }, Buffer.from('x'), 'has the unknown cmp header "gzip"'],
    ['too much', {}, Buffer.alloc(65_537, ' '), 'is larger than 65536 bytes'],
    ['a decompression bomb', { cmp: 'z' }, bomb(), 'is larger than 1048576 bytes when decompressed'],
  ])('fails for good when its reply holds %s', async (_case, headers, data, problem) => {
    await responder('orders.strange', (message) => message.respond(data, { headers: headersOf(headers) }));
    expect(await wake(channel, 'orders.strange')).toEqual({
      kind: 'refused',
      message: expect.stringContaining(`the reply ${problem}`),
      mayPass: false,
    });
  });

  it('has what it replied kept, as far as that is short', async () => {
    await responder('orders.data', (message) => message.respond(JSON.stringify({ rows: 'x'.repeat(4_085) })));
    expect(await wake(channel, 'orders.data')).toEqual({
      kind: 'accepted',
      reply: { rows: 'x'.repeat(4_085) },
    });
    await responder('orders.much', (message) => message.respond(JSON.stringify('x'.repeat(9_998))));
    expect(await wake(channel, 'orders.much')).toEqual({
      kind: 'accepted',
      reply: `"${'x'.repeat(4_095)}… (cut: 10000 characters of JSON)`,
    });
  });

  it('is reached through a relay, whose name comes back with the reply', async () => {
    const { seen } = await responder('mq-observer.relay.node-1', (message) =>
      message.respond('{"ok":true,"data":7}', { headers: headersOf({ Relay: 'node-1' }) }),
    );
    const wakeUp = natsWakeUp('orders.far', { relay_via: 'node-1' });
    expect(await wake(channel, wakeUp)).toEqual({ kind: 'accepted', reply: 7, relay: 'node-1' });
    const headers = seen[0]?.headers;
    expect([headers?.get('Relay-To'), headers?.get('Relay-Hops')]).toEqual(['orders.far', '1']);
    expect(Number(headers?.get('Relay-Timeout-Ms'))).toBeGreaterThan(1_000);
    expect(Number(headers?.get('Relay-Timeout-Ms'))).toBeLessThanOrEqual(2_000);
    expect(await wake(channel, natsWakeUp('orders.far', { relay_via: 'gone' }))).toMatchObject({
      code: 'no-responders',
    });
  });

  it('is left when the attempt is called off', async () => {
    const calledOff = new AbortController();
    await responder('orders.stopped', () => calledOff.abort());
    expect(await wake(channel, 'orders.stopped', 10_000, calledOff.signal)).toMatchObject({
      kind: 'no-answer',
      code: 'aborted',
    });
  });
});

/** Sixteen mebibytes of the letter a in half a kilobyte, in a frame that does not say so. */
function bomb(): Buffer {
  const block = Buffer.alloc(4, 'a');
  block.writeUIntLE((131_072 << 3) | (1 << 1), 0, 3);
  const last = Buffer.from(block);
  last[0] = (last[0] ?? 0) | 1;
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50]);
  return Buffer.concat([header, ...Array.from({ length: 127 }, () => block), last]);
}
