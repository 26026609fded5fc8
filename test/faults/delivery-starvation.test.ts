import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runNotifyCycle } from '../../lib/cycle/notify-cycle.ts';
import type { NotifyDeps } from '../../lib/cycle/notify.ts';
import type { Channel } from '../../lib/delivery/channel.ts';
import { createLanes } from '../../lib/delivery/lanes.ts';
import { systemClock } from '../../lib/platform/system-clock.ts';
import type { QueueDepths } from '../../lib/queues/queue-depths.ts';
import { aCall, aReading, notifyDeps } from '../support/test-cycles.ts';
import { aDraft, testStore } from '../support/test-store.ts';

const RUN_MS = 30_000;
const WRAP_UP_MS = 5_000;
const TIMEOUT_MS = 10_000;
const QUEUE = 'Q';

/** Time is simulated: a cycle of half a minute takes no longer than its work. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Somebody who waits: for which queue manager, on which host, and how long that takes to answer; past the limit it hangs. */
interface Waiter {
  readonly qmgr: number;
  readonly host: number;
  readonly takesMs: number;
}
interface Fleet {
  readonly waiters: readonly Waiter[];
  /** How long each queue manager takes to answer. */
  readonly readMs: readonly [number, number];
  readonly atOnce: number;
  readonly perHost: number;
}

const fleets: fc.Arbitrary<Fleet> = fc.record({
  waiters: fc.array(
    fc.record({
      qmgr: fc.nat(1),
      host: fc.nat(5),
      takesMs: fc.constantFrom(10, 3_000, 9_000, TIMEOUT_MS + 1),
    }),
    { minLength: 1, maxLength: 16 },
  ),
  readMs: fc.tuple(fc.constantFrom(0, 2_000), fc.constantFrom(0, 2_000)),
  atOnce: fc.integer({ min: 1, max: 3 }),
  perHost: fc.integer({ min: 1, max: 2 }),
});

function queuesOf({ readMs }: Fleet): QueueDepths {
  return {
    queueManagers: ['QM0', 'QM1'],
    read: async (qmgr) => {
      await systemClock.sleep(readMs[qmgr === 'QM0' ? 0 : 1]);
      return aReading({ [QUEUE]: 1 });
    },
  };
}

async function sceneOf(fleet: Fleet): Promise<{ readonly deps: NotifyDeps; readonly tried: Set<string> }> {
  const store = testStore({ clock: systemClock });
  for (const [index, { qmgr, host }] of fleet.waiters.entries()) {
    const notify = `https://h${host}.example/${index}`;
    const delivery = { timeout: `PT${TIMEOUT_MS / 1000}S` };
    await store.registrations.put(
      aDraft({ id: String(index), qmgr: `QM${qmgr}`, queue: QUEUE, notify, delivery }),
    );
  }
  const tried = new Set<string>();
  const channel: Channel = {
    attempt: async ({ registration }, { timeoutMs }) => {
      tried.add(registration.id);
      const takesMs = fleet.waiters[Number(registration.id)]?.takesMs ?? 0;
      await systemClock.sleep(Math.min(takesMs, timeoutMs));
      if (takesMs <= timeoutMs) return { kind: 'answered', status: 204 };
      return { kind: 'no-answer', code: 'timeout', message: 'hangs' };
    },
  };
  const deps = {
    ...notifyDeps(store, { queues: queuesOf(fleet), channel }),
    lanes: () => createLanes({ atOnce: fleet.atOnce, perHost: fleet.perHost }),
    runMsMax: RUN_MS,
    wrapUpMs: WRAP_UP_MS,
    failurePolicy: { failuresMax: 1_000, quarantineMs: 1, dropBad: false },
  };
  return { deps, tried };
}

/** Turns of the event loop in which a store in memory does what it has to do before time goes on. */
const TURNS = 12;

/** One cycle, and the pause to the next. */
async function oneCycle(deps: NotifyDeps): Promise<void> {
  let over = false;
  const running = runNotifyCycle(deps, aCall()).finally(() => {
    over = true;
  });
  while (!over) {
    for (let count = 0; count < TURNS; count++) await turn();
    if (!over && vi.getTimerCount() > 0) await vi.advanceTimersToNextTimerAsync();
  }
  expect((await running).outcome).not.toBe('skipped');
  await vi.advanceTimersByTimeAsync(RUN_MS);
}

describe('over cycles that are too short for everybody', () => {
  it('nobody starves: each is tried again and again, at the latest when all others had their turn', async () => {
    await fc.assert(
      fc.asyncProperty(fleets, async (fleet) => {
        const { deps, tried } = await sceneOf(fleet);
        const count = fleet.waiters.length;
        const untriedFor = fleet.waiters.map(() => 0);
        for (let cycle = 0; cycle < 2 * count + 4; cycle++) {
          tried.clear();
          await oneCycle(deps);
          for (const index of untriedFor.keys())
            untriedFor[index] = tried.has(String(index)) ? 0 : (untriedFor[index] ?? 0) + 1;
          // The narrowest lane makes at least one first attempt in a cycle.
          expect(Math.max(...untriedFor)).toBeLessThanOrEqual(count);
        }
      }),
      { numRuns: 60, interruptAfterTimeLimit: 15_000 },
    );
  });
});
