import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Clock } from '../../lib/platform/clock.ts';
import type { CycleReport } from '../../lib/cycle/report.ts';
import type { Range } from './model-failures.ts';
import { expectPossible, IDS, SEED_DATA, type Simulation } from './simulation-context.ts';
import {
  expectConsistent,
  expectLeasesFree,
  learnedOf,
  textOf,
  type PlainRead,
} from './simulation-checks.ts';

/** Longer than a lease may seem to last, with the margin for clocks on both sides. */
const PAST_LEASES_MS = 140_000;

const COUNTERS = {
  notify: ['cycles', 'succeeded', 'failed'],
  restore: ['cycles', 'restored'],
  persist: ['cycles'],
} as const;

/** Compares what is there with what the model says. Called when nothing goes on; nothing fails while it works. */
export function createStocktaking(simulation: Simulation): () => Promise<void> {
  const { world, failures, presence, owner, note } = simulation;
  const dropped = new Set<string>();
  return async () => {
    await runAllCycles(simulation);
    owner.settle();
    await expectLeasesFree(world);
    const plain = await expectConsistent(world);
    for (const id of IDS) expectPossible(simulation, id, plain.records.get(id)?.notify);
    const found = failuresFound(simulation, plain);
    expectDroppedForEver(plain, dropped);
    failures.settle(found, await countersFound(simulation));
    presence.compact();
    for (const id of IDS) presence.begin(id, plain.records.get(id)?.notify).end('certain');
    note('stocktaking');
  };
}

async function runAllCycles({ world, cycles, schedule }: Simulation): Promise<void> {
  // No time passes meanwhile, for nothing else goes on; who sleeps is woken at once.
  const clock: Clock = { ...schedule.clock, sleep: () => turnOfLoop() };
  const instance = world.start({ seedData: SEED_DATA, clock });
  schedule.jump(PAST_LEASES_MS);
  for (const cycle of ['notify', 'restore', 'persist'] as const) {
    let answer = await cycles.run(instance, cycle);
    for (let again = 0; again < 2 && answer.kind === 'answered' && isHeldUp(answer.value); again++) {
      // The lease was taken when the clock was ahead; it seems to last no longer than any other.
      schedule.jump(PAST_LEASES_MS);
      answer = await cycles.run(instance, cycle);
    }
    const report = answer.kind === 'answered' ? answer.value : undefined;
    if (report?.outcome !== 'completed')
      throw new Error(`the ${cycle} cycle did not work: ${JSON.stringify(report ?? answer)}`);
  }
}

/** Somebody else's lease kept it, or one of its ranges, from running; or it was not split because of that. */
function isHeldUp({ outcome, problems = [] }: CycleReport): boolean {
  return (
    outcome === 'skipped' ||
    problems.some((problem) => /^(a range of the cycle|the last cycle was split)/.test(problem))
  );
}

function expectIn({ least, most }: Range, value: number, what: string): void {
  if (value < least || value > most) throw new Error(`${what}: ${value}; possible are ${least} to ${most}`);
}

/** The failures of each revision that is stored. */
function failuresFound({ failures }: Simulation, plain: PlainRead): Map<string, number> {
  const found = new Map<string, number>();
  for (const [id, { revision }] of plain.records) {
    const stored = learnedOf(plain, id)?.failures ?? 0;
    expectIn(failures.failuresOf(revision), stored, `failures of ${id}`);
    found.set(revision, stored);
  }
  return found;
}

/** A revision that was dropped stays dropped, whatever cycles write late. */
function expectDroppedForEver(plain: PlainRead, dropped: Set<string>): void {
  for (const [id, { revision }] of plain.records) {
    const isDropped = learnedOf(plain, id)?.ended === 'dropped';
    if (dropped.has(revision)) expect({ id, isDropped }).toEqual({ id, isDropped: true });
    if (isDropped) dropped.add(revision);
  }
}

async function countersFound({ world, failures }: Simulation): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const [cycle, names] of Object.entries(COUNTERS)) {
    const text = await textOf(world.objects, `mq-observer/reports/${cycle}.json`);
    const { counters } = JSON.parse(text ?? '{}') as { counters: Record<string, number> };
    for (const name of names) {
      const counter = `${cycle}.${name}`;
      expectIn(failures.counter(counter), counters[name] ?? 0, `the counter ${counter}`);
      found.set(counter, counters[name] ?? 0);
    }
  }
  return found;
}
