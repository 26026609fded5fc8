import { execFile, spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startMqSimulator, type MqSimulator } from '../../local/simulators/mq/mq-simulator.ts';
import { all, stagesOf, wordsOf } from '../support/dockerfile.ts';
import { startTargets, type TargetServer } from './wake-up-targets.ts';

/*
 * There is no container engine here, so what the Dockerfile says is done by hand: the build in a folder that holds what
 * .dockerignore lets through, then the image's commands, as the image's user, with what the image has: Node and `dist`.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const [build = [], image = []] = stagesOf(read('infra/container/Dockerfile'));
const one = (stage: typeof image, keyword: string) => {
  const [found] = all(stage, keyword).slice(-1);
  if (found === undefined) throw new Error(`the Dockerfile has no ${keyword}`);
  return found;
};
const run = promisify(execFile);
const TOKEN = 'a-token-of-an-administrator';
/** As root anybody could write everywhere. */
const USER = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};

let folder = '';
let app = '';
let held: readonly string[] = [];
let env: Readonly<Record<string, string>> = {};
let mq: MqSimulator;
let targets: TargetServer;
let host: ChildProcess | undefined;
let said = '';
let exited: Promise<number | null>;

const inImage = (words: readonly string[]): readonly [string, readonly string[]] => {
  const [program, ...args] = words.map((word) => word.replace(/^\/app(?=\/)/, app));
  expect(program).toBe('node');
  return [process.execPath, args];
};
/** A command in the image: its output, and what it ended with. */
async function runInImage(words: readonly string[], more: Readonly<Record<string, string>>) {
  const [program, args] = inImage(words);
  const options = { cwd: app, env: { ...env, ...more }, timeout: 20_000, ...USER };
  try {
    const { stdout, stderr } = await run(program, args, options);
    return { code: 0, printed: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number; stdout: string; stderr: string };
    return { code, printed: stdout + stderr };
  }
}
const entrypoint = wordsOf(one(image, 'ENTRYPOINT'));
const ready = () => /"message":"ready".*?"url":"([^"]+)"/.exec(said)?.[1] ?? '';
const filesOf = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true }).map(String).toSorted();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'container-'));
  chmodSync(folder, 0o755);
  const context = join(folder, 'build');
  mkdirSync(context);
  const taken = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path = '']) => path);
  // What is generated is not there in a fresh clone.
  const filter = (path: string): boolean => !path.endsWith('/generated');
  for (const path of taken) cpSync(join(ROOT, path), join(context, path), { recursive: true, filter });
  symlinkSync(join(ROOT, 'node_modules'), join(context, 'node_modules'));
  await run('sh', ['-c', all(build, 'RUN').at(-1)?.text ?? ''], { cwd: context, timeout: 50_000 });

  app = join(folder, 'app');
  cpSync(join(context, 'dist'), join(app, 'dist'), { recursive: true });
  held = filesOf(app);
  for (const path of ['.', ...held]) chmodSync(join(app, path), 0o555);
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  if (USER.uid !== undefined) chownSync(dataDir, USER.uid, USER.gid);

  mq = await startMqSimulator({ queueManagers: [{ name: 'QM1', queues: { 'DEV.QUEUE.1': 3 } }] });
  targets = await startTargets();
  const ofImage = [...one(image, 'ENV').text.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  env = {
    ...(Object.fromEntries(ofImage) as Record<string, string>),
    ...{ HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, ADMIN_TOKENS: TOKEN },
    ...{ QMGR: 'QM1', MQ_REST_HOST: mq.restUrl, MQ_REST_PORT: String(mq.restPort) },
    ...{ ADMIN_USER: 'mqreader', ADMIN_PASSWORD: 'mqreader', NOTIFY_SCHEDULE: '0 0 29 2 *' },
  };
  const [program, args] = inImage([...entrypoint, ...wordsOf(one(image, 'CMD'))]);
  host = spawn(program, args, { cwd: app, env, stdio: ['ignore', 'pipe', 'pipe'], ...USER });
  for (const stream of [host.stdout, host.stderr]) stream?.on('data', (chunk) => (said += String(chunk)));
  exited = new Promise((resolve) => void host?.once('exit', resolve));
  await vi.waitFor(() => expect(said).toContain('"message":"ready"'), { timeout: 20_000, interval: 50 });
});
afterAll(async () => {
  host?.kill('SIGKILL');
  await Promise.all([mq.close(), targets.close()]);
  rmSync(folder, { recursive: true, force: true });
});

describe('what the image holds', { timeout: 30_000 }, () => {
  it("asks for nothing but its own files and Node's modules", () => {
    const own = new Set(builtinModules);
    const local = join(app, 'dist', 'local');
    const asked = readdirSync(local)
      .filter((name) => name.endsWith('.js'))
      .flatMap((name) => [
        ...readFileSync(join(local, name), 'utf8').matchAll(
          /^(?:import|export)\b.*?from "([^"]+)";|\b(?:require|import)\("([^"]+)"\)/gm,
        ),
      ])
      .map(([, from, loaded]) => from ?? loaded ?? '');
    expect(asked).toContain('node:http');
    expect(asked.filter((name) => !name.startsWith('./') && !own.has(name.replace(/^node:/, '')))).toEqual(
      [],
    );
  });

  it('starts, registers, and wakes when a CronJob calls the cycle', async () => {
    const target = targets.add();
    const answer = await fetch(`${ready()}/register`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'one', qmgr: 'QM1', queue: 'DEV.QUEUE.1', notify: target.url }),
    });
    expect(answer.status).toBe(200);
    const asker = { MQ_OBSERVER_URL: ready(), MQ_OBSERVER_TOKEN: TOKEN };
    const { code, printed } = await runInImage([...entrypoint, 'cycle', 'notify'], asker);
    expect({ code, printed }).toEqual({ code: 0, printed: expect.stringMatching(/completed/) as string });
    expect(target.wakeUps).toHaveLength(1);
  });

  it('serves the dashboard', async () => {
    const page = await fetch(`${ready()}/dashboard`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/^<!doctype html>/i);
  });

  it.each([
    ['config', 'check'],
    ['simulate-mq', '--help'],
    ['simulate-code-engine', '--help'],
    ['respond', '--help'],
  ])('has the command %s %s, with what it loads', async (...words) => {
    const { code, printed } = await runInImage([...entrypoint, ...words], {});
    expect({ code, printed }).toEqual({ code: 0, printed: expect.stringMatching(/\S/) as string });
  });

  it('is healthy by its own health check as long as it runs', async () => {
    const { port } = new URL(ready());
    const check = wordsOf(one(image, 'HEALTHCHECK'));
    expect(await runInImage(check, { PORT: port })).toEqual({ code: 0, printed: '' });
    expect(await runInImage(check, { PORT: '1' })).toEqual({ code: 1, printed: '' });
  });

  it('ends with 0 on a SIGTERM, having written to its data folder only', async () => {
    host?.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(said).not.toMatch(/EACCES|EROFS|"level":"error"/);
    expect(filesOf(app)).toEqual(held);
    expect(filesOf(join(folder, 'data'))).toContain('encryption.key');
  });
});
