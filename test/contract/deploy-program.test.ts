import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseCommand } from '../../infra/deploy/command-line.ts';
import { deploy } from '../../infra/deploy/deploy.ts';
import { createIbmcloud } from '../../infra/deploy/ibmcloud.ts';
import { createPrivateFolder } from '../../infra/deploy/private-folder.ts';
import { readFunctionList } from '../../local/function-list/read-function-list.ts';
import { installIbmcloud, type InstalledIbmcloud } from '../support/ibmcloud.ts';
import { SECRETS, SETTINGS } from '../support/ibmcloud-settings.ts';
import { aCloud, emptyProject } from '../support/ibmcloud-state.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Of a first deployment: after plug-in, target, three of the project, the record and the settings. */
const SECRET_CALL = 9;

let dir: string;
let cli: InstalledIbmcloud;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'deploy-program-'));
  mkdirSync(join(dir, 'tmp'));
  cli = await installIbmcloud(dir, aCloud());
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'infra/deploy/main.ts'), ...args], {
    cwd: ROOT,
    env: { ...cli.env, ...SETTINGS, TMPDIR: join(dir, 'tmp'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (one: string) => (text += one));
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, text })));
  return { ended, stop: () => child.kill('SIGTERM') };
}

function expectNoSecretIn(text: string): void {
  for (const value of Object.values(SECRETS)) expect(text).not.toContain(value);
}

describe('npm run deploy', () => {
  it('deploys, and leaves no secret in a file, on a command line or in what it says', async () => {
    const { code, text } = await start(['deploy', '--yes']).ended;
    expect(text).toContain('https://register.abcdef1234.eu-de.codeengine.appdomain.cloud/register');
    expect(code).toBe(0);
    expect(readdirSync(join(dir, 'tmp')).filter((name) => name.startsWith('mq-observer'))).toEqual([]);
    expectNoSecretIn(text + JSON.stringify(cli.state().calls));
    expect(Object.keys(cli.state().projects['mq-observer']?.functions ?? {})).toHaveLength(5);
  }, 60_000);

  it('removes its files and says where it was when it is stopped in the middle', async () => {
    const running = start(['deploy', '--yes'], { IBMCLOUD_HANG_AT: String(SECRET_CALL) });
    await vi.waitFor(() => expect(cli.state().calls).toHaveLength(SECRET_CALL), {
      timeout: 40_000,
      interval: 50,
    });
    expect(cli.state().calls.at(-1)?.slice(0, 3)).toEqual(['ce', 'secret', 'create']);
    running.stop();
    const { code, text } = await running.ended;
    expect(code).toBe(1);
    expect(text).toContain('Stopped at: create secret mq-observer-secrets');
    expect(readdirSync(join(dir, 'tmp')).filter((name) => name.startsWith('mq-observer'))).toEqual([]);
    expectNoSecretIn(text);
  }, 60_000);

  it('stays in its project while another shell selects others, and leaves what that selected', async () => {
    const theirs = { ...emptyProject(), secrets: { 'mq-observer-secrets': { ADMIN_PASSWORD0: 'theirs' } } };
    cli = await installIbmcloud(join(dir, 'two'), aCloud({ selected: 'prod', projects: { prod: theirs } }));
    const { code } = await start(['deploy', '--yes'], { IBMCLOUD_OTHER_SHELL: 'prod' }).ended;
    expect(code).toBe(0);
    expect(cli.state().projects['prod']).toEqual(theirs);
    expect(Object.keys(cli.state().projects['mq-observer']?.functions ?? {})).toHaveLength(5);
  }, 60_000);

  it('leaves the project that is selected alone on a dry run', async () => {
    const projects = { prod: emptyProject(), 'mq-observer': emptyProject() };
    cli = await installIbmcloud(join(dir, 'two'), aCloud({ selected: 'prod', projects }));
    expect(await start(['undeploy', '--dry-run']).ended).toMatchObject({ code: 0 });
    expect(cli.state().selected).toBe('mq-observer');
    expect(cli.selected()).toBe('prod');
  }, 60_000);

  it.each([
    ['the CLI has no folder', ['deploy', '--yes'], { HOME: '/nowhere' }, 'ibmcloud login makes it'],
    ['nobody can be asked', ['deploy'], {}, 'use --yes'],
    ['there is no ibmcloud', ['undeploy', '--yes'], { PATH: '/nowhere' }, 'no ibmcloud on the PATH'],
    ['a setting is wrong', ['deploy', '--yes'], { REGISTER_TOKENS: 'short' }, 'REGISTER_TOKENS'],
  ])(
    'refuses when %s, and changes nothing',
    async (_what, args, env, message) => {
      const { code, text } = await start(args, env).ended;
      expect(code).toBe(1);
      expect(text).toContain(message);
      expect(text).not.toContain('    at ');
      expect(cli.state().projects).toEqual({});
    },
    60_000,
  );
});

describe('the command line', () => {
  it.each([
    [['deploy', '--force'], "Unknown option '--force'"],
    [['deploy', '--project'], 'goes with undeploy only'],
    [['undeploy', '--remove-secrets'], 'goes with deploy only'],
    [['deploy', 'now'], 'Usage'],
    [['cron'], 'Usage'],
    [[], 'Usage'],
  ])('%j is refused', (args, message) => {
    expect(() => parseCommand(args)).toThrow(message);
  });

  it('asks before all but timers', () => {
    expect(parseCommand(['cron', 'apply']).yes).toBe(true);
    expect(parseCommand(['deploy']).yes).toBe(false);
  });
});

describe('the CLI', () => {
  const run = async (env: Readonly<Record<string, string>>, args: readonly string[], options = {}) =>
    createIbmcloud({ env, signal: new AbortController().signal }).run(args, options);

  it('is not shown what it printed when that may be secrets', async () => {
    await expect(run(cli.env, ['ce', 'secret', 'get', '--name', 'x'])).rejects.toThrow(
      'No project is selected',
    );
    const mute = run(cli.env, ['ce', 'secret', 'get', '--name', 'x'], { printsSecrets: true });
    await expect(mute).rejects.toThrow(/^ibmcloud ce secret get --name x\n {2}ended with code 1$/);
  });

  it('is stopped when it does not end', async () => {
    const hanging = run({ ...cli.env, IBMCLOUD_HANG_AT: '1' }, ['target'], { timeoutMs: 1_000 });
    await expect(hanging).rejects.toThrow('did not end within 1 seconds');
  });

  it.each([
    [
      ['ce', 'function', 'create', '--name', 'a', '--runtime', 'nodejs-24', '--concurrency', '5'],
      '--concurrency',
    ],
    [['ce', 'subscription', 'cron', 'update', '--name', 'a', '--pause'], '--pause'],
    [['ce', 'subscription', 'cron', 'create', '--name', 'a', '--schedule', '@hourly'], '--destination'],
    [['ce', 'function', 'logs', '--name', 'a'], 'not a registered command'],
    [['ce', 'function', 'create', '--name', 'a', '--runtime', 'nodejs-24', '--memory', '3G'], '3G'],
  ])('refuses %j', async (args, message) => {
    await expect(run(cli.env, args)).rejects.toThrow(message);
  });

  it('is not believed when what it says cannot be understood', async () => {
    const functions = readFunctionList(ROOT);
    const folder = createPrivateFolder();
    const said: string[] = [];
    const answers = new Map([['ce project list', '{"projects":"many"}']]);
    const real = createIbmcloud({ env: cli.env, signal: new AbortController().signal });
    const ibmcloud = {
      run: async (args: readonly string[]) => answers.get(args.slice(0, 3).join(' ')) ?? real.run(args),
    };
    const session = { env: SETTINGS, functions, folder, ibmcloud, dryRun: false, removeSecrets: false };
    const readText = (): never => {
      throw Object.assign(new Error('none'), { code: 'ENOENT' });
    };
    const rest = {
      uuid: () => 'salt',
      readText,
      say: (line: string) => void said.push(line),
      confirm: async () => true,
    };
    await expect(deploy({ ...session, ...rest, build: async () => dir })).rejects.toThrow(
      'Nothing is changed on a guess',
    );
    folder.remove();
    expect(cli.state().projects).toEqual({});
  });
});
