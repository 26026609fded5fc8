import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aFunction } from '../../local/testing/functions.ts';
import { startStandInHost, type StandInHost } from '../../local/testing/stand-in-host.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'threads-'));
let host: StandInHost;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('file-store-writer.ts', import.meta.url))],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    write: false,
    logLevel: 'silent',
  });
  host = await startStandInHost({
    functions: [aFunction({ name: 'writer', maxExecutionSeconds: 3 })],
    sources: { writer: outputFiles[0]?.text ?? '' },
    env: { DATA_DIR: dataDir },
  });
});
afterAll(async () => {
  await host.stop();
  rmSync(dataDir, { recursive: true });
});

const call = (what: string): Promise<Response> =>
  fetch(`${host.url}/writer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ do: what }),
  });
const filesIn = (name: string): readonly string[] => readdirSync(join(dataDir, name));

// Elsewhere a thread that is gone cannot be told from one that runs, and its locks are held for a minute.
describe.runIf(process.platform === 'linux')('an instance that is ended in the middle of many writes', () => {
  it.each([
    ['because of its time limit', 'write-for-ever', 299],
    ['by a crash', 'write-and-crash', 502],
  ])(
    '%s holds up nobody who writes the same keys at once',
    { timeout: 30_000 },
    async (_how, what, status) => {
      expect((await call(what)).status).toBe(status);
      expect(filesIn('.locks').length).toBeGreaterThan(0);
      const after = await call('write-once');
      expect([after.status, await after.text()]).toEqual([200, '40 written']);
      expect([...filesIn('.locks'), ...filesIn('.tmp')]).toEqual([]);
    },
  );
});
