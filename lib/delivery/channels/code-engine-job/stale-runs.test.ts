import { describe, expect, it } from 'vitest';
import {
  aChannel,
  apiError,
  attempt,
  aWakeUp,
  createFakeCodeEngine,
  type FakeCodeEngine,
} from './code-engine-test-support.ts';
import { runNameOf } from './run-plan.ts';

const MINUTE_MS = 60_000;

const runsOf = ({ projects }: FakeCodeEngine) => projects.flatMap(({ runs }) => runs);
const namesOf = (fake: FakeCodeEngine) => runsOf(fake).map(({ name }) => name);
const decidedNow = ({ clock }: FakeCodeEngine) => aWakeUp({ decidedAtMs: clock.nowMs() });

/** A job whose run has ended a while ago, of which the state knows nothing any more: the next wake-up has its name. */
async function afterLostState() {
  const fake = createFakeCodeEngine();
  const channel = aChannel(fake);
  await attempt(channel, decidedNow(fake));
  for (const run of runsOf(fake)) run.status = 'completed';
  fake.clock.advance(2 * MINUTE_MS);
  return { fake, channel, wakeUp: decidedNow(fake) };
}

const startsIn = ({ calls }: FakeCodeEngine) =>
  calls.filter(({ method }) => method === 'createJobRun').length;
const activeIn = (fake: FakeCodeEngine) => runsOf(fake).filter(({ status }) => status === 'pending');
const hidden = { kind: 'answer', result: { job_runs: [] } } as const;

describe('an ended run that has the name of this wake-up and is older', () => {
  it('is no start: one is started beside it, once for all attempts', async () => {
    const { fake, channel, wakeUp } = await afterLostState();
    const result = await attempt(channel, wakeUp);
    expect(activeIn(fake)).toHaveLength(1);
    expect(result).toEqual({ kind: 'accepted', run: activeIn(fake)[0]?.name });
    await expect(attempt(channel, wakeUp)).resolves.toEqual(result);
    expect(namesOf(fake)).toHaveLength(2);
  });

  it('does not keep the job from being started in cycle after cycle, nor do runs pile up', async () => {
    const { fake, channel } = await afterLostState();
    const before = startsIn(fake);
    for (let cycle = 0; cycle < 5; cycle++) {
      await expect(attempt(channel, decidedNow(fake))).resolves.toMatchObject({ kind: 'accepted' });
      for (const run of runsOf(fake)) run.status = 'completed';
      fake.clock.advance(2 * MINUTE_MS);
    }
    expect(startsIn(fake) - before).toBe(5);
    expect(runsOf(fake)).toHaveLength(2);
  });

  it('is deleted by the next wake-up whose state is known', async () => {
    const { fake, channel, wakeUp } = await afterLostState();
    await attempt(channel, wakeUp);
    for (const run of runsOf(fake)) run.status = 'completed';
    const next = aWakeUp({ lastWokenAtMs: fake.clock.nowMs() });
    await attempt(channel, next);
    expect(namesOf(fake)).toEqual([runNameOf(next)]);
  });

  it.each([
    ['seen', []],
    ['not seen', [hidden, hidden]],
  ])('and is %s by two cycles that overlap lets them start one run', async (_, listings) => {
    const { fake, wakeUp } = await afterLostState();
    fake.spoil('listJobRuns', ...listings);
    const another = aWakeUp({ decidedAtMs: wakeUp.decidedAtMs + MINUTE_MS });
    const results = await Promise.all([wakeUp, another].map(async (one) => attempt(aChannel(fake), one)));
    expect(activeIn(fake)).toHaveLength(1);
    const accepted = { kind: 'accepted', run: activeIn(fake)[0]?.name };
    expect(results).toEqual([accepted, accepted]);
    expect(runsOf(fake)).toHaveLength(2);
  });

  it('does not make a lost answer start two', async () => {
    const { fake, channel, wakeUp } = await afterLostState();
    fake.spoil('createJobRun', { kind: 'lost', error: apiError(503) });
    await expect(attempt(channel, wakeUp)).resolves.toMatchObject({ kind: 'refused', mayPass: true });
    for (const run of runsOf(fake)) run.status = 'completed';
    fake.clock.advance(MINUTE_MS / 2);
    await expect(attempt(channel, wakeUp)).resolves.toMatchObject({ kind: 'accepted' });
    expect(runsOf(fake)).toHaveLength(2);
  });
});

it('a run with the name of this wake-up that ended since another cycle started it is accepted', async () => {
  const fake = createFakeCodeEngine();
  const first = await attempt(aChannel(fake), decidedNow(fake));
  for (const run of runsOf(fake)) run.status = 'completed';
  fake.clock.advance(MINUTE_MS);
  await expect(attempt(aChannel(fake), decidedNow(fake))).resolves.toEqual(first);
  expect(runsOf(fake)).toHaveLength(1);
});
