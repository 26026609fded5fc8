import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataChanges } from '../../infra/deploy/data-changes.ts';
import { copyIbmcloudHome } from '../../infra/deploy/ibmcloud-home.ts';
import { createPrivateFolder } from '../../infra/deploy/private-folder.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'private-test-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the folder of the CLI', () => {
  const PLUGIN = 'plugins/code-engine';

  function aFolder(name: string): string {
    const folder = join(dir, name);
    mkdirSync(join(folder, PLUGIN), { recursive: true });
    writeFileSync(join(folder, 'config.json'), name, { mode: 0o600 });
    writeFileSync(join(folder, PLUGIN, 'code-engine'), 'a program');
    chmodSync(join(folder, PLUGIN, 'code-engine'), 0o755);
    return folder;
  }

  function copied(env: Readonly<Record<string, string>>) {
    const into = join(dir, 'into');
    mkdirSync(into);
    const used = copyIbmcloudHome(env, into);
    return { used, into, folder: join(into, '.bluemix') };
  }

  it('is copied, with links to programs, and the CLI is told where', () => {
    aFolder('home/.bluemix');
    const { used, into, folder } = copied({ HOME: join(dir, 'home'), PATH: '/bin' });
    expect(used).toEqual({ HOME: join(dir, 'home'), PATH: '/bin', IBMCLOUD_HOME: into });
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe('home/.bluemix');
    expect(statSync(folder).mode & 0o077).toBe(0);
    expect(statSync(join(folder, 'config.json')).mode & 0o077).toBe(0);
    expect(lstatSync(join(folder, PLUGIN, 'code-engine')).isSymbolicLink()).toBe(true);
    writeFileSync(join(folder, 'config.json'), 'changed');
    expect(readFileSync(join(dir, 'home/.bluemix/config.json'), 'utf8')).toBe('home/.bluemix');
  });

  it.each([
    ['own/.bluemix', { IBMCLOUD_HOME: 'own', BLUEMIX_HOME: 'older', HOME: 'home' }],
    ['older/.bluemix', { BLUEMIX_HOME: 'older', HOME: 'home' }],
    ['home/.bluemix', { IBMCLOUD_HOME: '', HOME: 'home' }],
    ['newer/.ibmcloud', { HOME: 'newer' }],
    ['direct', { IBMCLOUD_CONFIG_HOME: 'direct', IBMCLOUD_HOME: 'own', HOME: 'home' }],
  ])('is found as the CLI finds it: %s', (expected, env) => {
    for (const name of ['home/.bluemix', 'newer/.bluemix', 'newer/.ibmcloud']) aFolder(name);
    for (const name of ['own/.bluemix', 'older/.bluemix', 'direct']) aFolder(name);
    const absolute = Object.entries(env).map(([name, path]) => [name, path === '' ? '' : join(dir, path)]);
    const { used, into, folder } = copied(Object.fromEntries(absolute));
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe(expected);
    expect(used).toEqual({ HOME: join(dir, env.HOME), IBMCLOUD_HOME: into });
  });

  it('is named when there is none', () => {
    expect(() => copied({ HOME: join(dir, 'nobody') })).toThrow(
      /nobody\/\.bluemix, cannot be copied \(ENOENT\): ibmcloud login/,
    );
  });
});

describe('the file of a value', () => {
  it.each([false, true])('is gone once its command has ended (failed: %s)', async (fails) => {
    const folder = createPrivateFolder();
    const seen: string[] = [];
    const run = async (args: readonly string[]): Promise<string> => {
      const file =
        args.find((arg) => arg.startsWith('WEBHOOK_SECRET='))?.slice('WEBHOOK_SECRET='.length) ?? '';
      seen.push(readFileSync(file, 'utf8'));
      if (fails) throw new Error('failed');
      return '';
    };
    const wanted = new Map([['WEBHOOK_SECRET', 'a-secret']]);
    const changes = dataChanges(
      { ibmcloud: { run }, folder },
      { kind: 'secret', name: 'mq-observer-secrets', wanted, existing: undefined },
    );
    await Promise.allSettled(changes.map((one) => one.run()));
    expect(seen).toEqual(['a-secret']);
    expect(readdirSync(folder.path)).toEqual([]);
    folder.remove();
    expect(existsSync(folder.path)).toBe(false);
  });
});
