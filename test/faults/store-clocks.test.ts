import { describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../lib/platform/clock.ts';
import { CLOCK_SKEW_MS, LeaseLostError } from '../../lib/store/lease.ts';
import type { Fault } from '../support/faulty-object-store.ts';
import { atEachCall, PAST_LEASES_MS } from '../support/simulation-calls.ts';
import { expectFailuresEarned, readPlainly } from '../support/simulation-checks.ts';
import { aBusyFleet, expectRound } from '../support/simulation-fleet.ts';
import { answerOf } from '../support/simulation-owner.ts';
import { createWorld } from '../support/simulation-world.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

/** A whole world is played for each case: that takes long on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

const HOUR_MS = 3_600_000;
const BACKUP_OF_NOTHING = '{"mq_requests":[]}';

const offBy = (clock: Clock, ms: number): Clock => ({ ...clock, nowMs: () => clock.nowMs() + ms });

describe('a clock that jumps in the middle of a notify cycle', () => {
  const jumpAt = (index: number, clock: VirtualClock, ms: number, dies: boolean) => {
    let jumped = false;
    return {
      jumped: () => jumped,
      plan: (call: { readonly index: number }): Fault | undefined => {
        if (call.index !== index) return undefined;
        jumped = true;
        clock.advance(ms);
        return dies ? { kind: 'killed', when: 'after' } : undefined;
      },
    };
  };

  it.each([
    ['forwards', HOUR_MS],
    ['forwards by a day', 24 * HOUR_MS],
    ['backwards', -HOUR_MS],
    ['backwards by a day', -24 * HOUR_MS],
    ['backwards by a moment', -3_000],
  ])(
    '%s spoils nothing, and the next cycles work, also when the process dies at that moment',
    async (_how, ms) => {
      for (const dies of [false, true]) {
        const calls = await atEachCall(async (index) => {
          const { world, clock } = await aBusyFleet();
          const jump = jumpAt(index, clock, ms, dies);
          const instance = world.start({ plan: jump.plan });
          await answerOf(instance, instance.notify());
          if (!jump.jumped()) return false;
          clock.advance(PAST_LEASES_MS);
          expectFailuresEarned(await readPlainly(world.objects), world);
          await expectRound(world);
          return true;
        });
        expect(calls).toBeGreaterThan(10);
      }
    },
  );

  it('keeps the backup that it just wrote, although its name is older than those of others', async () => {
    const { world, clock } = await aBusyFleet();
    for (let backup = 10; backup < 40; backup++)
      await world.objects.put(`mq-observer/backups/2027-01-01T00-00-${backup}.000Z.json`, BACKUP_OF_NOTHING);
    clock.advance(-24 * HOUR_MS);
    const report = await world.start().persist();
    const backups = (await world.objects.list('mq-observer/backups/')).objects.map(({ key }) => key);
    expect(backups).toContain(`mq-observer/${'backup' in report ? String(report.backup) : ''}`);
    expect(backups).toHaveLength(24);
  });
});

describe('two instances whose clocks differ', () => {
  it.each([-CLOCK_SKEW_MS, -1_000, 0, 1_000, CLOCK_SKEW_MS])(
    'by %i ms never both think that they hold a lease',
    async (skewMs) => {
      const clock = createVirtualClock();
      const world = createWorld({ clock });
      const answer = await world.start().store.leases.take('notify', 120_000);
      if (answer.kind !== 'taken') throw new Error('the lease was not free');
      const other = world.start({ clock: offBy(clock, skewMs) });
      while ((await other.store.leases.take('notify', 120_000)).kind !== 'taken') clock.advance(250);
      expect(answer.lease.assertHeld).toThrow(LeaseLostError);
      expect(clock.nowMs()).toBeLessThan(Date.parse('2026-01-01T00:02:15Z'));
    },
  );
});
