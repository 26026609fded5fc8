import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startMqSimulator, type MqSimulator } from '../../local/simulators/mq/mq-simulator.ts';
import { createCertificateAuthority } from '../../local/simulators/mq/tls/authority.ts';
import { all, dockerfileFaults, stagesOf, wordsOf } from '../support/dockerfile.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLE = join(ROOT, 'examples/consumer');
const QUEUE = 'ORDERS';

let mq: MqSimulator;
const started = new Set<ChildProcess>();
beforeAll(async () => {
  mq = await startMqSimulator();
});
beforeEach(() => mq.addQueueManager({ name: 'QM1', queues: { [QUEUE]: 0 } }));
afterEach(() => {
  for (const consumer of started) consumer.kill('SIGKILL');
  started.clear();
});
afterAll(() => mq.close());

interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly messageId?: string;
  readonly [fact: string]: unknown;
}
interface Ended {
  readonly code: number | null;
  readonly lines: readonly LogLine[];
  readonly output: string;
}
interface Consumer {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts the example as Code Engine would, with what the observer and the job's secret give it. */
function startConsumer(env: Readonly<Record<string, string>> = {}): Consumer {
  const consumer = spawn(process.execPath, ['--import', 'tsx', join(EXAMPLE, 'main.ts')], {
    cwd: ROOT,
    env: {
      ...{ MQ_REST_URL: mq.restBaseUrl, MQ_USER: 'app', MQ_PASSWORD: 'app' },
      ...{ CE_QMGR: 'QM1', CE_QUEUE: QUEUE, CE_DEPTH: '1', ID: 'A' },
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(consumer);
  let output = '';
  for (const stream of [consumer.stdout, consumer.stderr])
    stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  const ended = once(consumer, 'close').then(([code]: (number | null)[]) => ({
    code: code ?? null,
    output,
    lines: output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as LogLine),
  }));
  return { process: consumer, ended };
}
const run = (env?: Readonly<Record<string, string>>): Promise<Ended> => startConsumer(env).ended;
const put = (n: number): readonly string[] =>
  Array.from({ length: n }, (_, index) => mq.putMessage('QM1', QUEUE, { text: `order ${index + 1}` }));
const handledIn = ({ lines }: Ended): readonly unknown[] =>
  lines.filter(({ message }) => message === 'message handled').map(({ messageId }) => messageId);

interface Proxy {
  readonly url: string;
  readonly close: () => void;
}

/** Passes on to the simulator what `instead` leaves to it. */
async function startProxy(
  instead: (method: string, target: string, response: ServerResponse) => boolean,
): Promise<Proxy> {
  const server = createServer((request, response) => {
    const { url = '', method = '', headers } = request;
    if (instead(method, url, response)) return;
    const { authorization = '', 'ibm-mq-rest-csrf-token': csrf } = headers;
    const passed = { authorization, 'ibm-mq-rest-csrf-token': String(csrf) };
    void fetch(`${mq.restBaseUrl}${url}`, { method, headers: passed }).then(async (answer) =>
      response.writeHead(answer.status, [...answer.headers].flat()).end(await answer.text()),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

/** Keeps the first confirmation that comes. */
async function startKeeper(): Promise<Proxy & { readonly kept: Promise<string> }> {
  let keep: (target: string) => void = () => undefined;
  const kept = new Promise<string>((resolve) => (keep = resolve));
  const proxy = await startProxy((method, target) => {
    if (method === 'DELETE') keep(target);
    return method === 'DELETE';
  });
  return { ...proxy, kept };
}

describe('the example consumer', () => {
  it('empties the queue, in its order, and ends with 0', async () => {
    const ids = put(12);
    const ended = await run();
    expect(ended.code).toBe(0);
    expect(handledIn(ended)).toEqual(ids);
    expect(ended.lines.at(-1)).toEqual({
      level: 'info',
      message: 'run ended',
      ...{ end: 'empty', handled: 12, gone: 0, unhandled: 0 },
    });
    expect(mq.depth('QM1', QUEUE)).toBe(0);
  });

  it('ends with 0 when there is nothing', async () => {
    const ended = await run();
    expect([ended.code, handledIn(ended)]).toEqual([0, []]);
  });

  it('leaves a message that cannot be handled, handles those behind it, and ends with 1', async () => {
    const poison = mq.putMessage('QM1', QUEUE, { text: ' ' });
    const noText = mq.putMessage('QM1', QUEUE, { text: 'bytes', format: 'MQDEAD' });
    const large = mq.putMessage('QM1', QUEUE, { text: 'x'.repeat(101) });
    const ids = put(3);
    const ended = await run({ MAX_MESSAGE_BYTES: '100' });
    expect(ended.code).toBe(1);
    expect(handledIn(ended)).toEqual(ids);
    const left = ended.lines.filter(({ message }) => message === 'message left on the queue');
    expect(left.map(({ messageId }) => messageId).toSorted()).toEqual([poison, noText, large].toSorted());
    expect(mq.depth('QM1', QUEUE)).toBe(3);
  });

  it('leaves a message that is not given or has a page in its place, and handles those behind it', async () => {
    const [refused = '', masked = '', ...ids] = put(5);
    const proxy = await startProxy((_method, target, response) => {
      const isRefused = target.includes(refused);
      if (!isRefused && !target.includes(masked)) return false;
      response.writeHead(isRefused ? 400 : 200, { 'content-type': 'text/html' }).end('<h1>Back soon</h1>');
      return true;
    });
    const ended = await run({ MQ_REST_URL: proxy.url });
    console.log(ended.output);
    proxy.close();
    expect([ended.code, handledIn(ended)]).toEqual([1, ids]);
    expect(ended.lines.at(-1)).toMatchObject({ end: 'empty', handled: 3, unhandled: 2 });
    expect(mq.depth('QM1', QUEUE)).toBe(2);
  });

  it('that is killed between handling and confirming loses nothing: the message is handled again', async () => {
    const [first, second] = put(2);
    const keeper = await startKeeper();
    const killed = startConsumer({ MQ_REST_URL: keeper.url });
    expect(await keeper.kept).toContain(first);
    killed.process.kill('SIGKILL');
    const before = await killed.ended;
    keeper.close();
    expect([before.code, handledIn(before)]).toEqual([null, [first]]);
    expect(mq.depth('QM1', QUEUE)).toBe(2);

    const after = await run();
    expect([after.code, handledIn(after)]).toEqual([0, [first, second]]);
    expect(mq.depth('QM1', QUEUE)).toBe(0);
  });

  it('and a second one at the same time handle each of 200 messages at least once, and empty the queue', async () => {
    const ids = put(200);
    const both = await Promise.all([run(), run()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(new Set(both.flatMap(handledIn))).toEqual(new Set(ids));
    expect(mq.depth('QM1', QUEUE)).toBe(0);
    const total = both.map(({ lines }) => Number(lines.at(-1)?.['handled'])).reduce((a, b) => a + b);
    // Each message is confirmed by one of them, however often it was handled.
    expect(total).toBe(200);
  });

  it('ends when its time is over, with 0: the next wake-up goes on', async () => {
    put(1);
    mq.addFault({ qmgr: 'QM1', path: '/message', fault: 'hang' });
    const ended = await run({ MAX_RUN_SECONDS: '1' });
    mq.clearFaults();
    expect([ended.code, ended.lines.at(-1)?.['end']]).toEqual([0, 'stopped']);
    expect(mq.depth('QM1', QUEUE)).toBe(1);
  });

  it('says what is wrong, without the password, when it is refused', async () => {
    mq.clearJournal();
    const ended = await run({ MQ_PASSWORD: 'not-the-password' });
    expect(ended.code).toBe(1);
    expect(ended.lines).toMatchObject([{ why: expect.stringContaining('MQ_USER or MQ_PASSWORD') as string }]);
    expect(ended.output).not.toContain('not-the-password');
    // An account must not be locked by a job that tries and tries.
    expect(mq.journal()).toHaveLength(1);
  });

  it('names everything that is not set up', async () => {
    const ended = await run({ MQ_REST_URL: 'http://mq.example.com', CE_QUEUE: '' });
    expect(ended.code).toBe(1);
    expect(ended.lines.map(({ problem }) => problem)).toEqual([
      'CE_QUEUE is missing',
      'MQ_REST_URL must begin with https:',
    ]);
  });

  it('believes only a server with a certificate of an authority that it knows', async () => {
    const authority = createCertificateAuthority(Date.now());
    const secure = await startMqSimulator({
      tls: authority.server(),
      queueManagers: [{ name: 'QM1', queues: { [QUEUE]: 2 } }],
    });
    const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, authority.cert);
    try {
      const [stranger, known] = await Promise.all([
        run({ MQ_REST_URL: secure.restBaseUrl }),
        run({ MQ_REST_URL: secure.restBaseUrl, NODE_EXTRA_CA_CERTS: ca }),
      ]);
      expect([stranger.code, handledIn(stranger)]).toEqual([1, []]);
      expect(stranger.output).toMatch(/CERT|SIGNED|ISSUER/);
      expect([known.code, handledIn(known).length]).toEqual([0, 2]);
    } finally {
      await secure.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the image of the example', () => {
  const text = readFileSync(join(EXAMPLE, 'Dockerfile'), 'utf8');
  const [image = []] = stagesOf(text);

  it('has no fault that the linter knows, and the Node of the local host', () => {
    expect(dockerfileFaults(text)).toEqual([]);
    const ofHost = readFileSync(join(ROOT, 'infra/container/Dockerfile'), 'utf8');
    expect(all(image, 'FROM')).toMatchObject([{ text: /^ARG base=(.*)$/m.exec(ofHost)?.[1] }]);
  });

  it('is nobody special, and holds and starts what is there', () => {
    expect(all(image, 'USER')).toMatchObject([{ text: '1000:1000' }]);
    expect(all(image, 'COPY')).toMatchObject([{ text: 'package.json *.ts ./' }]);
    expect(all(image, 'CMD').map(wordsOf)).toEqual([['node', 'main.ts']]);
  });

  it('needs nothing but itself and Node', () => {
    const own = new Set(readdirSync(EXAMPLE));
    for (const file of own) {
      if (!/(?<!\.test)\.ts$/.test(file)) continue;
      const imports = readFileSync(join(EXAMPLE, file), 'utf8').matchAll(/from '([^']+)'/g);
      for (const [, from = ''] of imports)
        expect(from.startsWith('node:') || own.has(from.replace('./', '')), `${file}: ${from}`).toBe(true);
    }
  });
});
