import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { NatsEncoding } from '../../../lib/delivery/nats/message-codec.ts';
import { relayHeaders, relaySubject } from '../../../lib/delivery/nats/protocol.ts';
import { missingNatsServer, startNatsServer, type NatsServer } from '../../../test/support/nats-server.ts';
import { createAsker, respond, respondRaw, type Asker, type Question } from '../responder-test-support.ts';

describe.skipIf(missingNatsServer)('respond --relay', () => {
  let server: NatsServer;
  let asker: Asker;
  let tests = 0;
  let subject: string;

  beforeAll(async () => {
    server = await startNatsServer();
    asker = await createAsker(server.address);
  });
  afterAll(async () => {
    await asker.connection.close();
    await server.close();
  });
  beforeEach(() => {
    subject = `orders.wake${++tests}`;
  });

  const answerWith = (command: string) => respond(server.address, '--subject', subject, '--exec', command);
  const relay = (node: string, ...more: readonly string[]) =>
    respond(server.address, '--relay', node, ...more);

  const via = (node: string, more: Readonly<Record<string, string>> = {}): Question => ({
    to: relaySubject(node),
    headers: { ...relayHeaders({ to: subject, hops: 1, timeoutMs: 5_000 }), ...more },
  });

  it('passes a wake-up on and the reply back, with its name', async () => {
    await answerWith(`echo "{\\"id\\":\\"$MQ_OBSERVER_CE_ID\\"}"`);
    const { said } = await relay('edge');
    expect(await asker.ask(via('edge', { 'ce-id': 'w-1' }))).toEqual({
      kind: 'acknowledged',
      data: { id: 'w-1' },
      relay: 'edge',
    });
    await expect.poll(said).toContain(`to ${subject}: the reply was passed back`);
  });

  it('passes a refusal back, and CBOR and zstd through', async () => {
    await answerWith('exit 7');
    await relay('edge');
    const encoding: NatsEncoding = { serialization: 'cbor', compression: 'zstd' };
    expect(await asker.ask({ ...via('edge'), encoding })).toEqual({
      kind: 'refused',
      message: 'the responder refused: 500: the handler ended with exit code 7',
      mayPass: true,
      relay: 'edge',
    });
  });

  it('may pass everything on to another relay, which takes it to the target', async () => {
    await answerWith('true');
    await Promise.all([relay('edge', '--via', 'core'), relay('core')]);
    expect(await asker.ask(via('edge'))).toEqual({ kind: 'acknowledged', relay: 'edge, core' });
  });

  it('ends a loop', async () => {
    const both = await Promise.all([relay('edge', '--via', 'core'), relay('core', '--via', 'edge')]);
    expect(await asker.ask(via('edge'))).toEqual({
      kind: 'refused',
      message: expect.stringContaining('do the relays send to each other?') as unknown,
      mayPass: false,
      relay: 'edge, core, edge, core, edge',
    });
    const passed = both.flatMap(({ said }) => said().match(/passed back/g) ?? []);
    expect(passed).toHaveLength(4);
  });

  it('tells a target that nobody is from one that does not answer', async () => {
    await relay('edge');
    const nobody = await asker.request(via('edge'));
    expect(nobody.headers?.get('Nats-Service-Error-Code')).toBe('503');
    expect(nobody.json()).toEqual({ ok: false, error: `nobody listens on ${subject} now` });
    asker.connection.subscribe(subject, { callback: () => undefined });
    const silent = await asker.request(via('edge', { 'Relay-Timeout-Ms': '300' }));
    expect(silent.headers?.get('Nats-Service-Error-Code')).toBe('504');
    expect(silent.json()).toEqual({ ok: false, error: `no reply from ${subject} within 270 ms` });
    expect(silent.headers?.get('Relay')).toBe('edge');
  });

  it('passes on only to what it is allowed to, and only what says where', async () => {
    await answerWith('true');
    await relay('edge', '--allow', 'billing.>', '--allow', `${subject}.x`);
    expect(await asker.ask(via('edge'))).toMatchObject({
      kind: 'refused',
      message: `the responder refused: 403: this relay passes nothing on to ${subject}`,
      mayPass: false,
    });
    expect(await asker.ask({ to: relaySubject('edge') })).toMatchObject({
      message: expect.stringContaining('400: the Relay-To header must be') as unknown,
    });
  });

  it('passes on what waits for no reply', async () => {
    const { said } = await answerWith('true');
    await relay('edge');
    asker.tell(via('edge'));
    await expect.poll(said).toContain('acknowledged');
  });

  it('survives a reply with malformed headers, and goes on for everybody', async () => {
    await relay('edge');
    onTestFinished(await respondRaw(server.address, subject, 'NATS/1.0\r\nbad key: v\r\n\r\n'));
    expect(await asker.ask(via('edge'))).toEqual({
      kind: 'refused',
      message: `the responder refused: 502: the reply of ${subject} has headers that cannot be read`,
      mayPass: true,
      relay: 'edge',
    });
    const other = `${subject}.other`;
    await respond(server.address, '--subject', other, '--exec', 'echo heard');
    expect(await asker.ask(via('edge', { 'Relay-To': other }))).toMatchObject({ data: 'heard' });
  });

  it('bridges two servers', async () => {
    const far = await startNatsServer();
    onTestFinished(far.close);
    await relay('edge', '--to-server', `nats://${far.address}`);
    await respond(far.address, '--subject', subject, '--exec', 'echo far');
    expect(await asker.ask(via('edge'))).toEqual({ kind: 'acknowledged', data: 'far', relay: 'edge' });
  });
});
