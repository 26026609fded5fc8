import { describe, expect, it, vi } from 'vitest';
import { atEachCall, PAST_LEASES_MS } from '../support/simulation-calls.ts';
import { expectFailuresEarned, readPlainly } from '../support/simulation-checks.ts';
import { aBusyFleet, expectRound } from '../support/simulation-fleet.ts';
import { answerOf } from '../support/simulation-owner.ts';
import { pauseAt } from '../support/simulation-pause.ts';
import { createWorld, marked, type Instance } from '../support/simulation-world.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

/** A whole world is played for each case: that takes long on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

describe('two notify cycles that overlap', () => {
  it('end as one after the other would, wherever the second begins', async () => {
    const calls = await atEachCall(async (index) => {
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
