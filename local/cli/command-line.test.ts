import { createServer } from 'node:http';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommandLine } from './command-line.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** An observer that answers everything alike, and what it was asked. */
async function anObserver(status: number, body: object) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, asked };
}

async function run(...argv: readonly string[]) {
  const texts = { out: '', err: '' };
  const to = (name: 'out' | 'err'): Writable =>
    new Writable({
      write: (chunk, _encoding, done) => {
        texts[name] += String(chunk);
        done();
      },
    });
  const exitCode = await runCommandLine(argv, { stdout: to('out'), stderr: to('err') });
  return { exitCode, ...texts };
}

describe('the command line', () => {
  it('lists and replays dead letters', async () => {
    const { url, asked } = await anObserver(200, { replayed: 2, damaged: [] });
    expect(await run('dead-letters', 'list', '--url', url, '--token', 't')).toMatchObject({ exitCode: 0 });
    const { out } = await run('dead-letters', 'replay', 'audit', '--url', url, '--token', 't');
    expect(JSON.parse(out)).toEqual({ replayed: 2, damaged: [] });
    await run('dead-letters', 'replay', '--url', url, '--token', 't');
    expect(asked).toEqual([
      'GET /admin/dead-letters Bearer t',
      'POST /admin/dead-letters/replay?endpoint=audit Bearer t',
      'POST /admin/dead-letters/replay Bearer t',
    ]);
  });

  it('tells a problem in its words, and ends with 1', async () => {
    const { url } = await anObserver(403, { detail: 'an admin token is needed here' });
    const { exitCode, err } = await run('dead-letters', 'list', '--url', url);
    expect([exitCode, err]).toEqual([1, expect.stringContaining('403: an admin token is needed here')]);
    const nobody = await run('dead-letters', 'list', '--url', 'http://127.0.0.1:1');
    expect([nobody.exitCode, nobody.err]).toEqual([1, expect.stringContaining('cannot be reached')]);
  });
});
