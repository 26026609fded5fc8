import { expect, it } from 'vitest';
import { DAYS, estimate } from './estimate.ts';
import { FIGURES } from './figures.ts';
import { simulateDay } from './simulated-day-test-support.ts';
import type { Workload } from './workload.ts';

const QUIET: Workload = {
  registrations: 240,
  queueManagers: 4,
  minutesBetween: { notify: 120, restore: 240, persist: 120 },
  changesPerDay: 0,
  wakeUpsPerDay: 0,
  rememberedShare: 0.4,
  scrapesPerDay: 12,
  endpoints: 0,
  fanOutRegistrations: 100_000,
  warm: false,
};
const BUSY: Workload = {
  ...QUIET,
  minutesBetween: { notify: 30, restore: 120, persist: 60 },
  changesPerDay: 240,
  wakeUpsPerDay: 400,
  endpoints: 2,
};
const HOURLY = { notify: 60, restore: 120, persist: 60 };
const LARGE: Workload = {
  ...BUSY,
  registrations: 1_100,
  changesPerDay: 600,
  minutesBetween: QUIET.minutesBetween,
};

/** Where nothing is drawn the model is exact, but for rounding; what is drawn comes so near to its mean. */
const [EXACT, DRAWN] = [1e-9, 0.1];

it.each<readonly [string, Workload, number]>([
  ['without events, of cold instances', QUIET, EXACT],
  ['without events, of warm instances', { ...QUIET, warm: true }, EXACT],
  ['without events, in ranges', { ...QUIET, fanOutRegistrations: 100 }, EXACT],
  ['of cold instances', BUSY, DRAWN],
  ['of warm instances', { ...BUSY, warm: true }, DRAWN],
  ['in ranges', { ...BUSY, fanOutRegistrations: 100, minutesBetween: HOURLY }, DRAWN],
  ['of more than one page', LARGE, DRAWN],
])('the requests of a day %s, are those that are estimated', async (_day, workload, tolerance) => {
  const counted = await simulateDay(workload);
  const { functions } = estimate(workload, FIGURES);
  expect(functions.map((line) => line.function).toSorted()).toEqual([...counted.keys()].toSorted());
  for (const { function: name, times, requests } of functions) {
    const day = counted.get(name);
    expect({ name, times: day?.times }).toEqual({ name, times: times / DAYS });
    for (const kind of ['puts', 'lists', 'gets'] as const) {
      const [are, estimated] = [day?.requests[kind] ?? 0, (requests[kind] * times) / DAYS];
      const apart = Math.abs(are - estimated);
      expect
        .soft(apart, `${name}: ${are} ${kind}, ${estimated} estimated`)
        .toBeLessThanOrEqual(tolerance * are);
    }
  }
});
