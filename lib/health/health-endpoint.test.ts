import { describe, expect, it, vi } from 'vitest';
import type { Question } from './endpoint.ts';
import { worstOf, type Finding, type Status } from './health.ts';
import { createHealthEndpoint } from './health-endpoint.ts';
import { createMovedClock } from './health-test-support.ts';

const ask = (path: string, isAdmin = true): Question => ({
  params: path === '' ? [] : path.split('/'),
  query: new URLSearchParams(),
  isAdmin,
});

const setUp = (store: Status = 'UP', cycle: Status = 'UP') => {
  const checkStore = vi.fn(async (): Promise<Finding> => ({ status: store, details: { kind: 'file' } }));
  const members = new Map<string, Finding>([['QM1', { status: cycle }]]);
  const groups = {
    liveness: [{ name: 'process', check: async (): Promise<Finding> => ({ status: 'UP' }) }],
    readiness: [{ name: 'store', check: checkStore }],
    delivery: [{ name: 'queue-manager', together: 'queue-managers', checkAll: async () => members }],
  };
  return { endpoint: createHealthEndpoint(groups, createMovedClock()), checkStore };
};

it.each<[readonly Status[], Status]>([
  [[], 'UP'],
  [['UP', 'UP'], 'UP'],
  [['UP', 'INIT'], 'INIT'],
  [['INIT', 'UP', 'DOWN'], 'DOWN'],
])('the worst of %j is %s', (statuses, worst) => {
  expect(worstOf(statuses)).toBe(worst);
});

describe('the health endpoint', () => {
  it('answers all components together', async () => {
    const { endpoint } = setUp();
    expect(await endpoint.answer(ask(''))).toMatchObject({
      status: 200,
      body: {
        status: 'UP',
        components: {
          process: { status: 'UP' },
          store: { status: 'UP', details: { kind: 'file' } },
          'queue-manager:QM1': { status: 'UP' },
        },
      },
    });
  });

  it.each<[Status, number]>([
    ['UP', 200],
    ['INIT', 503],
    ['DOWN', 503],
  ])('answers %s with %d, for the group and for the component', async (status, code) => {
    const { endpoint } = setUp(status);
    for (const path of ['readiness', 'store', 'readiness/store'])
      expect(await endpoint.answer(ask(path))).toMatchObject({ status: code, body: { status } });
    expect(await endpoint.answer(ask('liveness'))).toMatchObject({ status: 200 });
  });

  it('asks only the indicators of the group', async () => {
    const { endpoint, checkStore } = setUp();
    await endpoint.answer(ask('liveness'));
    await endpoint.answer(ask('delivery'));
    expect(checkStore).not.toHaveBeenCalled();
  });

  it('answers for each member of a family that could not be checked', async () => {
    const checkAll = async () => Promise.reject(new Error('no store'));
    const endpoint = createHealthEndpoint(
      { delivery: [{ name: 'queue-manager', together: 'queue-managers', checkAll }] },
      createMovedClock(),
    );
    const answer = await endpoint.answer(ask('queue-manager:QM1'));
    expect(answer).toMatchObject({ status: 503, body: { details: { reason: 'Error: no store' } } });
  });

  it('tells details to administrators only', async () => {
    const { endpoint } = setUp();
    expect(await endpoint.answer(ask('store', false))).toMatchObject({ body: { status: 'UP' } });
    expect(JSON.stringify(await endpoint.answer(ask('', false)))).not.toContain('details');
    expect(JSON.stringify(await endpoint.answer(ask('store', false)))).not.toContain('details');
  });

  it.each(['', 'delivery'])('names no member of a family to others, at %j', async (path) => {
    const { endpoint } = setUp('UP', 'DOWN');
    const all = await endpoint.answer(ask(path, false));
    expect(all).toMatchObject({
      status: 503,
      body: { components: { 'queue-managers': { status: 'DOWN' } } },
    });
    expect(JSON.stringify(all)).not.toContain('QM1');
    const start = path === '' ? '' : `${path}/`;
    expect(await endpoint.answer(ask(`${start}queue-managers`, false))).toMatchObject({ status: 503 });
    for (const name of ['queue-manager:QM1', 'queue-managers:QM1', 'queue-manager'])
      expect(await endpoint.answer(ask(`${start}${name}`, false))).toBeUndefined();
  });

  it('does not tell others a name by a family that could not be checked', async () => {
    const checkAll = async () => Promise.reject(new Error('no store'));
    const family = { name: 'queue-manager', together: 'queue-managers', checkAll };
    const endpoint = createHealthEndpoint({ delivery: [family] }, createMovedClock());
    expect(await endpoint.answer(ask('queue-manager:QM1', false))).toBeUndefined();
    expect(await endpoint.answer(ask('', false))).toMatchObject({
      status: 503,
      body: { components: { 'queue-managers': { status: 'DOWN' } } },
    });
  });

  it.each([
    'nope',
    'liveness/store',
    'readiness/nope',
    'store/kind',
    'readiness/store/kind',
    '__proto__',
    '',
  ])('knows nothing at %j', async (path) => {
    const { endpoint } = setUp();
    const question = path === '' ? { ...ask(''), params: [''] } : ask(path);
    expect(await endpoint.answer(question)).toBeUndefined();
  });
});
