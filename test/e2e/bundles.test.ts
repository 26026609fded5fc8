import { fork } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFunctionList } from '../../local/function-list/read-function-list.ts';
import { startS3StandIn, type S3StandIn } from '../support/s3-server-stand-in.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const functions = readFunctionList(ROOT);

/** Loads the bundle that stands beside it, as the platform does, and calls it once. */
const CALLER = `
const bundle = require('./main.js');
process.once('message', async (params) => {
  const answer = await bundle.main(params);
  process.send({ exported: Object.keys(bundle), answer }, () => process.exit());
});
`;

const get = (path: string): object => ({ __ce_method: 'GET', __ce_path: path, __ce_headers: {} });
interface FirstCall {
  readonly params: object;
  /** What its answer holds. */
  readonly body: object | RegExp;
}

const FIRST_CALLS: Readonly<Record<string, FirstCall>> = {
  register: { params: get('/register'), body: { mq_requests: [] } },
  'notify-cycle': { params: {}, body: { cycle: 'notify', outcome: 'completed' } },
  'restore-cycle': { params: {}, body: { cycle: 'restore', outcome: 'completed' } },
  persist: { params: {}, body: { cycle: 'persist', outcome: 'completed' } },
  actuator: { params: get('/metrics'), body: /^# HELP /m },
};
const firstCallOf = (name: string): FirstCall => {
  const found = FIRST_CALLS[name];
  if (found === undefined) throw new Error(`how is ${name} called?`);
  return found;
};

let folder = '';
let s3: S3StandIn;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bundles-'));
  for (const { name } of functions) {
    cpSync(join(ROOT, 'dist', name), join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'caller.js'), CALLER);
  }
  s3 = await startS3StandIn();
});
afterAll(async () => {
  await s3.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Called {
  readonly exported: readonly string[];
  readonly answer: { readonly statusCode: number; readonly body: unknown };
}

/** Calls a bundle in a Node of its own: no package is above it, and no variable leads to one. */
function call(name: string, env: Readonly<Record<string, string>>): Promise<Called> {
  return new Promise((resolve, reject) => {
    const child = fork(join(folder, name, 'caller.js'), {
      ...{ cwd: join(folder, name), env: { ALLOW_ANONYMOUS: '1', ...env }, execArgv: [], timeout: 15_000 },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaints = '';
    let called: Called | undefined;
    child.stderr?.on('data', (chunk) => (complaints += String(chunk)));
    child.once('message', (message) => (called = message as unknown as Called));
    child.once('error', reject);
    child.once('close', () => {
      // The SDK's use of `url.parse` is known, and newer versions of Node say so.
      const others = complaints.replaceAll(/^.*(DEP0169|--trace-deprecation).*\n/gm, '');
      if (called === undefined || others !== '') reject(new Error(`${name} said: ${complaints}`));
      else resolve(called);
    });
    child.send(firstCallOf(name).params);
  });
}

describe.each(functions)('the bundle of $name, alone with Node', ({ name, bundleKilobytesMax }) => {
  const code = (): string => readFileSync(join(folder, name, 'main.js'), 'utf8');

  it.each(['a folder', 'a bucket'])('exports main only, and answers over %s', async (store) => {
    const called = await call(
      name,
      store === 'a folder'
        ? { DATA_DIR: join(folder, 'data') }
        : {
            bucket: 'bucket',
            endpoints: s3.url,
            COS_ACCESS_KEY_ID: 'id',
            COS_SECRET_ACCESS_KEY: 'secret',
            COS_ETAG_QUOTES: 'keep',
          },
    );
    expect(called.exported).toEqual(['main']);
    expect(called.answer.statusCode).toBe(200);
    const { body } = firstCallOf(name);
    if (body instanceof RegExp) expect(called.answer.body).toMatch(body);
    else expect(called.answer.body).toMatchObject(body);
  });

  it("asks for Node's own modules only, those included that are loaded later", () => {
    // What stands in quotes is what ajv would write into other programs.
    const asked = [...code().matchAll(/(?<!['\w])(?:require|import)\("([^"]+)"\)/g)].map(
      ([, one = '']) => one,
    );
    expect(asked).toContain('node:crypto');
    const own = new Set(builtinModules);
    // What is carried as text asks for parts of the bundle itself by a path.
    const outside = asked.filter((one) => !own.has(one.replace(/^node:/, '')) && !one.startsWith('./'));
    expect(outside).toEqual([]);
  });

  it('has its source map beside it, and is as small as it is to be', () => {
    const map = JSON.parse(readFileSync(join(folder, name, 'main.js.map'), 'utf8')) as {
      readonly sources: readonly string[];
      readonly sourcesContent: readonly unknown[];
    };
    expect(map.sources).toContain(`../../functions/${name}/main.ts`);
    expect(map.sourcesContent).toHaveLength(map.sources.length);
    expect(statSync(join(folder, name, 'main.js')).size).toBeLessThanOrEqual(bundleKilobytesMax * 1024);
  });
});
