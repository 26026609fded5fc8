import { createRequire, SourceMap, type SourceMapPayload, type SourceMapping } from 'node:module';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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

const addSource = (name: string, source: string): void =>
  writeFileSync(join(root, 'functions', name), source);
const addFunction = (name: string, source: string): void => {
  mkdirSync(join(root, 'functions', name), { recursive: true });
  writeFileSync(join(root, 'functions', name, 'main.ts'), source);
};
const load = (name: string): { readonly main: (p: unknown) => unknown } =>
  createRequire(import.meta.url)(join(root, 'dist', name, 'main.js')) as ReturnType<typeof load>;
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
    expect(load('echo').main(1)).toEqual({ body: 1, marker: 'shared' });
  });

  it('compiles what is behind an import() when it is asked for, with what both sides share there once', async () => {
    addSource('shared.ts', `export class Shared extends Error {} export const loaded: string[] = [];`);
    addSource(
      'later.ts',
      `import { Shared } from './shared.ts'; export const fail = () => { throw new Shared(); };`,
    );
    addSource(
      'late.ts',
      `import os from 'node:os';
      import { loaded } from './shared.ts';
      loaded.push(typeof os.tmpdir());
      export const fail = async () => (await import('./later.ts')).fail();`,
    );
    addFunction(
      'lazy',
      `import { Shared, loaded } from '../shared.ts';
      export const main = async () => {
        const before = [...loaded];
        const late = await import('../late.ts');
        const error = await late.fail().catch((e: unknown) => e);
        return { before, loaded, isShared: error instanceof Shared, stack: (error as Error).stack };
      };`,
    );
    await build(aFunction({ name: 'lazy' }));
    rmSync(join(root, 'functions'), { recursive: true });
    const folder = join(root, 'dist', 'lazy');
    const answer = (await load('lazy').main(1)) as { readonly stack: string };
    expect(answer).toMatchObject({ before: [], loaded: ['string'], isShared: true });
    const place = /\((.*later-\w+\.js):(\d+):(\d+)\)/.exec(answer.stack);
    const map = new SourceMap(JSON.parse(readFileSync(`${place?.[1]}.map`, 'utf8')) as SourceMapPayload);
    const { originalSource } = map.findEntry(Number(place?.[2]) - 1, Number(place?.[3]) - 1) as SourceMapping;
    expect(resolve(folder, originalSource)).toBe(join(root, 'functions', 'later.ts'));
  });

  it('leaves nothing of earlier builds beside a bundle', async () => {
    await build(aFunction({ name: 'echo' }));
    writeFileSync(join(root, 'dist', 'echo', 'part-of-before.js.map'), '');
    await build(aFunction({ name: 'echo' }));
    expect(readdirSync(join(root, 'dist', 'echo'))).not.toContain('part-of-before.js.map');
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
