import { describe, expect, it, vi } from 'vitest';
import type { StoredRegistration } from '../../lib/store/registration-store.ts';
import { truncated, type Fault, type FaultPlan, type StoreCall } from '../support/faulty-object-store.ts';
import { atEachCall } from '../support/simulation-calls.ts';
import { readPlainly } from '../support/simulation-checks.ts';
import { aBusyFleet, expectRound } from '../support/simulation-fleet.ts';
import { createWorld, marked } from '../support/simulation-world.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

/** A whole world is played for each case: that takes long on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

describe('a write whose answer was lost', () => {
  const isPutOf = (call: StoreCall, id: string): boolean =>
    call.operation === 'put' && call.keys[0]?.endsWith(`/${id}.json`) === true;
  const losing =
    (id: string): FaultPlan =>
    (call) =>
      isPutOf(call, id) ? { kind: 'fails', when: 'after', code: 'unavailable' } : undefined;
  const isStored = (answer: StoredRegistration | 'condition-failed'): boolean =>
    answer !== 'condition-failed';

  it('is not taken for a failed condition', async () => {
    const world = createWorld({ clock: createVirtualClock() });
    const { registrations } = world.start({ plan: losing('new') }).store;
    const first = await registrations.put(marked('new', 'first'), { ifNoneMatch: '*' });
    if (first === 'condition-failed')
      throw new Error('it was stored, and the caller was told that it was not');
    expect(isStored(await registrations.put(marked('new', 'second'), { ifMatch: first.etag }))).toBe(true);
    expect(await registrations.put(marked('new', 'third'), { ifMatch: first.etag })).toBe('condition-failed');
    expect(await registrations.importOne(marked('new', 'other'))).toBe('existing');
    const importing = world.start({ plan: losing('imported') }).store.registrations;
    expect(await importing.importOne(marked('imported', 'first'))).toBe('imported');
  });

  it('is known although the object that was read back was cut short', async () => {
    for (const cycle of ['notify', 'restore', 'persist'] as const) {
      const calls = await atEachCall(async (index) => {
        const { world } = await aBusyFleet();
        const counters = async () => (await world.start().store.reports.read(cycle)).counters['cycles'] ?? 0;
        const countedBefore = await counters();
        let lost: string | undefined;
        const plan = (call: StoreCall): Fault | undefined => {
          const [key] = call.keys;
          if (call.index === index && call.operation === 'put') {
            lost = key;
            return { kind: 'fails', when: 'after', code: 'unavailable' };
          }
          if (lost === undefined || lost !== key) return undefined;
          lost = undefined;
          return { kind: 'damages', change: truncated };
        };
        const instance = world.start({ plan });
        expect(await instance[cycle]()).toMatchObject({ outcome: 'completed' });
        expect(await counters()).toBe(countedBefore + 1);
        await expectRound(world);
        return instance.faulty.calls.length > index;
      });
      expect(calls).toBeGreaterThan(10);
    }
  });

  it('is not repeated over what another wrote meanwhile', async () => {
    const clock = createVirtualClock();
    const world = createWorld({ clock });
    const other = world.start();
    const first = await other.store.registrations.put(marked('a', 'first'));
    if (first === 'condition-failed') throw new Error('there was no condition');
    // The store fails, is asked, shows the old version; then another writes; then the write is made again.
    const late = world.start({
      clock: {
        ...clock,
        sleep: async () => void (await other.store.registrations.put(marked('a', 'theirs'))),
      },
      plan: ({ index }) => (index === 0 ? { kind: 'fails', when: 'before', code: 'unavailable' } : undefined),
    });
    expect(await late.store.registrations.put(marked('a', 'late'), { ifMatch: first.etag })).toBe(
      'condition-failed',
    );
    expect((await readPlainly(world.objects)).records.get('a')?.notify).toMatch(/theirs$/);
  });
});
