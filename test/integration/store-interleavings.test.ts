import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runNotifyCycle } from '../../lib/cycle/notify-cycle.ts';
import { runPersistCycle } from '../../lib/cycle/persist-cycle.ts';
import { runRestoreCycle } from '../../lib/cycle/restore-cycle.ts';
import { createMemoryObjectStore } from '../../lib/object-store/memory/memory-object-store.ts';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import type { Store } from '../../lib/store/store.ts';
import { createPresenceHistory, type PresenceHistory } from '../support/presence-history.ts';
import { scheduled } from '../support/scheduled-object-store.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';
import { aCall, cycleDeps, notifyDeps, scriptedChannel, settableDepths } from '../support/test-cycles.ts';
import { aDraft, testStore } from '../support/test-store.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const IDS = ['a', 'b', 'c'];

type Step =
  | { readonly kind: 'register' | 'unregister'; readonly id: string; readonly writer: number }
  | { readonly kind: 'flush' | 'notify' | 'restore' | 'persist' | 'list'; readonly writer: number };

const writer = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('register' as const), id: fc.constantFrom(...IDS), writer }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('unregister' as const), id: fc.constantFrom(...IDS), writer }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('notify' as const, 'restore' as const, 'persist' as const),
      writer,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('flush' as const, 'list' as const), writer }) },
);

async function perform(store: Store, one: Step, history: PresenceHistory): Promise<void> {
  switch (one.kind) {
    case 'register':
      return history.record(one.id, async () => {
        const stored = await store.registrations.put(aDraft({ id: one.id }));
        return stored === 'condition-failed' ? undefined : { stored: stored.registration.record.revision };
      });
    case 'unregister':
      return history.record(one.id, async () => {
        const removed = await store.registrations.remove(asRegistrationId(one.id));
        return removed === undefined ? undefined : 'absent';
      });
    case 'flush': {
      const flushed = store.registrations.flush(Number.POSITIVE_INFINITY);
      await Promise.all(
        IDS.map((id) =>
          history.record(id, async () => {
            await flushed;
            return 'absent';
          }),
        ),
      );
      return undefined;
    }
    case 'list':
      await store.registrations.readAll();
      return undefined;
    default:
      await runCycleOf(store, one.kind);
      return undefined;
  }
}

/** Every target fails, so that every notify cycle has something to write. */
function runCycleOf(store: Store, kind: 'notify' | 'restore' | 'persist'): Promise<unknown> {
  if (kind === 'persist') return runPersistCycle(cycleDeps(store), aCall());
  if (kind === 'restore') return runRestoreCycle(cycleDeps(store), aCall());
  const queues = settableDepths();
  queues.set('QM1', { 'DEV.QUEUE.1': 1 });
  const channel = scriptedChannel();
  channel.answerWith(() => ({ kind: 'answered', status: 400 }));
  const failurePolicy = { failuresMax: 3, quarantineMs: 1, dropBad: false };
  return runNotifyCycle(notifyDeps(store, { queues, channel }, { failurePolicy }), aCall());
}

describe('registrations under several writers and cycles', () => {
  it('are neither lost nor brought back, in whatever order the store is reached', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(step, { minLength: 4, maxLength: 14 }), async (s, steps) => {
        const shared = createMemoryObjectStore();
        const clock = createVirtualClock();
        const stores = [0, 1, 2].map((index) =>
          testStore({ objects: scheduled(shared, s), clock, random: seededRandomness(index + 1) }),
        );
        const history = createPresenceHistory();
        const byWriter = stores.map(async (store, index) => {
          for (const one of steps) if (one.writer === index) await perform(store, one, history);
        });
        await s.waitFor(Promise.all(byWriter));

        const left = testStore({ objects: shared, clock, random: seededRandomness(9) });
        for (const id of IDS) {
          const found = await left.registrations.get(asRegistrationId(id));
          expect(history.possible(id)).toContain(found?.registration.record.revision);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('start anew when registered again, whatever cycles write late', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(step, { minLength: 4, maxLength: 12 }), async (s, steps) => {
        const shared = createMemoryObjectStore();
        const clock = createVirtualClock();
        const stores = [0, 1, 2].map((index) =>
          testStore({ objects: scheduled(shared, s), clock, random: seededRandomness(index + 1) }),
        );
        const history = createPresenceHistory();
        const byWriter = stores.map(async (store, index) => {
          for (const one of steps) if (one.writer === index) await perform(store, one, history);
        });
        await s.waitFor(Promise.all(byWriter));

        const left = testStore({ objects: shared, clock, random: seededRandomness(9) });
        const stored = await left.registrations.put(aDraft({ id: 'a' }));
        const found = await left.registrations.get(asRegistrationId('a'));
        expect(found?.registration.state.failures).toBe(0);
        expect(found?.registration.record.revision).toBe(
          stored === 'condition-failed' ? '' : stored.registration.record.revision,
        );
        expect((await left.registrations.readAll()).stored.map(({ record }) => record.id)).toContain('a');
      }),
      { numRuns: 60 },
    );
  });
});
