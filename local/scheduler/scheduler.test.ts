import { describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../lib/platform/clock.ts';
import type { CycleSettings } from '../../lib/platform/configuration/configuration.ts';
import { aFunction } from '../testing/functions.ts';
import { cronCallParams } from './cron-event.ts';
import { deliverTick } from './deliver-tick.ts';
import { startScheduler } from './scheduler.ts';

const waits: number[] = [];
const clock: Clock = { nowMs: () => Date.UTC(2026, 10, 21), sleep: async (ms) => void waits.push(ms) };
const tick = { id: 'tick-1', subscription: 'notify-cycle', timeMs: clock.nowMs() };

const deliver = async (statuses: readonly number[], signal = new AbortController().signal) => {
  waits.length = 0;
  const calls: string[] = [];
  const call = async (json: string): Promise<number> => statuses[calls.push(json) - 1] ?? 200;
  const result = await deliverTick(tick, { call, clock, signal });
  return { result, calls, waits: [...waits] };
};

describe('a tick', () => {
  it('arrives as a CloudEvent of the platform, without data', () => {
    expect(cronCallParams(tick)).toEqual({
      __ce_method: 'POST',
      __ce_path: '/',
      __ce_query: '',
      __ce_body: '',
      __ce_headers: {
        'Ce-Id': 'tick-1',
        'Ce-Source': '/apis/v1/namespaces/local/pingsources/notify-cycle',
        'Ce-Specversion': '1.0',
        'Ce-Time': '2026-11-21T00:00:00.000Z',
        'Ce-Type': 'dev.knative.sources.ping',
        'Content-Length': '0',
      },
    });
  });

  it.each([200, 204, 299])('is taken with status %d', async (status) => {
    expect((await deliver([status])).result).toEqual({ kind: 'taken', status });
  });

  it.each([404, 413, 425, 429, 502, 503, 504])(
    'is delivered again after %d, with the same id',
    async (status) => {
      const { result, calls, waits: waited } = await deliver([status, status, 200]);
      expect(result).toEqual({ kind: 'taken', status: 200 });
      expect(waited).toEqual([100, 200]);
      expect(new Set(calls).size).toBe(1);
    },
  );

  it.each([400, 401, 422, 500])('is lost at once after %d', async (status) => {
    expect((await deliver([status])).result).toEqual({ kind: 'lost', status, deliveries: 1 });
  });

  it('is lost after the sixth delivery', async () => {
    const { result, waits: waited } = await deliver([503, 503, 503, 503, 503, 503]);
    expect(result).toEqual({ kind: 'lost', status: 503, deliveries: 6 });
    expect(waited).toEqual([100, 200, 400, 800, 1600]);
  });

  it('is not delivered again once the host stops', async () => {
    expect((await deliver([503, 200], AbortSignal.abort())).result).toMatchObject({
      kind: 'lost',
      deliveries: 1,
    });
  });
});

describe('the scheduler', () => {
  const cron = (cycle: keyof CycleSettings, modes: readonly ('all' | 'reservations' | 'notifications')[]) =>
    ({
      kind: 'cron',
      cycle,
      scheduleSetting: `${cycle.toUpperCase()}_SCHEDULE`,
      intervalSetting: 'I',
      modes,
    }) as const;
  const functions = [
    aFunction({ name: 'register' }),
    aFunction({ name: 'notify-cycle', triggers: [cron('notify', ['all', 'notifications'])] }),
    aFunction({ name: 'persist', triggers: [cron('persist', ['all', 'reservations', 'notifications'])] }),
  ];
  const cycles: CycleSettings = {
    notify: { kind: 'every', intervalMs: 20 },
    restore: { kind: 'every', intervalMs: 3_600_000 },
    persist: { kind: 'every', intervalMs: 3_600_000 },
  };
  const start = (given: Partial<Parameters<typeof startScheduler>[0]> = {}) =>
    startScheduler({
      functions,
      cycles,
      mode: 'all',
      call: async () => 200,
      clock,
      uuid: () => 'id',
      onTick: () => undefined,
      ...given,
    });

  it.each([
    ['all', ['notify-cycle', 'persist']],
    ['reservations', ['persist']],
    ['notifications', ['notify-cycle', 'persist']],
  ] as const)('in mode %s calls %s', (mode, names) => {
    const scheduler = start({ mode });
    scheduler.stop();
    expect(scheduler.scheduled.map(({ name }) => name)).toEqual(names);
  });

  it('does not wait for the call before, and gives each tick its own id', async () => {
    const ids = new Set<unknown>();
    let count = 0;
    const call = vi.fn((_name: string, json: string) => {
      ids.add(/"Ce-Id":"([^"]+)"/.exec(json)?.[1]);
      return new Promise<number>(() => undefined);
    });
    const scheduler = start({ call, uuid: () => `id-${(count += 1)}` });
    await vi.waitFor(() => expect(call.mock.calls.length).toBeGreaterThanOrEqual(3));
    scheduler.stop();
    expect(ids.size).toBe(call.mock.calls.length);
    expect(call.mock.calls.every(([name]) => name === 'notify-cycle')).toBe(true);
  });

  it('names the setting of a schedule that cannot be followed', () => {
    const wrong = { ...cycles, persist: { kind: 'cron', expression: '0 0 30 2 *' } } as const;
    expect(() => start({ cycles: wrong })).toThrow('PERSIST_SCHEDULE: "0 0 30 2 *" names no time');
  });
});
