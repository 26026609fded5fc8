import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createCountingObjectStore } from '../support/counting-object-store.ts';
import { createWorld, marked, type World } from '../support/simulation-world.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const page = readFileSync(new URL('../../docs/sizing.md', import.meta.url), 'utf8');
const ROW = /^\| (notify|restore|persist)([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm;
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
      await instance[cycle as 'notify' | 'restore' | 'persist']();
      const { A, B } = counting.takeCounts();
      expect({ cycle, ...A, ...B }).toEqual({ cycle, puts, lists, gets });
    }
  },
);

it('docs/sizing.md multiplies and adds up what it counted, at the prices that it names', () => {
  const example = page.slice(page.indexOf('## A worked example'), page.indexOf('## Instances'));
  const [, priceA, priceB] = /\$(\S+) per 1,000, class B \$(\S+)\s+per 10,000/.exec(example) ?? [];
  const lines = [...example.matchAll(/^\| [a-z]+ +\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)]
    .map(([, ...cells]) => cells.map(numberIn))
    .filter(([times]) => times !== undefined && times > 0);
  const sumOf = (column: number): number => lines.reduce((sum, line) => sum + (line[column] ?? 0), 0);
  expect(lines).toHaveLength(4);
  for (const [times = 0, a = 0, b = 0, ofA, ofB] of lines) expect([ofA, ofB]).toEqual([times * a, times * b]);
  const totals = [sumOf(3), sumOf(4)].map((sum) => sum.toLocaleString('en-US')).join(' | ');
  const dollars = [(sumOf(3) / 1_000) * Number(priceA), (sumOf(4) / 10_000) * Number(priceB)];
  expect(example).toContain(totals);
  expect(example.replaceAll(/ +/g, ' ')).toContain(dollars.map((amount) => amount.toFixed(2)).join(' | '));
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
