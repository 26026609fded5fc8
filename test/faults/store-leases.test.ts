import { describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../lib/platform/clock.ts';
import { CLOCK_SKEW_MS, LeaseLostError } from '../../lib/store/lease.ts';
import type { Fault } from '../support/faulty-object-store.ts';
import { expectFailuresEarned, readPlainly } from '../support/simulation-checks.ts';
import { aBusyFleet, expectRound } from '../support/simulation-fleet.ts';
import { answerOf } from '../support/simulation-owner.ts';
import { pauseAt } from '../support/simulation-pause.ts';
import { createWorld, marked, type Instance } from '../support/simulation-world.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

/** A whole world is played for each case: that takes long on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

const PAST_LEASES_MS = 130_000;
/** A backup of nothing. */
const EMPTY = '{"mq_requests":[]}';
const HOUR_MS = 3_600_000;

const offBy = (clock: Clock, ms: number): Clock => ({ ...clock, nowMs: () => clock.nowMs() + ms });

/** Runs `play` for each call of a notify cycle until it answers that there was no such call. */
async function atEveryCall(play: (index: number) => Promise<boolean>): Promise<number> {
  for (let index = 0; ; index++) {
    const played = await play(index).catch((error: unknown) => {
      throw new Error(`at call ${index}`, { cause: error });
    });
    if (!played) return index;
  }
}

describe('two notify cycles that overlap', () => {
  it('end as one after the other would, wherever the second begins', async () => {
    const calls = await atEveryCall(async (index) => {
      const { world } = await aBusyFleet();
      const pause = pauseAt(index, 'before');
      const first = world.start({ plan: pause.plan });
      const running = answerOf(first, first.notify());
      await Promise.race([running, pause.reached]);
      if (!pause.isReached()) return false;
      const second = await world.start().notify();
      pause.resume();
      const answer = await running;
      const outcomes = [second.outcome, answer.kind === 'answered' && answer.value.outcome];
      expect(outcomes).toContain('completed');
      for (const outcome of outcomes) expect(['completed', 'skipped']).toContain(outcome);
      expectFailuresEarned(await readPlainly(world.objects), world);
      await expectRound(world);
      return true;
    });
    expect(calls).toBeGreaterThan(10);
  });
});

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
        const calls = await atEveryCall(async (index) => {
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
      await world.objects.put(`mq-observer/backups/2027-01-01T00-00-${backup}.000Z.json`, EMPTY);
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

describe('a holder that took over', () => {
  it('keeps its lease when the one before goes on', async () => {
    const { world, clock } = await aBusyFleet();
    const holders = [pauseAt(6, 'before'), pauseAt(6, 'before')].map((pause) => ({
      pause,
      instance: world.start({ plan: pause.plan }),
    }));
    const running: Promise<unknown>[] = [];
    for (const { pause, instance } of holders) {
      running.push(instance.notify());
      await pause.reached;
      expect(instance.faulty.writes).toHaveLength(1);
      if (running.length === 1) clock.advance(PAST_LEASES_MS);
    }
    holders[0]?.pause.resume();
    await running[0];
    expect(await world.start().notify()).toMatchObject({ outcome: 'skipped' });
    holders[1]?.pause.resume();
    expect(await running[1]).toMatchObject({ outcome: 'completed' });
  });
});

describe('a holder that could not be fenced off', () => {
  it('is fenced off by the next, although the one between gave up', async () => {
    const { world, clock } = await aBusyFleet();
    const isStatePut = (call: { operation: string; keys: readonly string[] }): boolean =>
      call.operation === 'put' && call.keys[0]?.includes('/state/') === true;
    const dry = (await aBusyFleet()).world.start();
    await dry.notify();
    const firstStatePut = dry.faulty.calls.findIndex(isStatePut);
    const pause = pauseAt(firstStatePut, 'before');
    const late = world.start({ plan: pause.plan });
    const running = answerOf(late, late.notify());
    await pause.reached;
    clock.advance(PAST_LEASES_MS);

    const between = world.start({
      plan: (call) => (isStatePut(call) ? { kind: 'fails', when: 'before', code: 'denied' } : undefined),
    });
    expect(await answerOf(between, between.notify())).toEqual({ kind: 'failed' });
    world.failWhere(() => false);
    expect(await world.start().notify()).toMatchObject({ outcome: 'completed' });
    const writes = late.faulty.writes.length;
    pause.resume();
    await running;
    expect(late.faulty.writes.slice(writes)).toEqual([]);
  });

  it('does not keep cycles from running when a state document is damaged', async () => {
    const { world, clock } = await aBusyFleet();
    const dying = world.start({
      plan: ({ keys }) =>
        keys[0]?.endsWith('reports/notify.json') === true ? { kind: 'killed', when: 'before' } : undefined,
    });
    await answerOf(dying, dying.notify());
    await world.objects.put('mq-observer/state/0.json', '{');
    clock.advance(PAST_LEASES_MS);
    expect(await world.start().notify()).toMatchObject({ outcome: 'partial' });
  });
});

describe('an event that is delivered again', () => {
  const wakeUpsOf = (...instances: readonly Instance[]): number[] =>
    instances.map(({ wakeUps }) => wakeUps.length);

  it('runs once, whoever gets it, at the same time or later', async () => {
    const world = createWorld({ clock: createVirtualClock() });
    await world.start().store.registrations.put(marked('well', 'first'));
    const both = [world.start(), world.start()];
    const reports = await Promise.all(both.map((instance) => instance.notify('tick#1')));
    expect(reports.map(({ outcome }) => outcome).toSorted()).toEqual(['completed', 'skipped']);
    const [warm] = both;
    const cold = world.start();
    for (const instance of [warm, cold])
      expect(await instance?.notify('tick#1')).toMatchObject({
        outcome: 'skipped',
        reason: 'this event was served before',
      });
    expect(wakeUpsOf(...both, cold).toSorted()).toEqual([0, 0, 1]);
    expect(await cold.notify('tick#2')).toMatchObject({ outcome: 'completed' });
  });

  it('runs once although the instance died in the middle', async () => {
    const { world, clock } = await aBusyFleet();
    const dying = world.start({
      plan: ({ keys }) =>
        keys[0]?.endsWith('reports/notify.json') === true ? { kind: 'killed', when: 'before' } : undefined,
    });
    expect(await answerOf(dying, dying.notify('tick#1'))).toEqual({ kind: 'killed' });
    expect(await world.start().notify('tick#1')).toMatchObject({ outcome: 'skipped' });
    clock.advance(PAST_LEASES_MS);
    expect(await world.start().notify('tick#1')).toMatchObject({ outcome: 'skipped' });
    expect(await world.start().notify('tick#2')).toMatchObject({ outcome: 'completed' });
  });

  it('runs when the first delivery could not start', async () => {
    const { world } = await aBusyFleet();
    const failing = world.start({
      plan: ({ operation }) =>
        operation === 'list' ? { kind: 'fails', when: 'before', code: 'unavailable' } : undefined,
    });
    expect(await answerOf(failing, failing.notify('tick#1'))).toEqual({ kind: 'failed' });
    expect(await world.start().notify('tick#1')).toMatchObject({ outcome: 'completed' });
  });
});
