import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { headers } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../lib/delivery/nats/protocol.ts';
import { createAsker, PAYLOAD, respond, type Asker } from '../../local/responder/responder-test-support.ts';
import { missingNatsServer, startNatsServer, type NatsServer } from '../support/nats-server.ts';

describe.skipIf(missingNatsServer)('respond --exec', () => {
  let server: NatsServer;
  let asker: Asker;
  let folder: string;
  let tests = 0;
  let subject: string;

  beforeAll(async () => {
    server = await startNatsServer();
    asker = await createAsker(server.address);
    folder = await mkdtemp(join(tmpdir(), 'responder-'));
  });
  afterAll(async () => {
    await asker.connection.close();
    await server.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    subject = `orders.wake${++tests}`;
  });

  const answerWith = (command: string, ...more: readonly string[]) =>
    respond(server.address, '--subject', subject, '--exec', command, ...more);

  it('acknowledges when the handler succeeded, with what it printed', async () => {
    const { said } = await answerWith(
      `echo "{\\"queue\\":\\"$CE_QUEUE\\",\\"id\\":\\"$MQ_OBSERVER_CE_ID\\"}"`,
    );
    expect(await asker.ask({ to: subject, headers: { 'ce-id': 'w-1' } })).toEqual({
      kind: 'acknowledged',
      data: { queue: 'APP.1', id: 'w-1' },
    });
    await expect.poll(said).toMatch(/ QM1\/APP\.1 depth 3 \(w-1\): acknowledged, \d+ ms\n$/);
  });

  it('refuses when the handler failed, with what it complained about', async () => {
    const { said } = await answerWith('echo "the disk is full" >&2; exit 3');
    expect(await asker.ask({ to: subject })).toEqual({
      kind: 'refused',
      message: 'the responder refused: 500: the handler ended with exit code 3: the disk is full',
      mayPass: true,
    });
    expect((await asker.request({ to: subject })).json()).toEqual({
      ok: false,
      error: 'the handler ended with exit code 3: the disk is full',
    });
    await expect.poll(said).toContain('refused with 500');
  });

  it('says the end of a long complaint in the header, and more of it in the body', async () => {
    await answerWith('seq 1000 1300 >&2; exit 1');
    const reply = await asker.request({ to: subject });
    expect(reply.headers?.get('Nats-Service-Error')).toMatch(
      /^the handler ended with exit code 1: ….* 1300$/,
    );
    expect(reply.json()).toMatchObject({ error: expect.stringContaining('1150\n1151\n') as unknown });
  });

  it('refuses when the handler hangs, once its time is over', async () => {
    await answerWith('exec sleep 60', '--timeout', '1');
    expect(await asker.ask({ to: subject })).toMatchObject({
      mayPass: true,
      message: expect.stringContaining('504: the handler was ended after 1000 ms') as unknown,
    });
  });

  it('refuses when somebody kills the handler', async () => {
    await answerWith('kill -9 $$');
    expect(await asker.ask({ to: subject })).toMatchObject({
      message: expect.stringContaining('killed by SIGKILL') as unknown,
    });
  });

  it.each([
    ['no JSON', { data: Buffer.from('{"CE_QMGR":') }, 'the message is not valid JSON'],
    ['no wake-up', { data: Buffer.from('{}') }, 'the message needs CE_QMGR'],
    ['malformed CBOR', { headers: { serial: 'cbor' }, data: Buffer.from([0x9f]) }, 'not valid CBOR'],
    ['an unknown encoding', { headers: { cmp: 'gzip' } }, 'unknown cmp header "gzip"'],
  ])('refuses %s for good, and runs nothing', async (_what, question, words) => {
    const ran = join(folder, subject);
    await answerWith(`echo ran >> ${ran}`);
    expect(await asker.ask({ to: subject, ...question })).toMatchObject({
      mayPass: false,
      message: expect.stringContaining(words) as unknown,
    });
    expect(await asker.ask({ to: subject })).toMatchObject({ kind: 'acknowledged' });
    expect(linesOf(ran)).toEqual(['ran']);
  });

  it('survives headers that are none', async () => {
    await answerWith('true');
    const header = headers();
    // The client checks only what is set by name.
    Reflect.set(header, 'headers', new Map([['not a (name)', ['x']]]));
    const reply = await asker.connection.request(subject, '', { headers: header, timeout: 10_000 });
    expect(reply.json()).toMatchObject({ ok: false, error: 'the headers cannot be read' });
    expect(await asker.ask({ to: subject })).toMatchObject({ kind: 'acknowledged' });
  });

  it.each([
    [{ serialization: 'cbor', compression: 'zstd' }],
    [{ serialization: 'cbor', compression: 'none' }],
    [{ serialization: 'json', compression: 'zstd' }],
  ] as const)('answers in the encoding in which it was asked: %j', async (encoding) => {
    await answerWith(`echo '{"taken":3}'`);
    const reply = await asker.request({ to: subject, encoding });
    expect([reply.headers?.get('serial'), reply.headers?.get('cmp')]).toEqual([
      encoding.serialization === 'cbor' ? 'cbor' : '',
      encoding.compression === 'zstd' ? 'z' : '',
    ]);
    expect(await asker.ask({ to: subject, encoding })).toEqual({ kind: 'acknowledged', data: { taken: 3 } });
  });

  it('does not run the same wake-up again while it runs or when it succeeded', async () => {
    const ran = join(folder, subject);
    await answerWith(`echo ran >> ${ran}; sleep 0.3; wc -l < ${ran}`);
    const again = (): Promise<Reply> => asker.ask({ to: subject, headers: { 'ce-id': 'w-1' } });
    expect(await Promise.all([again(), again()])).toEqual([
      { kind: 'acknowledged', data: 1 },
      { kind: 'acknowledged', data: 1 },
    ]);
    expect(await again()).toEqual({ kind: 'acknowledged', data: 1 });
    expect(await asker.ask({ to: subject, headers: { 'ce-id': 'w-2' } })).toEqual({
      kind: 'acknowledged',
      data: 2,
    });
  });

  it('runs another wake-up, although it came with the same id', async () => {
    const ran = join(folder, subject);
    await answerWith(`echo $CE_QUEUE >> ${ran}`);
    for (const CE_QUEUE of ['APP.1', 'APP.2', 'APP.1'])
      await asker.ask({
        to: subject,
        headers: { 'ce-id': 'w-1' },
        data: Buffer.from(JSON.stringify({ ...PAYLOAD, CE_QUEUE })),
      });
    expect(linesOf(ran)).toEqual(['APP.1', 'APP.2']);
  });

  it('does not run what nobody waits for any more when its turn comes', async () => {
    const ran = join(folder, subject);
    const begin = join(folder, `${subject}-begin`);
    await answerWith(`echo $MQ_OBSERVER_CE_ID >> ${ran}; until [ -e ${begin} ]; do sleep 0.02; done`);
    const ask = (id: string, waitingMs: string): Promise<Reply> =>
      asker.ask({ to: subject, headers: { 'ce-id': id, 'Wake-Up-Timeout-Ms': waitingMs } });
    const running = ask('running', '5000');
    const [late, patient] = [ask('late', '50'), ask('patient', '5000')];
    await expect.poll(() => existsSync(ran)).toBe(true);
    await sleep(100);
    await writeFile(begin, '');
    expect(await late).toMatchObject({
      mayPass: true,
      message: expect.stringContaining('504: nobody waited for it any more') as unknown,
    });
    expect([await running, await patient]).toEqual([{ kind: 'acknowledged' }, { kind: 'acknowledged' }]);
    expect(linesOf(ran)).toEqual(['running', 'patient']);
  });

  it('shares a subject with others, and listens to subjects with wildcards', async () => {
    const ran = join(folder, subject);
    const argv = ['--subject', `${subject}.*`, '--exec', `echo ran >> ${ran}`];
    const both = await Promise.all([respond(server.address, ...argv), respond(server.address, ...argv)]);
    const asked = Array.from({ length: 20 }, (_, at) => asker.ask({ to: `${subject}.${at}` }));
    expect(await Promise.all(asked)).toEqual(asked.map(() => ({ kind: 'acknowledged' })));
    expect(linesOf(ran)).toHaveLength(20);
    for (const { said } of both) expect(said()).toContain('acknowledged');
  });

  it('runs for a message that waits for no reply, too', async () => {
    const { said } = await answerWith('true');
    asker.tell({ to: subject });
    await expect.poll(said).toContain('acknowledged');
  });
});

function linesOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8').trim().split('\n');
}
