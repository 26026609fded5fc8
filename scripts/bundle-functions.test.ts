import { createRequire } from 'node:module';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aFunction } from '../local/testing/functions.ts';
import { bundleFunctions } from './bundle-functions.ts';
import { overBudget, sizeTable } from './size-table.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'build-'));
  addFunction(
    'echo',
    `import { marker } from '../shared.ts'; export const main = (p: unknown) => ({ body: p, marker });`,
  );
  writeFileSync(join(root, 'functions', 'shared.ts'), `export const marker: string = 'shared';`);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const addFunction = (name: string, source: string): void => {
  mkdirSync(join(root, 'functions', name), { recursive: true });
  writeFileSync(join(root, 'functions', name, 'main.ts'), source);
};
const build = (...functions: ReturnType<typeof aFunction>[]) =>
  bundleFunctions({ root, outDir: join(root, 'dist'), functions });

describe('the build', () => {
  it('writes one CommonJS bundle per function that exports main and stands alone', async () => {
    await build(aFunction({ name: 'echo' }));
    expect(readdirSync(join(root, 'dist', 'echo')).toSorted()).toEqual([
      'main.js',
      'main.js.map',
      'package.json',
    ]);
    rmSync(join(root, 'functions'), { recursive: true });
    const bundle = createRequire(import.meta.url)(join(root, 'dist', 'echo', 'main.js')) as {
      main: (p: unknown) => unknown;
    };
    expect(bundle.main(1)).toEqual({ body: 1, marker: 'shared' });
  });

  it('removes what earlier builds left of functions that are gone', async () => {
    mkdirSync(join(root, 'dist', 'gone'), { recursive: true });
    await build(aFunction({ name: 'echo' }));
    expect(readdirSync(join(root, 'dist'))).toEqual(['echo']);
  });

  it('measures the bundles against their budgets', async () => {
    addFunction('large', `export const main = () => ({ body: ${JSON.stringify('x'.repeat(3000))} });`);
    const built = await build(
      aFunction({ name: 'echo' }),
      aFunction({ name: 'large', bundleKilobytesMax: 2 }),
    );
    expect(overBudget(built).map(({ name }) => name)).toEqual(['large']);
    expect(sizeTable(built)).toMatch(
      /large +\d\.\d KB of +2\.0 KB {2}TOO LARGE.*\n.* functions\/large\/main\.ts/,
    );
  });

  it('names a function that has no source', async () => {
    await expect(build(aFunction({ name: 'echo' }), aFunction({ name: 'ghost' }))).rejects.toThrow(
      'without a main.ts: ghost',
    );
  });

  it('says where a fault in a source is', async () => {
    addFunction('broken', `export const main = (`);
    await expect(build(aFunction({ name: 'broken' }))).rejects.toThrow('functions/broken/main.ts:1');
  });
});
