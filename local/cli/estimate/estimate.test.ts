import { describe, expect, it } from 'vitest';
import { estimate, type Estimate } from './estimate.ts';
import { FIGURES } from './figures.ts';
import type { Workload } from './workload.ts';

const WORKLOAD: Workload = {
  registrations: 1_000,
  queueManagers: 10,
  minutesBetween: { notify: 5, restore: 60, persist: 10 },
  changesPerDay: 0,
  wakeUpsPerDay: 0,
  rememberedShare: 0,
  scrapesPerDay: 0,
  endpoints: 0,
  fanOutRegistrations: 100_000,
  warm: false,
};

const given = (changes: Partial<Workload>): Estimate => estimate({ ...WORKLOAD, ...changes }, FIGURES);
const line = ({ functions }: Estimate, name: string) => functions.find((one) => one.function === name);

describe('a month', () => {
  it('has the runs of 30 days, each with its requests, and asks each queue manager once a run', () => {
    const month = given({});
    expect(line(month, 'notify-cycle')).toMatchObject({
      times: 8_640,
      requests: { puts: 3, lists: 2, gets: 20 },
      billed: { class_a: 8_640 * 5, class_b: 8_640 * 20, calls: 8_640 },
    });
    expect(line(month, 'persist')).toMatchObject({ times: 4_320, requests: { puts: 3, lists: 3, gets: 22 } });
    expect(month).toMatchObject({ ranges: 1, queue_manager_requests: 86_400 });
  });

  it('costs what goes beyond that which is free', () => {
    const { billed, dollars, dollars_together, dollars_nothing_free } = given({});
    expect(billed.class_a).toBe(8_640 * 5 + 720 * 5 + 4_320 * 6);
    expect(dollars.class_a).toBeCloseTo((billed.class_a * 5.2) / 1e6);
    expect(billed.gb_seconds).toBeLessThan(200_000);
    expect(dollars).toMatchObject({ vcpu_seconds: 0, gb_seconds: 0, calls: 0 });
    expect(dollars_together).toBeCloseTo(dollars.class_a + dollars.class_b);
    expect(dollars_nothing_free).toBeGreaterThan(dollars_together + 1);
  });

  it('of warm instances is billed for requests alone', () => {
    const { billed } = given({ warm: true, changesPerDay: 100, scrapesPerDay: 100 });
    expect(billed).toMatchObject({ vcpu_seconds: 0, gb_seconds: 0, calls: 0 });
    expect(billed.class_a).toBeGreaterThan(0);
  });
});

describe('instances', () => {
  it('are billed for each call while calls are rare, and all the time when they come before the instance is let go', () => {
    expect(line(given({ scrapesPerDay: 24 }), 'actuator')?.seconds).toBe(62);
    expect(line(given({ scrapesPerDay: 1_440 }), 'actuator')?.billed.gb_seconds).toBeCloseTo(2_592_000);
    expect(line(given({ scrapesPerDay: 86_400 }), 'actuator')?.billed.gb_seconds).toBeCloseTo(2_592_000);
  });

  it('start for each call that registers while calls are rare, which costs a request', () => {
    expect(line(given({ changesPerDay: 24 }), 'register')?.requests.gets).toBe(1);
    expect(line(given({ changesPerDay: 24_000 }), 'register')?.requests.gets).toBe(0);
  });

  it('take longer with more registrations and more wake-ups', () => {
    const seconds = (changes: Partial<Workload>) => line(given(changes), 'notify-cycle')?.seconds ?? 0;
    expect(seconds({ registrations: 50_000 })).toBeGreaterThan(seconds({}) + 1);
    expect(seconds({ wakeUpsPerDay: 288 * 128_000 })).toBeCloseTo(seconds({}) + 100, 0);
  });

  it('that would not end in the time that a function has are warned of', () => {
    expect(given({ registrations: 100_000 }).warnings).toEqual([]);
    expect(given({ registrations: 5_000_000 }).warnings.join()).toMatch(
      /^restore-cycle would take \d+ s, and has 120 s: it would not end\./,
    );
  });
});

describe('above what one invocation takes', () => {
  it('a cycle is split into ranges, each an invocation, and asks queue managers once all the same', () => {
    const split = given({ registrations: 300_000 });
    expect(split.ranges).toBe(4);
    expect(line(split, 'notify-range')?.times).toBe(8_640 * 4);
    expect(split.queue_manager_requests).toBe(86_400);
    const [of, range] = [line(split, 'notify-cycle'), line(split, 'notify-range')];
    expect(of?.seconds).toBeGreaterThan(range?.seconds ?? Infinity);
  });

  it('comes to something even where ranges are nearly empty', () => {
    const { billed } = given({ registrations: 3, fanOutRegistrations: 1, changesPerDay: 3 });
    expect(Object.values(billed).every(Number.isFinite)).toBe(true);
  });
});
