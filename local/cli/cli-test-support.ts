import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { runCommandLine } from './command-line.ts';

/** One answer of an observer; a text is sent as it is. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly body: unknown;
  readonly etag?: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** An observer that answers by a script. */
interface ScriptedObserver {
  readonly url: string;
  /** Method, path and query, with the body where there was one. */
  readonly asked: readonly { readonly line: string; readonly json: unknown; readonly headers: object }[];
  readonly close: () => void;
}

/** Starts an observer that answers `script[method path]`, the query left out, one after the other; the last for ever. */
async function startScriptedObserver(
  script: Readonly<Record<string, readonly ScriptedAnswer[]>>,
): Promise<ScriptedObserver> {
  const asked: { line: string; json: unknown; headers: object }[] = [];
  const server = createServer((request, response) => {
    const line = `${request.method ?? ''} ${request.url ?? ''}`;
    const route = line.replace(/\?.*/, '');
    const earlier = asked.filter((one) => one.line.replace(/\?.*/, '') === route).length;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      asked.push({
        line,
        json: text === '' ? undefined : (JSON.parse(text) as unknown),
        headers: request.headers,
      });
      const answers = script[route] ?? [];
      const {
        status = 200,
        body,
        etag,
        retryAfter,
      } = answers[earlier] ?? answers.at(-1) ?? { status: 404, body: { detail: 'Page not found' } };
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(etag === undefined ? {} : { etag }),
        ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, asked, close: () => void server.close() };
}

/** What a run of the command line is given besides its words. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Whether somebody looks at both outputs. */
  readonly isTerminal?: boolean;
}

/** Runs the command line in this process. */
export async function runCli(
  argv: readonly string[],
  { env = {}, stdin = '', isTerminal = false }: RunOptions = {},
) {
  const texts = { out: '', err: '' };
  const to = (name: 'out' | 'err') =>
    Object.assign(
      new Writable({
        write: (chunk, _encoding, done) => {
          texts[name] += String(chunk);
          done();
        },
      }),
      { isTTY: isTerminal },
    );
  const io = { stdout: to('out'), stderr: to('err'), stdin: Readable.from([stdin]), env };
  const exitCode = await runCommandLine(argv, io);
  return { exitCode, ...texts };
}

/** An observer that answers by a script, and the command line before it, until the test is over. */
export async function against(script: Readonly<Record<string, readonly ScriptedAnswer[]>>) {
  const { url, asked, close } = await startScriptedObserver(script);
  onTestFinished(close);
  const run = (argv: readonly string[], options: RunOptions = {}) =>
    runCli(argv, { ...options, env: { MQ_OBSERVER_URL: url, ...options.env } });
  return { url, run, lines: () => asked.map(({ line }) => line), asked };
}

/** A folder until the test is over. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A registration as it is answered. */
export const ONE = {
  ...{ id: 'a', qmgr: 'QM1', queue: 'Q', notify: 'https://app.example/hook', failcount: 0 },
  ...{ backoff: '0001-01-01T00:00:00Z', last_updated: '2026-11-21T21:31:00.123Z' },
};

/** The same in quarantine. */
export const QUARANTINED = {
  ...ONE,
  failcount: 10,
  backoff: '2026-11-21T22:00:00.000Z',
  state: 'quarantined',
};
