import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ECHO, PUPPET, writeBundles } from '../testing/stand-in-bundles.ts';
import type { CallOutcome } from './call-outcome.ts';
import { createInstancePool, type InstancePool, type InstancePoolOptions } from './instance-pool.ts';
import { startInstance, type Instance } from './instance.ts';
import { compileRunner } from './runner-source.ts';

const dist = mkdtempSync(join(tmpdir(), 'pool-'));
const lines: string[] = [];
const lost: string[] = [];
const started: Instance[] = [];
let runnerSource = '';
let pools: InstancePool[] = [];

beforeAll(async () => {
  runnerSource = await compileRunner();
  writeBundles(dist, {
    echo: ECHO,
    puppet: PUPPET,
    broken: `throw new Error('no such setting')`,
    'without-main': `exports.handler = () => ({});`,
  });
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.stop(0)));
  pools = [];
  lines.length = 0;
  lost.length = 0;
  started.length = 0;
});
afterAll(() => rmSync(dist, { recursive: true, force: true }));

const aPool = (
  name: string,
  given: Partial<InstancePoolOptions> & { readonly callMsMax?: number } = {},
): InstancePool => {
  const pool = createInstancePool({
    startInstance: (onRetired) => {
      const instance = startInstance({
        runnerSource,
        bundle: join(dist, name, 'main.js'),
        env: { COLOUR: 'blue' },
        memoryMegabytes: 1024,
        callMsMax: given.callMsMax ?? 10_000,
        onLine: (line) => lines.push(line),
        onRetired,
      });
      started.push(instance);
      return instance;
    },
    concurrency: 2,
    instancesMax: 1,
    waitingMax: 10,
    idleMs: 10,
    onLost: (reason) => lost.push(reason),
    ...given,
  });
  pools.push(pool);
  return pool;
};
const call = (pool: InstancePool, params: Readonly<Record<string, unknown>>): Promise<CallOutcome> =>
  pool.call(JSON.stringify(params));
const bodyOf = (outcome: CallOutcome): unknown =>
  outcome.kind === 'returned' ? (JSON.parse(outcome.json) as { body?: unknown }).body : outcome;

describe('the instances of a function', () => {
  it('call main with the params and give back what it returned', async () => {
    const outcome = await call(aPool('echo'), { a: { b: 'ü' } });
    expect(bodyOf(outcome)).toEqual({ a: { b: 'ü' } });
  });

  it('have the environment that they were given and no more', async () => {
    const pool = aPool('puppet');
    expect(bodyOf(await call(pool, { do: 'env', name: 'COLOUR' }))).toBe('blue');
    expect(bodyOf(await call(pool, { do: 'env', name: 'PATH' }))).toBe('undefined');
  });

  it('keep their module state between calls', async () => {
    const pool = aPool('puppet');
    await call(pool, { do: 'count' });
    expect(bodyOf(await call(pool, { do: 'count' }))).toBe('2');
  });

  it('pass on what the function writes, line by line', async () => {
    await call(aPool('puppet'), { do: 'say', line: '{"message":"hello"}\nsecond' });
    await vi.waitFor(() => expect(lines).toEqual(['{"message":"hello"}', 'second']));
  });

  it('take as many calls at once as they may, and the next when one is done', async () => {
    const pool = aPool('puppet', { concurrency: 2 });
    const startedMs = performance.now();
    const sleeps = [1, 2, 3].map(() => call(pool, { do: 'sleep', ms: 200 }));
    expect((await Promise.all(sleeps)).map(bodyOf)).toEqual(['slept', 'slept', 'slept']);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(390);
  });

  it('become more with parallel calls, up to their limit, and fewer when idle', async () => {
    const pool = aPool('puppet', { concurrency: 1, instancesMax: 2 });
    const calls = [1, 2, 3].map(() => call(pool, { do: 'sleep', ms: 100 }));
    expect(started.length).toBe(2);
    expect((await Promise.all(calls)).map(bodyOf)).toEqual(['slept', 'slept', 'slept']);
    await vi.waitFor(() => expect(started.filter((instance) => instance.accepts()).length).toBe(1));
    expect(lost).toEqual([]);
  });

  it('refuse what exceeds the queue', async () => {
    const pool = aPool('puppet', { concurrency: 1, waitingMax: 1 });
    const calls = [1, 2, 3].map(() => call(pool, { do: 'sleep', ms: 50 }));
    expect((await Promise.all(calls)).map((outcome) => outcome.kind)).toEqual([
      'returned',
      'returned',
      'refused',
    ]);
  });

  it.each([
    ['threw', 'throw', 'Error: thrown on purpose'],
    ['unserialisable', 'function', 'a function cannot be written as JSON'],
    ['unserialisable', 'circular', 'circular'],
  ])('report %s and live on', async (kind, what, message) => {
    const pool = aPool('puppet');
    expect(await call(pool, { do: what })).toMatchObject({
      kind,
      cause: expect.stringContaining(message) as string,
    });
    expect(bodyOf(await call(pool, { do: 'count' }))).toBe('2');
  });

  it('take nothing returned for an empty object', async () => {
    expect(await call(aPool('puppet'), { do: 'undefined' })).toEqual({ kind: 'returned', json: '{}' });
  });

  it.each([
    ['crash', 'Error: crashed on purpose'],
    ['exit', 'the instance ended by itself'],
  ])('are replaced after a %s, and the call is told', async (what, message) => {
    const pool = aPool('puppet');
    expect(await call(pool, { do: what })).toEqual({ kind: 'crashed', cause: message });
    expect(bodyOf(await call(pool, { do: 'count' }))).toBe('1');
    expect(lost).toEqual([message]);
  });

  it.each(['never', 'hang'])('are replaced when a call goes over its time (%s)', async (what) => {
    const pool = aPool('puppet', { callMsMax: 300 });
    await pool.start();
    const stuck = call(pool, { do: what });
    expect(await stuck).toEqual({ kind: 'timed-out', limitMs: 300 });
    expect(bodyOf(await call(pool, { do: 'count' }))).toBe('1');
    expect(lost).toEqual(['a call took longer than 300 ms']);
  });

  it('let calls finish that were in flight beside one that went over its time', async () => {
    const pool = aPool('puppet', { callMsMax: 400, concurrency: 2 });
    await pool.start();
    const stuck = call(pool, { do: 'never' });
    await call(pool, { do: 'sleep', ms: 200 });
    const beside = call(pool, { do: 'sleep', ms: 300 });
    expect((await stuck).kind).toBe('timed-out');
    expect(bodyOf(await beside)).toBe('slept');
  });

  it.each([
    ['broken', 'the bundle could not be loaded: Error: no such setting'],
    ['without-main', 'the bundle could not be loaded: TypeError: the bundle exports no function called main'],
    ['absent', 'the bundle could not be loaded: Error: Cannot find module'],
  ])('say why a bundle does not load: %s', async (name, reason) => {
    const pool = aPool(name);
    expect(await pool.start()).toContain(reason);
    expect(await call(pool, {})).toMatchObject({ kind: 'crashed' });
  });
});

describe('the end of the instances', () => {
  it('asks what is in flight to come to an end, and waits for it', async () => {
    const pool = aPool('puppet');
    const inFlight = call(pool, { do: 'until-sigterm' });
    await call(pool, { do: 'count' });
    await pool.stop(5000);
    expect(bodyOf(await inFlight)).toBe('wound down');
  });

  it('refuses what waits and what comes', async () => {
    const pool = aPool('puppet', { concurrency: 1 });
    const inFlight = call(pool, { do: 'until-sigterm' });
    const waits = call(pool, { do: 'count' });
    const stopped = pool.stop(5000);
    expect(await waits).toEqual({ kind: 'refused', reason: 'stopping' });
    expect(await call(pool, { do: 'count' })).toEqual({ kind: 'refused', reason: 'stopping' });
    await stopped;
    expect((await inFlight).kind).toBe('returned');
  });

  it('waits no longer than its grace', async () => {
    const pool = aPool('puppet');
    const inFlight = call(pool, { do: 'never' });
    await call(pool, { do: 'count' });
    await pool.stop(100);
    expect(await inFlight).toEqual({ kind: 'crashed', cause: 'the host ended the instance' });
    expect(lost).toEqual([]);
  });
});
