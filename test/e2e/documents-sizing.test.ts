import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { CycleName } from '../../lib/store/keys.ts';
import { estimate } from '../../local/cli/estimate/estimate.ts';
import { FIGURES } from '../../local/cli/estimate/figures.ts';
import { notifyRequests, persistRequests, restoreRequests } from '../../local/cli/estimate/requests.ts';
import { createCountingObjectStore } from '../support/counting-object-store.ts';
import { createWorld, marked, type World } from '../support/simulation-world.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const page = readFileSync(new URL('../../docs/sizing.md', import.meta.url), 'utf8');
const ROW = /^\| (notify|restore|persist)([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm;
const REQUESTS_OF = { notify: notifyRequests, restore: restoreRequests, persist: persistRequests };
const numberIn = (cell: string | undefined): number => Number((cell ?? '').replaceAll(/[ ,]/g, ''));
const rows = [...page.slice(0, page.indexOf('## A worked example')).matchAll(ROW)].map(
  ([, cycle, how = '', ...cells]) => {
    const [registrations = 0, puts = 0, lists = 0, gets = 0] = cells.map(numberIn);
    return { cycle, changes: how.includes('one changed'), registrations, puts, lists, gets };
  },
);

it.each([1_000, 5_000, 10_000])(
  'docs/sizing.md counts what runs ask with %i registrations',
  { timeout: 60_000 },
  async (size) => {
    const documented = rows.filter(({ registrations }) => registrations === size);
    expect(documented.length).toBeGreaterThan(0);
    const world = await aUsedFleetOf(size);
    for (const { cycle, changes, puts, lists, gets } of documented) {
      if (changes) await world.start().store.registrations.put(marked('registration-1', 'anew'));
      const counting = createCountingObjectStore(world.objects);
      const instance = world.start({ objects: counting });
      await instance[cycle as CycleName]();
      const { A, B } = counting.takeCounts();
      expect({ cycle, ...A, ...B }).toEqual({ cycle, puts, lists, gets });
      const quiet = { ...EXAMPLE, registrations: size, changesPerDay: 0, wakeUpsPerDay: 0 };
      if (!changes) expect(REQUESTS_OF[cycle as CycleName](quiet)).toEqual({ ...A, ...B });
    }
  },
);

it('docs/sizing.md estimates the worked example, at every size', () => {
  const example = page.slice(page.indexOf('## A worked example'), page.indexOf('## What is estimated'));
  const sizes = [...example.matchAll(/^\| ([\d,]+) +\|(.*)\|$/gm)];
  expect(sizes.map(([, size]) => numberIn(size))).toEqual([1_000, 10_000, 100_000, 1_000_000]);
  for (const [, size, cells = ''] of sizes) {
    const { ranges, billed, ...dollars } = estimate({ ...EXAMPLE, ...everyDay(numberIn(size)) }, FIGURES);
    const whole = [billed.class_a, billed.class_b, billed.vcpu_seconds, billed.gb_seconds].map(Math.round);
    const cents = [dollars.dollars_together, dollars.dollars_nothing_free].map((sum) => sum.toFixed(2));
    expect(cells.split('|').map(numberIn)).toEqual([ranges, ...whole, ...cents.map(Number)]);
  }
});

it('docs/sizing.md says what an instance costs that is asked every minute', () => {
  const scraped = estimate({ ...EXAMPLE, ...everyDay(1_000), scrapesPerDay: 1_440 }, FIGURES);
  const { vcpu_seconds = 0, gb_seconds = 0 } =
    scraped.functions.find((line) => line.function === 'actuator')?.billed ?? {};
  const prices = FIGURES.dollars_per_million;
  const dollars = (vcpu_seconds * prices.vcpu_seconds + gb_seconds * prices.gb_seconds) / 1e6;
  expect(page).toContain(`$${dollars.toFixed(2)}`);
});

const EXAMPLE = {
  queueManagers: 10,
  minutesBetween: { notify: 5, restore: 60, persist: 10 },
  rememberedShare: 0,
  scrapesPerDay: 0,
  endpoints: 0,
  fanOutRegistrations: 100_000,
  warm: false,
};

const everyDay = (registrations: number) => ({
  registrations,
  changesPerDay: registrations,
  wakeUpsPerDay: registrations,
});

/** Everything was woken in vain once, and then well; every cycle has run. */
async function aUsedFleetOf(registrations: number): Promise<World> {
  const world = createWorld({ clock: createVirtualClock() });
  const filler = world.start();
  for (let index = 0; index < registrations; index++)
    await filler.store.registrations.put(marked(`registration-${index}`, 'any'));
  world.failWhere(() => true);
  await filler.notify();
  world.failWhere(() => false);
  await filler.notify();
  await filler.restore();
  await filler.persist();
  return world;
}
