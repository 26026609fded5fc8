import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withEncryptionKey } from './encryption-key.ts';
import { planHost, type Environment } from './host-plan.ts';
import { HostStartError } from './host-start-error.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'encryption-key-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const path = (): string => join(dataDir, 'encryption.key');
const keyWith = async (env: Environment = {}): Promise<string | undefined> => {
  const planned = planHost({ env: { DATA_DIR: dataDir, ...env }, readText: () => '{}', cwd: '/' });
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
  return (await withEncryptionKey(planned.plan)).functionEnv['ENCRYPTION_KEYS'];
};

describe('the key for delivery headers', () => {
  it('is made once, whole, for this user only, and used ever after', async () => {
    const key = await keyWith();
    expect(Buffer.from(key ?? '', 'base64')).toHaveLength(32);
    expect(readFileSync(path(), 'utf8')).toBe(`${key}\n`);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual(['encryption.key']);
    expect(await keyWith()).toBe(key);
  });

  it('is not made where one is configured', async () => {
    const configured = Buffer.alloc(32, 1).toString('base64');
    expect(await keyWith({ ENCRYPTION_KEYS: configured })).toBe(configured);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('is not what a host left that died while it made one', async () => {
    writeFileSync(`${path()}.1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed.tmp`, '');
    expect(Buffer.from((await keyWith()) ?? '', 'base64')).toHaveLength(32);
  });

  it.each([
    ['is empty', ''],
    ['was cut short', Buffer.alloc(32, 1).toString('base64').slice(0, 20)],
    ['is of another length', Buffer.alloc(31, 1).toString('base64')],
    ['is no base64', '*'.repeat(44)],
    ['holds several', `${Buffer.alloc(32, 1).toString('base64')}\n`.repeat(2)],
  ])('stops the start when its file %s, naming it and leaving it as it is', async (_what, content) => {
    writeFileSync(path(), content);
    await expect(keyWith()).rejects.toThrow(HostStartError);
    await expect(keyWith()).rejects.toThrow(`${path()} is damaged: expected base64 of 32 bytes`);
    expect(readFileSync(path(), 'utf8')).toBe(content);
  });

  it('stops the start when its file cannot be read', async () => {
    mkdirSync(path());
    await expect(keyWith()).rejects.toThrow(HostStartError);
  });

  it('is the same for hosts that start at the same moment', { timeout: 30_000 }, async () => {
    const script = join(dataDir, 'script.cjs');
    const here = JSON.stringify(fileURLToPath(new URL('encryption-key.ts', import.meta.url)));
    const contents = `import { withEncryptionKey } from ${here};
      const plan = { configuration: { store: { kind: 'file', encryptionKeys: [], dataDir: process.argv[2] } } };
      // All at once, not as they happen to have been started.
      while (Date.now() < Number(process.argv[3]));
      void withEncryptionKey(plan).then(({ functionEnv }) => console.log(functionEnv.ENCRYPTION_KEYS));`;
    await build({
      stdin: { contents, resolveDir: dataDir, loader: 'js' },
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'silent',
    });
    const folder = join(dataDir, 'shared');
    const startMs = Date.now() + 1_500;
    const keys = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const child = spawn(process.execPath, [script, folder, String(startMs)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
        return said;
      }),
    );
    expect(keys[0]).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
    expect(new Set(keys).size).toBe(1);
    expect(readdirSync(folder)).toEqual(['encryption.key']);
  });
});
