import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCli, type RunOptions } from '../../local/cli/cli-test-support.ts';
import { startObserver, type Observer } from '../support/observer.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ADMIN = 'an-admin-token-of-some-length-0001';
const folder = mkdtempSync(join(tmpdir(), 'command-line-'));

let observer: Observer;
beforeAll(async () => {
  const env = { FAIL_LIMIT: '2', BACKOFF_DURATION: '30', ADMIN_TOKENS: ADMIN };
  observer = await startObserver({ env });
});
afterAll(async () => {
  await observer.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await ask('flush', '--yes');
});

const environment = () => ({ MQ_OBSERVER_URL: observer.url, MQ_OBSERVER_TOKEN: ADMIN });

/** The command line, before the observer, in this process. */
const run = (argv: readonly string[], options: RunOptions = {}) =>
  runCli(argv, { ...options, env: { ...environment(), ...options.env } });

/** The same; fails unless it ends with 0. Gives what it printed. */
async function ask(...argv: readonly string[]): Promise<string> {
  const { exitCode, out, err } = await run(argv);
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}: ${err}${out}`);
  return out;
}

/** The command line as people start it. */
function start(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return new Promise<{ exitCode: unknown; out: string; err: string }>((resolve) => {
    const options = {
      ...{ cwd: ROOT, timeout: 15_000 },
      env: { PATH: process.env['PATH'], ...environment(), ...env },
    };
    execFile(process.execPath, ['bin/mq-observer.js', ...argv], options, (error, out, err) =>
      resolve({ exitCode: error === null ? 0 : error.code, out, err }),
    );
  });
}

const registering = (id: string, notify: string) =>
  ask('register', '--qmgr', 'QM1', '--queue', 'DEV.QUEUE.1', '--notify', notify, '--id', id);

describe("an operator's quarter of an hour", () => {
  it('registers, sees a target fail until it is in quarantine, restores it, and is told why', async () => {
    const target = observer.target();
    observer.mq.put('QM1', 'DEV.QUEUE.1', 3);
    expect(await registering('shop', target.url)).toMatch(/state +active/);
    expect(await ask('cycle', 'notify')).toMatch(/shop +woken +The target was woken. \(depth 3/);

    target.answer({ status: 400 });
    await ask('cycle', 'notify');
    await ask('cycle', 'notify');
    const { out: status } = await run(['status']);
    expect(status).toMatch(/registrations +0 active, 1 quarantined, 0 retired/);
    expect(status).toMatch(/notify +UP +completed/);
    expect(await ask('list', '--state', 'quarantined')).toMatch(/shop +QM1 +DEV\.QUEUE\.1 +quarantined +2/);

    const tested = async (exitCode: number, words: RegExp): Promise<void> => {
      const asked = run(['test', 'shop']);
      await vi.waitFor(async () => expect(await ask('cycle', 'notify', '--json')).toContain('"tests"'), {
        ...{ timeout: 5_000, interval: 20 },
      });
      expect(await asked).toMatchObject({ exitCode, out: expect.stringMatching(words) as string });
    };
    await tested(1, /failed/);
    target.answer({ status: 204 });
    await tested(0, /woken/);
    expect(await ask('show', 'shop')).toMatch(/state +quarantined/);
    expect(await ask('restore', 'shop')).toMatch(/state +active/);
    await ask('cycle', 'notify');
    const reasons = (await ask('why', 'shop')).split('\n').map((line) => line.split(/ {2,}/)[1]);
    expect(reasons.filter((reason) => /woken|failed/.test(reason ?? ''))).toEqual([
      ...['woken', 'failed', 'failed', 'woken'],
      ...['woken', 'failed'],
    ]);
    expect(await ask('unregister', 'shop')).toMatch(/^Removed:/);
    expect(await run(['show', 'shop'])).toMatchObject({ exitCode: 1, err: expect.stringContaining('404') });
  });

  it('goes back to what a backup has', async () => {
    const target = observer.target();
    await registering('shop', target.url);
    await ask('cycle', 'persist');
    expect(await ask('snapshot', 'list')).toMatch(/^NAME.*\n\d{4}-/);
    await ask('unregister', 'shop');
    expect(await ask('snapshot', 'restore', 'latest')).toMatch(/1 imported/);
    expect(await ask('show', 'shop')).toContain(target.url);
  });

  it('takes everything out and puts it back in', async () => {
    const target = observer.target();
    await registering('one', target.url);
    await ask(
      'register',
      ...['--qmgr', 'QM1', '--queue', 'Q', '--notify', target.url, '--header', 'x-key=k'],
    );
    const file = join(folder, 'all.json');
    await ask('export', '--out', file);
    expect(readFileSync(file, 'utf8')).not.toContain('"k"');
    const before = await ask('list', '--json');
    expect(await ask('import', file)).toBe('0 imported, 2 existing, 0 repaired, 0 refused\n');
    expect(await ask('flush', '--yes')).toBe('2 registrations dropped\n');
    expect(await ask('import', file)).toBe('2 imported, 0 existing, 0 repaired, 0 refused\n');
    const settings = (text: string) =>
      (JSON.parse(text) as { mq_requests: { id: string }[] }).mq_requests.map(({ id }) => id).toSorted();
    expect(settings(await ask('list', '--json'))).toEqual(settings(before));
  });

  it('runs the other cycles', async () => {
    expect(await ask('cycle', 'restore')).toMatch(/restored +none/);
    expect(await ask('cycle', 'persist')).toMatch(/outcome +completed/);
    expect(await ask('dead-letters', 'list')).toBe('No dead letters\n');
  });

  it('is kept out without a token', async () => {
    expect(await run(['list'], { env: { MQ_OBSERVER_TOKEN: '' } })).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('MQ_OBSERVER_TOKEN'),
    });
  });
});

describe('npx mq-observer', () => {
  it('answers people and programs, with the exit code that says how it went', async () => {
    await registering('child', observer.target().url);
    const [json, missing, wrong] = await Promise.all([
      start(['show', 'child', '--json']),
      start(['show', 'nobody']),
      start(['show', 'child', '--colour']),
    ]);
    expect([json.exitCode, JSON.parse(json.out)]).toEqual([0, expect.objectContaining({ id: 'child' })]);
    expect(missing).toMatchObject({ exitCode: 1, out: '', err: expect.stringMatching(/^GET .*404: .*\n$/) });
    expect(wrong).toMatchObject({ exitCode: 2, out: '', err: expect.stringMatching(/^error: .*\n$/) });
  });

  it('tells its version', async () => {
    expect((await start(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('checks the configuration', async () => {
    const { exitCode, out, err } = await start(['config', 'check'], { FAIL_LIMIT: 'many' });
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toMatch(/not valid: .*\n {2}.*FAIL_LIMIT .*many/s);
  });
});
