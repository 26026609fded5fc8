import { describe, expect, it } from 'vitest';
import { createCountingObjectStore } from '../../test/support/counting-object-store.ts';
import { createFaultyObjectStore } from '../../test/support/faulty-object-store.ts';
import { seededRandomness } from '../../test/support/seeded-randomness.ts';
import { aDraft, testStore } from '../../test/support/test-store.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { createMemoryObjectStore } from '../object-store/memory/memory-object-store.ts';
import type { EventEndpointSettings } from '../platform/configuration/configuration.ts';
import { asRegistrationId } from '../registration/registration.ts';
import { LeaseLostError } from '../store/lease.ts';
import { DROPPED_KEPT_MS } from '../store/outbox-entry.ts';
import { endpointScope, metricsOf, sumsByScope } from './delivery-counters.ts';
import {
  ACCEPTED,
  aMinute,
  anEndpoint,
  anEvent,
  createReceivers,
  eventsOver,
  HELD,
  REFUSED,
  UNANSWERED,
} from './events-test-support.ts';
import type { DrainResult } from './events.ts';
import type { Expectation } from './lifecycle-event.ts';

const DAY_MS = 86_400_000;

/** Endpoints over a store of their own; `drain` runs one and adds up what was counted. */
function aSystem(...endpoints: readonly EventEndpointSettings[]) {
  const clock = createVirtualClock();
  const store = testStore({ clock });
  const receivers = createReceivers();
  const events = eventsOver(store, endpoints, receivers.deliver);
  const counted: DrainResult['counted'][] = [];
  const drain = async (): Promise<readonly string[]> => {
    const result = await events.drain(HELD, aMinute(clock));
    counted.push(result.counted);
    return result.problems;
  };
  const metrics = async (name: string) => {
    const backlog = (await events.backlogs()).find(({ endpoint }) => endpoint === name);
    return metricsOf(sumsByScope(counted).get(endpointScope(name)), backlog?.pending ?? 0);
  };
  return { clock, store, receivers, events, drain, metrics };
}

describe('a drain', () => {
  it('delivers to each endpoint what it wants, in the order of arrival, once', async () => {
    const { events, receivers, drain } = aSystem(
      anEndpoint('all'),
      anEndpoint('some', { ignoredTypes: ['cycle.*'] }),
      anEndpoint('none', { disabled: true }),
    );
    await events.announce([anEvent('a'), anEvent('a', 2), anEvent('notify', 1, 'cycle.completed')]);
    await events.announce([anEvent('b'), anEvent('a', 3)]);
    expect(await drain()).toEqual([]);
    expect(await drain()).toEqual([]);
    expect(receivers.attempts('all')).toEqual(['a#1', 'a#2', 'notify#1', 'b#1', 'a#3']);
    expect(receivers.attempts('some')).toEqual(['a#1', 'a#2', 'b#1', 'a#3']);
    expect(receivers.attempts('none')).toEqual([]);
    expect(receivers.accepted('all')[0]).toEqual(anEvent('a'));
  });

  it('delivers once what was announced again while it waited, where it stood first', async () => {
    const { events, receivers, drain, metrics } = aSystem(anEndpoint('all'));
    await events.announce([anEvent('a'), anEvent('b')]);
    await events.announce([anEvent('a')]);
    expect((await events.backlogs())[0]?.pending).toBe(2);
    await drain();
    await drain();
    expect(receivers.attempts('all')).toEqual(['a#1', 'b#1']);
    expect(await metrics('all')).toMatchObject({ Events: 2, Successes: 2, Pending: 0 });
  });

  it('keeps what comes behind a failing event behind it, and counts every attempt', async () => {
    const { events, receivers, drain, metrics } = aSystem(anEndpoint('all', { threshold: 5 }));
    await events.announce([anEvent('a'), anEvent('b')]);
    const answers = [REFUSED, UNANSWERED, REFUSED];
    receivers.answer('all', () => answers.shift() ?? ACCEPTED);
    expect(await drain()).toEqual([]);
    expect(receivers.attempts('all')).toEqual(['a#1', 'a#1', 'a#1', 'a#1', 'b#1']);
    expect(await metrics('all')).toEqual({
      Pending: 0,
      Events: 2,
      Successes: 2,
      Failures: 2,
      Errors: 1,
      Statuses: { '202 Accepted': 2, '500 Internal Server Error': 2 },
    });
  });

  it('goes on with other endpoints while one fails or hangs', async () => {
    const { events, receivers, drain } = aSystem(anEndpoint('bad'), anEndpoint('hung'), anEndpoint('well'));
    receivers.answer('bad', () => REFUSED);
    let release = (): void => undefined;
    receivers.answer('hung', () => new Promise((resolve) => (release = () => resolve(ACCEPTED))));
    await events.announce([anEvent('a')]);
    const draining = drain();
    while (receivers.accepted('well').length === 0) await new Promise((resolve) => setImmediate(resolve));
    release();
    expect(await draining).toEqual([expect.stringMatching(/^bad takes no events, 10 attempts .* 500$/)]);
    expect(receivers.attempts('hung')).toEqual(['a#1']);
  });

  it('leaves objects that are no events and tells of them, and is silent on an outbox without an endpoint', async () => {
    const { events, store, receivers, clock } = aSystem(anEndpoint('old'));
    await events.announce([anEvent('a')]);
    await store.context.objects.put('outbox/new/hello.txt', 'hello');
    const result = await eventsOver(store, [anEndpoint('new')], receivers.deliver).drain(
      HELD,
      aMinute(clock),
    );
    expect(result.problems).toEqual([
      'outbox/new/hello.txt is no event of ours and passed over: delete the object',
    ]);
    expect((await store.context.objects.list('outbox/')).objects).toHaveLength(2);
  });

  it('drops what waited a day for an endpoint that is disabled or removed, and tells of it once', async () => {
    const { events, store, receivers, clock } = aSystem(anEndpoint('off'), anEndpoint('gone'));
    await events.announce([anEvent('a'), anEvent('b')]);
    clock.advance(DAY_MS / 2);
    await events.announce([anEvent('c')]);
    const later = eventsOver(
      store,
      [anEndpoint('off', { disabled: true }), anEndpoint('all')],
      receivers.deliver,
    );
    expect(await later.drain(HELD, aMinute(clock))).toEqual({ counted: {}, problems: [] });
    expect(await later.backlogs()).toEqual([{ endpoint: 'all', pending: 0, oldestMs: undefined }]);
    clock.advance(DAY_MS / 2);
    expect(await later.drain(HELD, aMinute(clock))).toEqual({
      counted: { 'endpoint/off/Egress': 2, 'endpoint/gone/Egress': 2 },
      problems: [
        expect.stringMatching(/^2 event\(s\) for gone were dropped: /),
        expect.stringMatching(/^2 event\(s\) for off were dropped: /),
      ],
    });
    expect(await later.drain(HELD, aMinute(clock))).toEqual({ counted: {}, problems: [] });
    expect((await store.context.objects.list('outbox/')).objects).toHaveLength(2);
    expect(receivers.attempts('off')).toEqual([]);
  });

  it('passes over a damaged event, keeps it, and delivers the others', async () => {
    const { events, store, receivers, drain } = aSystem(anEndpoint('all'));
    await events.announce([anEvent('a'), anEvent('b')]);
    const key = (await store.context.objects.list('outbox/')).objects[0]?.key ?? '';
    for (const body of ['{', '{"format":1,"event":{"id":"another"}}', 'null']) {
      await store.context.objects.put(key, body);
      expect(await drain()).toEqual([`the event ${key} is damaged and passed over: delete the object`]);
    }
    expect(receivers.attempts('all')).toEqual(['b#1']);
    expect((await store.context.objects.get(key)).kind).toBe('found');
  });

  it('delivers an event that was announced again where its first object is damaged', async () => {
    const { events, store, receivers, drain } = aSystem(anEndpoint('all'));
    await events.announce([anEvent('a'), anEvent('b')]);
    await events.announce([anEvent('a')]);
    const key = (await store.context.objects.list('outbox/')).objects[0]?.key ?? '';
    await store.context.objects.put(key, '{');
    await drain();
    await drain();
    expect(receivers.attempts('all')).toEqual(['a#1', 'b#1']);
  });

  it('begins nothing after its deadline or its signal, and never once the lease is lost', async () => {
    const { events, receivers, clock } = aSystem(anEndpoint('all'));
    await events.announce([anEvent('a')]);
    const { signal } = new AbortController();
    await events.drain(HELD, { deadlineMs: clock.nowMs(), signal });
    await events.drain(HELD, { deadlineMs: clock.nowMs() + 1_000, signal: AbortSignal.abort() });
    const lost = {
      assertHeld: () => {
        throw new LeaseLostError('lost');
      },
    };
    await expect(events.drain(lost, aMinute(clock))).rejects.toThrow(LeaseLostError);
    expect(receivers.attempts('all')).toEqual([]);
  });

  it('holds an attempt that it broke off itself against nobody', async () => {
    const { events, receivers, clock, metrics, drain } = aSystem(anEndpoint('all', { threshold: 1 }));
    await events.announce([anEvent('a')]);
    const stopping = new AbortController();
    receivers.answer('all', () => {
      stopping.abort();
      return UNANSWERED;
    });
    const result = await events.drain(HELD, { ...aMinute(clock), signal: stopping.signal });
    expect(result).toEqual({ counted: { 'endpoint/all/Errors': 1 }, problems: [] });
    receivers.answer('all', () => ACCEPTED);
    expect(await drain()).toEqual([]);
    expect(await metrics('all')).toMatchObject({ Successes: 1, Pending: 0 });
  });

  it('begins no second attempt that its deadline would cut short', async () => {
    const { events, receivers, clock, store } = aSystem(anEndpoint('all'));
    await events.announce([anEvent('a'), anEvent('b')]);
    const timeouts: number[] = [];
    const deliver: typeof receivers.deliver = (endpoint, event, limits) => {
      timeouts.push(limits.timeoutMs);
      return receivers.deliver(endpoint, event, limits);
    };
    const limits = { ...aMinute(clock), deadlineMs: clock.nowMs() + 1_000 };
    await eventsOver(store, [anEndpoint('all')], deliver).drain(HELD, limits);
    expect(timeouts).toEqual([1_000]);
  });

  it('tells of a store that cannot be used and sends nothing', async () => {
    const { events, receivers, clock, store } = aSystem(anEndpoint('all'));
    await events.announce([anEvent('a')]);
    for (const operation of ['list', 'get', 'put'] as const) {
      const { objects } = createFaultyObjectStore(store.context.objects, (call) =>
        call.operation === operation ? { kind: 'fails', when: 'before', code: 'denied' } : undefined,
      );
      const denied = testStore({ objects, prefix: '', clock });
      const result = await eventsOver(denied, [anEndpoint('all')], receivers.deliver).drain(
        HELD,
        aMinute(clock),
      );
      expect(result).toEqual({ counted: {}, problems: [expect.stringContaining('failed on purpose')] });
    }
    expect(receivers.attempts('all')).toEqual([]);
  });

  it('counts as gone only what it could remove', async () => {
    const { events, receivers, clock, store, drain, metrics } = aSystem(anEndpoint('all'));
    await events.announce([anEvent('a')]);
    const { objects } = createFaultyObjectStore(store.context.objects, ({ operation }) =>
      operation === 'delete' ? { kind: 'fails', when: 'before', code: 'denied' } : undefined,
    );
    const denied = eventsOver(
      testStore({ objects, prefix: '', clock }),
      [anEndpoint('all')],
      receivers.deliver,
    );
    const result = await denied.drain(HELD, aMinute(clock));
    expect(result.counted).toEqual({ 'endpoint/all/Statuses/202 Accepted': 1, 'endpoint/all/Successes': 1 });
    expect(result.problems).toEqual([expect.stringContaining('failed on purpose')]);
    clock.advance(120_000);
    await drain();
    expect(await metrics('all')).toMatchObject({ Events: 1, Pending: 0 });
  });

  it('costs one list where nothing waits', async () => {
    const { events, drain, store } = aSystem(anEndpoint('all'));
    expect(await drain()).toEqual([]);
    expect((await store.context.objects.list('')).objects).toEqual([]);
    expect(await events.backlogs()).toEqual([{ endpoint: 'all', pending: 0, oldestMs: undefined }]);
  });
});

describe('a system without endpoints', () => {
  it('makes no call of the store', async () => {
    const counting = createCountingObjectStore(createMemoryObjectStore());
    const store = testStore({ objects: counting });
    const events = eventsOver(store, [], createReceivers().deliver);
    await (
      await events.announce([anEvent('a')], { id: asRegistrationId('one'), revision: 'r', is: 'stored' })
    ).confirm();
    expect(await events.drain(HELD, aMinute(store.context.clock))).toEqual({ counted: {}, problems: [] });
    expect(await events.backlogs()).toEqual([]);
    expect(counting.takeRequests()).toEqual([]);
  });
});

describe('the breaker', () => {
  it('opens at the threshold, lets one attempt through after its time, and closes with a success', async () => {
    const { events, receivers, drain, clock } = aSystem(
      anEndpoint('all', { threshold: 3, backoffMs: 120_000 }),
    );
    await events.announce([anEvent('a'), anEvent('b')]);
    receivers.answer('all', () => REFUSED);
    await drain();
    expect(receivers.attempts('all')).toHaveLength(3);
    expect(await drain()).toEqual(['all takes no events: 3 attempts failed in a row']);
    expect(receivers.attempts('all')).toHaveLength(3);
    clock.advance(120_000);
    expect(await drain()).toEqual([expect.stringContaining('4 attempts failed in a row')]);
    expect(receivers.attempts('all')).toHaveLength(4);
    clock.advance(120_000);
    receivers.answer('all', () => ACCEPTED);
    expect(await drain()).toEqual([]);
    expect(receivers.attempts('all').slice(4)).toEqual(['a#1', 'b#1']);
  });

  it('has one probe elected, however many drain at once', async () => {
    const { events, receivers, drain, clock, store } = aSystem(anEndpoint('all', { threshold: 1 }));
    await events.announce([anEvent('a')]);
    receivers.answer('all', () => REFUSED);
    await drain();
    clock.advance(1_000);
    const before = receivers.attempts('all').length;
    const drains = Array.from({ length: 6 }, (_, index) =>
      eventsOver(
        testStore({
          objects: store.context.objects,
          prefix: '',
          clock,
          random: seededRandomness(index + 50),
        }),
        [anEndpoint('all', { threshold: 1 })],
        receivers.deliver,
        index + 10,
      ).drain(HELD, aMinute(clock)),
    );
    await Promise.all(drains);
    expect(receivers.attempts('all')).toHaveLength(before + 1);
  });

  it('is begun anew when its object is damaged: until then the endpoint waits, and somebody is told', async () => {
    const { events, receivers, drain, store } = aSystem(anEndpoint('all'), anEndpoint('other'));
    await events.announce([anEvent('a')]);
    await store.context.objects.put('breakers/all.json', '[]');
    expect(await drain()).toEqual([expect.stringContaining('breakers/all.json is damaged')]);
    expect(receivers.attempts('other')).toEqual(['a#1']);
    await store.context.objects.delete(['breakers/all.json']);
    expect(await drain()).toEqual([]);
    expect(receivers.attempts('all')).toEqual(['a#1']);
  });
});

describe('an event that cannot be delivered', () => {
  it('is given up after a day, also while the breaker is open, and comes back by a replay', async () => {
    const { events, receivers, drain, clock, store, metrics } = aSystem(anEndpoint('all', { threshold: 1 }));
    await events.announce([anEvent('a')]);
    await events.announce([anEvent('b')]);
    receivers.answer('all', () => UNANSWERED);
    await drain();
    clock.advance(DAY_MS);
    await events.announce([anEvent('c')]);
    const problems = await drain();
    expect(problems.filter((problem) => problem.includes('given up'))).toEqual([
      '2 event(s) were given up for all and are dead letters; the reason, of the first: it waited for 24 hours',
    ]);
    expect(await metrics('all')).toMatchObject({ Pending: 1, Events: 3, Successes: 0, Errors: 2 });
    expect(await store.outbox.deadLetters.count()).toEqual(new Map([['all', 2]]));

    receivers.answer('all', () => ACCEPTED);
    clock.advance(1_000);
    await store.context.objects.put('dead-letters/all/strange', '{}');
    const untilMs = clock.nowMs() + 1;
    expect(await store.outbox.deadLetters.replay(untilMs, 'all')).toEqual({
      replayed: 2,
      left: 0,
      damaged: ['dead-letters/all/strange'],
    });
    expect(await drain()).toEqual([]);
    expect(receivers.accepted('all')).toEqual([anEvent('c'), anEvent('a'), anEvent('b')]);
    expect(await store.outbox.deadLetters.replay(untilMs + 1)).toMatchObject({ replayed: 0 });
  });

  it('is given up after 100 attempts, over however many drains, and does not hold up the next', async () => {
    const { receivers, events, drain, clock, metrics } = aSystem(anEndpoint('all', { threshold: 30 }));
    receivers.answer('all', () => (receivers.attempts('all').length < 100 ? REFUSED : ACCEPTED));
    await events.announce([anEvent('a'), anEvent('b')]);
    const problems: string[] = [];
    for (let drains = 0; drains < 80; drains++) {
      problems.push(...(await drain()));
      clock.advance(1_000);
    }
    expect(problems).toContainEqual(
      expect.stringContaining('100 attempts failed, the last because it answered 500'),
    );
    expect(receivers.attempts('all')).toHaveLength(101);
    expect(receivers.accepted('all')).toEqual([anEvent('b')]);
    expect(await metrics('all')).toMatchObject({ Events: 2, Successes: 1, Failures: 100, Pending: 0 });
  });
});

describe('an event that expects a change', () => {
  const expecting = (revision: string, is: Expectation['is'] = 'stored'): Expectation => ({
    id: asRegistrationId('one'),
    revision,
    is,
  });

  it('is sent when the store shows the change, although nobody confirmed it', async () => {
    const { events, receivers, drain, store } = aSystem(anEndpoint('all'));
    const stored = await store.registrations.put(aDraft({ id: 'one' }));
    const revision = stored === 'condition-failed' ? '' : stored.registration.record.revision;
    await events.announce([anEvent('one', 1, 'registered')], expecting(revision));
    await drain();
    expect(receivers.attempts('all')).toEqual(['one#1']);
  });

  it('holds back what follows for a minute, and is dropped when nothing came of it', async () => {
    const { events, receivers, drain, clock, metrics } = aSystem(anEndpoint('all'));
    await events.announce([anEvent('one', 1, 'registered')], expecting('r1'));
    await events.announce([anEvent('b')]);
    expect(await drain()).toEqual([]);
    expect(receivers.attempts('all')).toEqual([]);
    clock.advance(60_000);
    expect(await drain()).toEqual([]);
    expect(receivers.attempts('all')).toEqual(['b#1']);
    clock.advance(DROPPED_KEPT_MS);
    expect(await drain()).toEqual([]);
    expect(await metrics('all')).toMatchObject({ Pending: 0, Events: 2, Successes: 1 });
  });

  it('is sent once it is confirmed, whatever became of the registration since', async () => {
    const { events, receivers, drain, clock } = aSystem(anEndpoint('all'));
    const { confirm } = await events.announce([anEvent('one', 1, 'registered')], expecting('r1'));
    await confirm();
    clock.advance(60_000);
    await drain();
    expect(receivers.attempts('all')).toEqual(['one#1']);
  });

  it('is sent once when the confirmation came after it was dropped', async () => {
    const { events, receivers, drain, clock, metrics } = aSystem(anEndpoint('all'));
    const { confirm } = await events.announce([anEvent('one', 1, 'registered')], expecting('r1'));
    clock.advance(60_000);
    await drain();
    await drain();
    await confirm();
    await drain();
    expect(receivers.attempts('all')).toEqual(['one#1']);
    expect(await metrics('all')).toMatchObject({ Events: 1, Successes: 1, Pending: 0 });
  });

  it('is not sent again when the confirmation came after it was delivered', async () => {
    const { events, receivers, drain, clock, store } = aSystem(anEndpoint('all'));
    const stored = await store.registrations.put(aDraft({ id: 'one' }));
    const revision = stored === 'condition-failed' ? '' : stored.registration.record.revision;
    const { confirm } = await events.announce([anEvent('one', 1, 'registered')], expecting(revision));
    await drain();
    await events.announce([anEvent('one', 2, 'unregistered')]);
    await drain();
    clock.advance(60_000);
    await confirm();
    await drain();
    expect(receivers.attempts('all')).toEqual(['one#1', 'one#2']);
  });

  it('is sent where a repetition of it was confirmed, and counts once', async () => {
    const { events, receivers, drain, clock, metrics } = aSystem(anEndpoint('all'));
    await events.announce([anEvent('one', 1, 'registered')], expecting('r1'));
    clock.advance(60_000);
    await events.announce([anEvent('one', 1, 'registered')]);
    await drain();
    expect(receivers.attempts('all')).toEqual(['one#1']);
    expect(await metrics('all')).toMatchObject({ Events: 1, Successes: 1, Pending: 0 });
  });

  it('is sent when a registration that it says is gone was made anew', async () => {
    const { events, receivers, drain, store } = aSystem(anEndpoint('all'));
    await store.registrations.put(aDraft({ id: 'one' }));
    await events.announce([anEvent('one', 1, 'unregistered')], expecting('an earlier one', 'gone'));
    await drain();
    expect(receivers.attempts('all')).toEqual(['one#1']);
  });
});
