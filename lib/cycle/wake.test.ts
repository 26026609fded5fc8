import { headerBinding } from '../registration/header-binding.ts';
import { describe, expect, it } from 'vitest';
import { seededRandomness } from '../../test/support/seeded-randomness.ts';
import { aDraft, testSealer } from '../../test/support/test-store.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import type { Outcome } from '../delivery/attempts.ts';
import type { AttemptResult, Channel, WakeUp } from '../delivery/channel.ts';
import { createSealer } from '../platform/sealer.ts';
import { asRegistrationId, type RegistrationRecord } from '../registration/registration.ts';
import { createHostCounters } from './host-counters.ts';
import { createLanes, type Lanes } from '../delivery/lanes.ts';
import { createRetryBudget } from '../delivery/retry-budget.ts';
import { effectiveState } from '../registration/state.ts';
import { hostOf, wake, type ChannelKind, type DueWakeUp, type WakeCycle, type WakeDeps } from './wake.ts';

const KINDS: readonly ChannelKind[] = ['cloudevents', 'cloudevents-structured', 'http', 'job', 'nats'];
const OK: AttemptResult = { kind: 'answered', status: 200 };
const BUSY: AttemptResult = { kind: 'answered', status: 503 };

interface Attempt {
  readonly via: ChannelKind;
  readonly wakeUp: WakeUp;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const recordOf = (given: Parameters<typeof aDraft>[0] = {}): RegistrationRecord => ({
  format: 1,
  revision: 'r',
  ...aDraft({ id: 'x', ...given }),
});

async function woken(
  record: RegistrationRecord,
  given: {
    readonly answer?: AttemptResult;
    readonly deps?: Partial<WakeDeps>;
    readonly roomMs?: number;
    readonly deferrals?: number;
    readonly lanes?: Lanes;
    readonly stop?: AbortSignal;
  } = {},
): Promise<{
  readonly outcome: Outcome;
  readonly attempts: readonly Attempt[];
  readonly abandon: AbortSignal;
}> {
  const clock = createVirtualClock();
  const attempts: Attempt[] = [];
  const channelFor = (via: ChannelKind): Channel => ({
    attempt: async (wakeUp, limits) => {
      attempts.push({ via, wakeUp, ...limits });
      return given.answer ?? OK;
    },
  });
  const channels = {
    cloudevents: channelFor('cloudevents'),
    'cloudevents-structured': channelFor('cloudevents-structured'),
    http: channelFor('http'),
    job: channelFor('job'),
    nats: channelFor('nats'),
  };
  const deps: WakeDeps = {
    channels,
    sealer: testSealer,
    clock,
    random: seededRandomness(1),
    defaultMode: 'cloudevents',
    ...given.deps,
  };
  const abandon = new AbortController().signal;
  const outcome = await wokenBy(
    deps,
    {
      registration: { record, state: effectiveState(record, undefined) },
      ...{ queue: 'DEV.QUEUE.1', depth: 3, deferrals: given.deferrals ?? 0 },
    },
    {
      lanes: given.lanes ?? createLanes({ atOnce: 8, perHost: 8 }),
      budget: createRetryBudget(),
      slowHosts: new Set(),
      isStillDue: () => true,
      deadlineMs: clock.nowMs() + (given.roomMs ?? 600_000),
      counters: createHostCounters({}),
      meter: { slotMs: 0, due: 0, deferred: 0 },
      stopping: { stop: given.stop ?? new AbortController().signal, abandon },
    },
  );
  return { outcome, attempts, abandon };
}

const wokenBy = (deps: WakeDeps, due: DueWakeUp, cycle: WakeCycle): Promise<Outcome> =>
  new Promise((resolve) => wake(deps, due, cycle, resolve));

describe('a wake-up', () => {
  it.each<[string, RegistrationRecord['delivery'], 'cloudevents' | 'http', ChannelKind]>([
    ['https://app.example/', undefined, 'cloudevents', 'cloudevents'],
    ['https://app.example/', undefined, 'http', 'http'],
    ['HTTP://app.example/', {}, 'http', 'http'],
    ['https://app.example/', { mode: 'http' }, 'cloudevents', 'http'],
    ['https://app.example/', { mode: 'cloudevents' }, 'http', 'cloudevents'],
    ['https://app.example/', { mode: 'cloudevents-structured' }, 'http', 'cloudevents-structured'],
    ['my-job', { mode: 'http' }, 'cloudevents', 'job'],
    ['http-worker', undefined, 'http', 'job'],
    ['eu-de/project/my-job', undefined, 'http', 'job'],
    ['nats:orders', { mode: 'http' }, 'http', 'nats'],
  ])('of %s with %j and the default %s goes by %s', async (notify, delivery, defaultMode, via) => {
    const record = recordOf(delivery === undefined ? { notify } : { notify, delivery });
    const { attempts } = await woken(record, { deps: { defaultMode } });
    expect(attempts.map((attempt) => attempt.via)).toEqual([via]);
    expect(KINDS).toContain(via);
  });

  it('is told in the same words on every attempt, so that a target can tell a repetition', async () => {
    const { attempts, outcome } = await woken(recordOf(), { answer: BUSY });
    expect(outcome).toEqual({ kind: 'fail', reason: 'status 503', attempts: 3 });
    expect(new Set(attempts.map(({ wakeUp }) => wakeUp)).size).toBe(1);
    expect(attempts[0]?.wakeUp).toMatchObject({
      queue: 'DEV.QUEUE.1',
      depth: 3,
      decidedAtMs: Date.parse('2026-01-01T00:00:00Z'),
      headers: {},
    });
  });

  it('has another id than the one before', async () => {
    const random = seededRandomness(1);
    const ids = [
      await woken(recordOf(), { deps: { random } }),
      await woken(recordOf(), { deps: { random } }),
    ].map(({ attempts }) => attempts[0]?.wakeUp.id);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it.each<[RegistrationRecord['delivery'], number, number]>([
    [undefined, 15_000, 3],
    [{ timeout: 'PT2S' }, 2_000, 3],
    [{ attempts: 1 }, 15_000, 1],
    [{ timeout: 'PT30S', attempts: 10 }, 30_000, 10],
    [{ acknowledge: false, attempts: 10 }, 15_000, 1],
    [{ acknowledge: true, attempts: 2 }, 15_000, 2],
  ])('with %j has %i ms an attempt and %i attempts', async (delivery, timeoutMs, count) => {
    const { attempts, abandon } = await woken(recordOf(delivery === undefined ? {} : { delivery }), {
      answer: BUSY,
    });
    expect(attempts.map((attempt) => attempt.timeoutMs)).toEqual(
      Array.from({ length: count }, () => timeoutMs),
    );
    expect(attempts[0]?.signal).toBe(abandon);
  });

  it('keeps its place when it is tried again', async () => {
    const entered: (number | undefined)[] = [];
    const made = createLanes({ atOnce: 8, perHost: 8 });
    await woken(recordOf(), {
      answer: BUSY,
      deferrals: 5,
      lanes: {
        enter: (host, slow, start, priority) => {
          entered.push(priority);
          made.enter(host, slow, start, priority);
        },
      },
    });
    expect(entered).toEqual([5, 5, 5]);
  });

  it('that cannot end before the deadline is not begun', async () => {
    expect((await woken(recordOf(), { roomMs: 14_999 })).outcome).toMatchObject({
      kind: 'unstarted',
      attempts: 0,
    });
    expect(
      (await woken(recordOf({ delivery: { acknowledge: false } }), { roomMs: 14_999 })).outcome,
    ).toMatchObject({ kind: 'unstarted', attempts: 0 });
  });
});

describe('a wake-up whose outcome its owner does not want to know', () => {
  it.each<AttemptResult>([
    BUSY,
    { kind: 'answered', status: 400 },
    { kind: 'answered', status: 410 },
    { kind: 'no-answer', code: 'timeout', message: 'x' },
    { kind: 'no-answer', code: 'aborted', message: 'x' },
  ])('is sent once and counts as done: %j', async (answer) => {
    const { outcome, attempts } = await woken(recordOf({ delivery: { acknowledge: false } }), { answer });
    expect(outcome).toMatchObject({ kind: 'success', attempts: 1 });
    expect(attempts).toHaveLength(1);
  });

  it('is not done when it was never sent', async () => {
    const record = recordOf({ delivery: { acknowledge: false } });
    expect((await woken(record, { stop: AbortSignal.abort() })).outcome).toMatchObject({
      kind: 'unstarted',
      attempts: 0,
    });
  });
});

describe("the owner's headers", () => {
  const sealed = (
    headers: Readonly<Record<string, string>>,
    of: Partial<Pick<RegistrationRecord, 'id' | 'notify'>> = {},
  ): RegistrationRecord => {
    const boundTo = headerBinding({ ...recordOf({}), ...of });
    const entries = Object.entries(headers).map(([name, value]) => [name, testSealer.seal(value, boundTo)]);
    return recordOf({ delivery: { headers: Object.fromEntries(entries) as Record<string, string> } });
  };

  it('are decrypted for the channel, whatever their names', async () => {
    const headers = JSON.parse(
      '{"Authorization":"Bearer hunter2","__proto__":"x","10":"y","X-Empty":""}',
    ) as Record<string, string>;
    const { attempts } = await woken(sealed(headers));
    expect(Object.entries(attempts[0]?.wakeUp.headers ?? {})).toEqual(Object.entries(headers));
  });

  it.each<[string, RegistrationRecord, Partial<WakeDeps>]>([
    ['without their key', sealed({ a: 'hunter2' }), { sealer: createSealer([]) }],
    ['sealed for another registration', sealed({ a: 'hunter2' }, { id: asRegistrationId('other') }), {}],
    ['sealed for another target', sealed({ a: 'hunter2' }, { notify: 'https://thief.example/' }), {}],
    ['that are not sealed at all', recordOf({ delivery: { headers: { a: 'hunter2' } } }), {}],
    [
      'of which one is damaged',
      recordOf({
        delivery: { headers: { a: testSealer.seal('v', headerBinding(recordOf({}))), b: 'enc:1:0:zz' } },
      }),
      {},
    ],
  ])(
    '%s stop the wake-up: nothing is sent, and it is not the target that failed',
    async (_, record, deps) => {
      const { outcome, attempts } = await woken(record, { deps });
      expect(outcome).toEqual({
        kind: 'misconfigured',
        reason:
          "its headers cannot be decrypted: ENCRYPTION_KEYS lacks their key, or they were another target's",
        attempts: 0,
      });
      expect(attempts).toEqual([]);
    },
  );
});

describe('who shares slots', () => {
  it.each([
    ['https://APP.example/a', 'app.example'],
    ['https://app.example:443/b', 'app.example'],
    ['https://app.example:8443/', 'app.example:8443'],
    ['my-job', 'jobs of any region'],
    ['region/project/my-job', 'jobs of region'],
    ['nats:orders', 'nats:orders'],
  ])('%s: %s', (notify, host) => {
    expect(hostOf(recordOf({ notify }))).toBe(host);
  });
});
