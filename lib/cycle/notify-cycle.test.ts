import { createDispatcher, type Leave } from '../delivery/dispatcher.ts';
import { describe, expect, it } from 'vitest';
import { ObjectStoreError } from '../object-store/object-store.ts';
import { createMemoryObjectStore } from '../object-store/memory/memory-object-store.ts';
import { asRegistrationId } from '../registration/registration.ts';
import { statusOf } from '../registration/state.ts';
import {
  aCall,
  cycleDeps,
  rememberedEvents,
  notifyDeps,
  scriptedChannel,
  settableDepths,
} from '../../test/support/test-cycles.ts';
import { aDraft, keepingLogger, testStore } from '../../test/support/test-store.ts';
import { seededRandomness } from '../../test/support/seeded-randomness.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import type { NotifyReport } from './report.ts';
import { runNotifyCycle } from './notify-cycle.ts';
import type { NotifyDeps } from './notify.ts';
import { runRestoreCycle } from './restore-cycle.ts';

function scene(options: Parameters<typeof notifyDeps>[2] = {}) {
  const clock = createVirtualClock();
  const objects = createMemoryObjectStore();
  const store = testStore({ objects, clock });
  const queues = settableDepths();
  const channel = scriptedChannel();
  const deps = notifyDeps(store, { queues, channel }, options);
  return { clock, objects, store, queues, channel, deps };
}

async function run(deps: NotifyDeps, eventId?: string): Promise<NotifyReport> {
  const report = await runNotifyCycle(deps, aCall(eventId));
  if (!('decisions' in report)) throw new Error(`no run: ${report.outcome} ${report.reason}`);
  return report;
}

/** One registration, whose queue holds three messages that nobody takes. */
async function stuckScene() {
  const made = scene();
  await made.store.registrations.put(aDraft());
  made.queues.set('QM1', { 'DEV.QUEUE.1': 3 });
  /** Runs so many cycles, a minute apart, and gives what was decided on the first registration in each. */
  const everyMinute = async (cycles: number): Promise<readonly (string | undefined)[]> => {
    const reasons: (string | undefined)[] = [];
    for (let cycle = 0; cycle < cycles; cycle++) {
      reasons.push((await run(made.deps)).decisions[0]?.reason);
      made.clock.advance(60_000);
    }
    return reasons;
  };
  return { ...made, everyMinute };
}

const POLICY = { failuresMax: 2, quarantineMs: 60_000, dropBad: false };

describe('the notify cycle', () => {
  it('wakes who waits for a queue that holds messages, with its depth', async () => {
    const { store, queues, channel, deps } = scene();
    await store.registrations.put(aDraft({ id: 'a', queue: 'FULL' }));
    await store.registrations.put(aDraft({ id: 'b', queue: 'EMPTY' }));
    queues.set('QM1', { FULL: 3 });
    const report = await run(deps);
    expect(channel.woken.map(({ registration, depth }) => [registration.id, depth])).toEqual([['a', 3]]);
    expect(report.decisions).toEqual([
      { id: 'a', reason: 'woken', depth: 3, attempts: 1 },
      { id: 'b', reason: 'depth_below', depth: 0 },
    ]);
    expect(report).toMatchObject({
      cycle: 'notify',
      outcome: 'completed',
      registrations: { total: 2, active: 2, quarantined: 0 },
      notifications: { due: 1, succeeded: 1, failed: 0, skipped: 0, deferred: 0, attempts: 1 },
      queue_managers: [{ qmgr: 'QM1', outcome: 'ok', queues: 1, error: null }],
    });
  });

  it('asks each queue manager once, and none when nobody waits', async () => {
    const { store, queues, deps } = scene();
    await run(deps);
    expect(queues.asked).toEqual([]);
    for (const id of ['a', 'b', 'c'])
      await store.registrations.put(aDraft({ id, when: { no_reader: false } }));
    await store.registrations.put(aDraft({ id: 'd', qmgr: 'QM2' }));
    await run(deps);
    expect(queues.asked.toSorted()).toEqual(['QM1', 'QM2']);
    expect(queues.wanted.get('QM1')).toEqual({
      names: new Set(['DEV.QUEUE.1']),
      oldestMessageAge: false,
      openInputCount: false,
    });
  });

  it('asks no queue manager whose registrations are all at rest', async () => {
    const { store, queues, channel, deps } = scene({ failurePolicy: { ...POLICY, failuresMax: 1 } });
    await store.registrations.put(aDraft());
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(() => ({ kind: 'answered', status: 400 }));
    await run(deps);
    expect((await run(deps)).queue_managers).toEqual([]);
    expect(queues.asked).toEqual(['QM1']);
  });

  it('tells the depth for registrations at rest whose queue manager is asked for others', async () => {
    const { store, queues, channel, deps } = scene({ failurePolicy: { ...POLICY, failuresMax: 1 } });
    await store.registrations.put(aDraft({ id: 'a', queue: 'FULL' }));
    await store.registrations.put(aDraft({ id: 'b', queue: 'EMPTY' }));
    queues.set('QM1', { FULL: 4 });
    channel.answerWith(() => ({ kind: 'answered', status: 400 }));
    await run(deps);
    expect((await run(deps)).decisions).toEqual([
      { id: 'a', reason: 'quarantined', depth: 4, detail: 'status 400' },
      { id: 'b', reason: 'depth_below', depth: 0 },
    ]);
    expect(queues.wanted.get('QM1')?.names).toEqual(new Set(['EMPTY', 'FULL']));
  });

  it('asks for what some rule needs, and goes by it', async () => {
    const { store, queues, deps } = scene();
    await store.registrations.put(
      aDraft({ id: 'a', queue: 'OLD', when: { oldest_message_age_at_least: 'PT5M' } }),
    );
    await store.registrations.put(aDraft({ id: 'b', queue: 'READ', when: { no_reader: true } }));
    await store.registrations.put(aDraft({ id: 'c', queue: 'SHUT' }));
    await store.registrations.put(aDraft({ id: 'd', queue: 'GONE' }));
    await store.registrations.put(aDraft({ id: 'e', queue: 'O*' }));
    const queuesNow = {
      OLD: { depth: 1, oldestMessageAgeMs: 300_000 },
      OTHER: 2,
      READ: { depth: 1, openInputCount: 1 },
      SHUT: { depth: 1, getInhibited: true },
    } as const;
    queues.set('QM1', queuesNow, { notFound: ['GONE'] });
    const report = await run(deps);
    expect(queues.wanted.get('QM1')).toEqual({
      names: new Set(['OLD', 'READ', 'SHUT', 'GONE', 'O*']),
      oldestMessageAge: true,
      openInputCount: true,
    });
    expect(report.decisions.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      { id: 'a', reason: 'woken', depth: 1, attempts: 1 },
      { id: 'b', reason: 'reader_present', depth: 1 },
      { id: 'c', reason: 'get_inhibited', depth: 1 },
      { id: 'd', reason: 'queue_not_found' },
      { id: 'e', reason: 'woken', depth: 2, depth_sum: 3, attempts: 1 },
    ]);
    expect(report.notifications).toEqual({
      ...{ due: 2, succeeded: 2, failed: 0, skipped: 2, deferred: 0, attempts: 2 },
    });
  });

  it('counts everybody once: who was begun with, and who was held back though messages wait', async () => {
    const { store, queues, channel, deps } = scene();
    const status = new Map([
      ['fails', 400],
      ['goes', 410],
      ['later', 429],
    ]);
    for (const id of ['fine', 'rests', ...status.keys()])
      await store.registrations.put(
        aDraft({ id, ...(id === 'rests' ? { when: { cooldown: 'PT1H' } } : {}) }),
      );
    await store.registrations.put(aDraft({ id: 'empty', queue: 'EMPTY' }));
    await store.registrations.put(aDraft({ id: 'shut', queue: 'SHUT' }));
    queues.set('QM1', { 'DEV.QUEUE.1': 1, SHUT: { depth: 1, getInhibited: true } });
    channel.answerWith(({ registration }) => ({
      kind: 'answered',
      status: status.get(registration.id) ?? 200,
    }));
    for (let cycle = 0; cycle < 12; cycle++) {
      const { decisions, notifications } = await run(deps);
      const { due, succeeded, failed, skipped, deferred } = notifications;
      const heldBack = decisions.filter(
        ({ attempts, depth = 0, reason }) =>
          attempts === undefined && depth > 0 && !['quarantined', 'retired'].includes(reason),
      ).length;
      expect(due).toBe(decisions.filter(({ attempts }) => attempts !== undefined).length);
      expect(succeeded + failed + skipped + deferred).toBe(due + heldBack);
    }
  });

  it('tells what fell short in a reading, in the report and once in the log', async () => {
    const { clock, store, queues, deps } = scene();
    const { log, lines } = keepingLogger(clock);
    await store.registrations.put(aDraft());
    await store.registrations.put(aDraft({ qmgr: 'QM2' }));
    queues.set('QM1', {}, { warnings: ['MSGAGE is not known here', 'DEV.A is damaged'] });
    queues.set('QM2', {});
    const report = await run({ ...deps, log });
    expect(report.outcome).toBe('completed');
    const line = { outcome: 'ok', queues: 0, duration_ms: 0, error: null };
    expect(report.queue_managers).toEqual([
      { qmgr: 'QM1', ...line, warnings: ['MSGAGE is not known here', 'DEV.A is damaged'] },
      { qmgr: 'QM2', ...line },
    ]);
    expect(lines.filter((one) => one.includes('MSGAGE is not known here'))).toHaveLength(1);
  });

  it('wakes again in every cycle while messages wait', async () => {
    const { store, queues, channel, deps } = scene();
    await store.registrations.put(aDraft());
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    await run(deps);
    await run(deps);
    expect(channel.woken).toHaveLength(2);
    expect(channel.woken[0]?.id).not.toBe(channel.woken[1]?.id);
  });

  it('blames no registration for what a queue manager does', async () => {
    const { store, queues, channel, deps } = scene({ failurePolicy: POLICY });
    await store.registrations.put(aDraft({ id: 'lost', qmgr: 'QM2' }));
    await store.registrations.put(aDraft({ id: 'well' }));
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    for (let cycle = 0; cycle < 3; cycle++) {
      const report = await run(deps);
      expect(report.decisions).toContainEqual({
        id: 'lost',
        reason: 'queue_manager_error',
        detail: 'unreachable',
      });
    }
    expect(channel.woken.map(({ registration }) => registration.id)).toEqual(['well', 'well', 'well']);
    expect((await store.registrations.get(asRegistrationId('lost')))?.registration.state.failures).toBe(0);
  });

  it('counts failures in a row, puts into quarantine at the limit, and leaves alone until restored', async () => {
    const { clock, store, queues, channel, deps } = scene({ failurePolicy: POLICY });
    await store.registrations.put(aDraft({ id: 'a' }));
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(() => ({ kind: 'answered', status: 400 }));
    const stateNow = async () => (await store.registrations.get(asRegistrationId('a')))?.registration.state;

    await run(deps);
    expect(await stateNow()).toMatchObject({ failures: 1 });
    channel.answerWith(() => ({ kind: 'answered', status: 200 }));
    await run(deps);
    expect(await stateNow()).toMatchObject({ failures: 0 });

    channel.answerWith(() => ({ kind: 'answered', status: 400 }));
    await run(deps);
    const report = await run(deps);
    expect(report.decisions[0]?.detail).toContain('in quarantine until');
    expect(await stateNow()).toMatchObject({ failures: 2, quarantinedUntilMs: clock.nowMs() + 60_000 });

    const before = channel.woken.length;
    expect((await run(deps)).decisions).toEqual([{ id: 'a', reason: 'quarantined', detail: 'status 400' }]);
    expect(channel.woken).toHaveLength(before);

    expect(await runRestoreCycle(cycleDeps(store), aCall())).toMatchObject({ restored: [], quarantined: 1 });
    clock.advance(60_001);
    expect(await runRestoreCycle(cycleDeps(store), aCall())).toMatchObject({
      restored: ['a'],
      quarantined: 0,
    });
    expect(await stateNow()).toMatchObject({ failures: 0 });
    await run(deps);
    expect(channel.woken).toHaveLength(before + 1);
  });

  it('drops at the limit with DROP_BAD: not listed, not found, not woken, until registered again', async () => {
    const { store, queues, channel, deps } = scene({
      failurePolicy: { ...POLICY, failuresMax: 1, dropBad: true },
    });
    const id = asRegistrationId('a');
    await store.registrations.put(aDraft({ id }));
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(() => ({ kind: 'answered', status: 400 }));
    await run(deps);
    expect(await store.registrations.get(id)).toBeUndefined();
    expect((await store.registrations.readAll()).stored).toEqual([]);
    expect((await run(deps)).decisions).toEqual([]);
    await store.registrations.put(aDraft({ id }));
    expect((await run(deps)).decisions).toHaveLength(1);
  });

  it('retires a target that answers 410, until it is registered again', async () => {
    const { store, queues, channel, deps } = scene();
    const id = asRegistrationId('a');
    await store.registrations.put(aDraft({ id }));
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(() => ({ kind: 'answered', status: 410 }));
    expect((await run(deps)).notifications).toMatchObject({ due: 1, failed: 1, succeeded: 0 });
    expect((await run(deps)).registrations).toMatchObject({ total: 1, active: 0, retired: 1 });
    const retired = await store.registrations.get(id);
    expect(retired && statusOf(retired.registration)).toBe('retired');
    await store.registrations.put(aDraft({ id }));
    const again = await store.registrations.get(id);
    expect(again && statusOf(again.registration)).toBe('active');
  });

  it('tries again after failures that may pass, under one id', async () => {
    const { store, queues, channel, deps } = scene();
    await store.registrations.put(aDraft());
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(() => ({ kind: 'answered', status: channel.woken.length < 3 ? 503 : 200 }));
    const report = await run(deps);
    expect(report.decisions).toMatchObject([{ reason: 'woken', attempts: 3 }]);
    expect(new Set(channel.woken.map(({ id }) => id)).size).toBe(1);
  });

  it('respects a cooldown across cycles', async () => {
    const { clock, store, queues, channel, deps } = scene();
    await store.registrations.put(aDraft({ when: { cooldown: 'PT10M' } }));
    queues.set('QM1', { 'DEV.QUEUE.1': 5 });
    await run(deps);
    clock.advance(9 * 60_000);
    expect((await run(deps)).decisions).toMatchObject([{ reason: 'cooldown', depth: 5 }]);
    clock.advance(60_001);
    await run(deps);
    expect(channel.woken).toHaveLength(2);
  });

  it('wakes less and less often when that makes no depth fall, until it falls', async () => {
    const { deps, queues, everyMinute } = await stuckScene();
    const reasons = await everyMinute(20);
    expect(reasons.map((reason) => (reason === 'woken' ? 'w' : '-')).join('')).toBe('wwwwwwwwwww-w---w---');
    const held = await run(deps);
    expect(held.decisions).toMatchObject([
      { reason: 'no_progress', depth: 3, detail: expect.stringContaining('13 wake-ups in a row') as string },
    ]);
    expect(held.notifications).toMatchObject({ due: 0, succeeded: 0, skipped: 1 });
    queues.set('QM1', { 'DEV.QUEUE.1': 2 });
    expect(await everyMinute(10)).toEqual(Array.from({ length: 10 }, () => 'woken'));
  });

  it('holds nobody back who registers again, or whose queue manager was away meanwhile and found it moving', async () => {
    const { store, queues, everyMinute } = await stuckScene();
    await everyMinute(12);
    await store.registrations.put(aDraft());
    expect(await everyMinute(2)).toEqual(['woken', 'woken']);
    await everyMinute(10);
    queues.fail('QM1');
    await everyMinute(1);
    queues.set('QM1', { 'DEV.QUEUE.1': 2 });
    expect(await everyMinute(2)).toEqual(['woken', 'woken']);
  });

  it('remembers what made no progress while its queue manager cannot be read, and in partial runs', async () => {
    const { objects, store, queues, everyMinute } = await stuckScene();
    await everyMinute(15);
    queues.fail('QM1');
    expect(await everyMinute(1)).toEqual(['queue_manager_error']);
    queues.set('QM1', { 'DEV.QUEUE.1': 3 });
    await store.registrations.put(aDraft({ id: 'hurt' }));
    const { objects: listed } = await objects.list('mq-observer/registrations/');
    await objects.put(listed.find(({ key }) => key.endsWith('hurt.json'))?.key ?? '', '{');
    expect(await everyMinute(1)).toEqual(['woken']);
    expect(await everyMinute(7)).toEqual(Array.from({ length: 7 }, () => 'no_progress'));
  });

  it('counts only wake-ups that succeeded', async () => {
    const { channel, everyMinute } = await stuckScene();
    channel.answerWith(() => ({ kind: 'answered', status: 400 }));
    await everyMinute(9);
    channel.answerWith(() => ({ kind: 'answered', status: 200 }));
    expect(await everyMinute(11)).toEqual(Array.from({ length: 11 }, () => 'woken'));
  });

  it('asks for the age of messages once wake-ups make no depth fall, for that would tell', async () => {
    const { queues, everyMinute } = await stuckScene();
    await everyMinute(8);
    expect(queues.wanted.get('QM1')).toMatchObject({ oldestMessageAge: false });
    await everyMinute(2);
    expect(queues.wanted.get('QM1')).toMatchObject({ oldestMessageAge: true });
  });

  it('forgets the standstill of who is no longer registered', async () => {
    const { store, everyMinute } = await stuckScene();
    const remembered = async (): Promise<unknown> =>
      (await store.reports.read('notify')).memory['standstills'];
    await everyMinute(1);
    const { id } = aDraft();
    expect(await remembered()).toEqual([[id, expect.any(String), 3, 1, expect.any(Number), 0, 0]]);
    await store.registrations.remove(id);
    await everyMinute(1);
    expect(await remembered()).toBeUndefined();
  });

  it('brings nothing back that was unregistered while it ran', async () => {
    const { store, queues, channel, deps } = scene();
    const id = asRegistrationId('a');
    await store.registrations.put(aDraft({ id }));
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(async () => {
      await store.registrations.remove(id);
      return { kind: 'answered', status: 400 };
    });
    await run(deps);
    expect(await store.registrations.get(id)).toBeUndefined();
    await store.registrations.put(aDraft({ id }));
    expect((await store.registrations.get(id))?.registration.state.failures).toBe(0);
  });

  it('defers what no time is left for, says so, and takes it first the next time', async () => {
    const { clock, store, queues, channel, deps } = scene();
    for (const id of ['a', 'b', 'c'])
      await store.registrations.put(
        aDraft({ id, notify: 'https://one.example/', delivery: { timeout: 'PT30S' } }),
      );
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(() => {
      clock.advance(40_000);
      return { kind: 'answered', status: 200 };
    });
    const narrow = { ...deps, lanes: () => oneAtATime() };
    const first = await run(narrow);
    const deferred = first.decisions.filter(({ reason }) => reason === 'deferred').map(({ id }) => id);
    expect(first.notifications).toMatchObject({ succeeded: 2, deferred: 1, failed: 0 });
    channel.woken.length = 0;
    await run(narrow);
    expect(channel.woken[0]?.registration.id).toBe(deferred[0]);
  });

  it('keeps the place of who was deferred while its queue manager cannot be read', async () => {
    const { clock, store, queues, channel, deps } = scene();
    for (const id of ['a', 'b', 'c'])
      await store.registrations.put(
        aDraft({ id, notify: 'https://one.example/', delivery: { timeout: 'PT30S' } }),
      );
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(() => {
      clock.advance(40_000);
      return { kind: 'answered', status: 200 };
    });
    const narrow = { ...deps, lanes: () => oneAtATime() };
    const first = await run(narrow);
    const deferred = first.decisions.filter(({ reason }) => reason === 'deferred').map(({ id }) => id);
    expect(deferred).toHaveLength(1);
    queues.fail('QM1');
    await run(narrow);
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.woken.length = 0;
    await run(narrow);
    expect(channel.woken[0]?.registration.id).toBe(deferred[0]);
  });

  it('goes on when one wake-up ends by a bug, and says whose', async () => {
    const { store, queues, channel, deps } = scene();
    for (const id of ['a', 'b', 'c'])
      await store.registrations.put(aDraft({ id, notify: `https://${id}.example/` }));
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(({ registration }) => {
      if (registration.id === 'b') throw new Error('a bug');
      return { kind: 'answered', status: registration.id === 'c' ? 410 : 204 };
    });
    const report = await run(deps);
    expect(report).toMatchObject({
      outcome: 'partial',
      problems: [expect.stringContaining('a wake-up was broken off (registration b)')],
      notifications: { succeeded: 1, failed: 1 },
    });
    expect((await store.registrations.get(asRegistrationId('c')))?.registration.state.ended).toBe('retired');
  });

  it('knows whom it keeps waiting although that need not answer', async () => {
    const { store, queues, channel, deps } = scene();
    await store.registrations.put(aDraft({ id: 'a', delivery: { acknowledge: false } }));
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(() => ({ kind: 'no-answer', code: 'timeout', message: 'hangs' }));
    expect((await run(deps)).notifications).toMatchObject({ succeeded: 1, failed: 0 });
    const state = async () => (await store.registrations.get(asRegistrationId('a')))?.registration.state;
    expect(await state()).toMatchObject({ slow: true, failures: 0 });
    channel.answerWith(() => ({ kind: 'answered', status: 204 }));
    await run(deps);
    expect(await state()).not.toHaveProperty('slow');
  });

  it.each(['blocked', 'connect', 'dns', 'tls', 'no-responders'] as const)(
    'counts as woken nobody to whom nothing can have been sent (%s)',
    async (code) => {
      const { store, queues, channel, deps } = scene();
      await store.registrations.put(aDraft({ id: 'a', delivery: { acknowledge: false } }));
      queues.set('QM1', { 'DEV.QUEUE.1': 1 });
      channel.answerWith(() => ({ kind: 'no-answer', code, message: 'why' }));
      expect((await run(deps)).notifications).toMatchObject({ succeeded: 0, failed: 1 });
    },
  );

  it('keeps the beginning of a reply that is long', async () => {
    const { store, queues, channel, deps } = scene();
    await store.registrations.put(aDraft({ id: 'a', notify: 'nats:orders' }));
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(() => ({ kind: 'accepted', reply: '€'.repeat(4_000) }));
    const { reply } = (await run(deps)).decisions[0] ?? {};
    expect(String(reply)).toHaveLength(1_024 + '… (4002 characters)'.length);
  });

  it('takes no host for slow because of somebody who is not woken any more', async () => {
    const { store, queues, channel, deps } = scene();
    for (const id of ['gone', 'well'])
      await store.registrations.put(aDraft({ id, notify: `https://one.example/${id}` }));
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    const lanesEntered: boolean[] = [];
    const lanes = () => {
      const made = deps.lanes(1);
      const enter: typeof made.enter = (host, slow, ...more) => {
        lanesEntered.push(slow);
        made.enter(host, slow, ...more);
      };
      return { enter };
    };
    channel.answerWith(({ registration: { id } }) =>
      id === 'gone'
        ? { kind: 'no-answer', code: 'timeout', message: 'hangs' }
        : { kind: 'answered', status: 204 },
    );
    await run({ ...deps, lanes });
    lanesEntered.length = 0;
    channel.answerWith(({ registration: { id } }) => ({
      kind: 'answered',
      status: id === 'gone' ? 410 : 204,
    }));
    await run({ ...deps, lanes });
    expect(lanesEntered).toEqual([true, true]);
    lanesEntered.length = 0;
    await run({ ...deps, lanes });
    expect(lanesEntered).toEqual([false]);
  });

  it('tells what came of a consent, and remembers when a job was started', async () => {
    const { clock, store, queues, channel, deps } = scene();
    await store.registrations.put(aDraft({ id: 'job', notify: 'my-job' }));
    await store.registrations.put(aDraft({ id: 'subject', notify: 'nats:orders' }));
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(({ registration: { id } }) =>
      id === 'job'
        ? { kind: 'accepted', run: 'mqo-1' }
        : { kind: 'accepted', reply: { handled: 1 }, relay: 'node' },
    );
    const report = await run(deps);
    expect(report.decisions).toEqual([
      { id: 'job', reason: 'woken', depth: 1, attempts: 1, run: 'mqo-1' },
      { id: 'subject', reason: 'woken', depth: 1, attempts: 1, reply: { handled: 1 }, relay: 'node' },
    ]);
    const startedMs = clock.nowMs();
    clock.advance(60_000);
    await run(deps);
    expect(channel.woken.findLast(({ registration: { id } }) => id === 'job')?.lastWokenAtMs).toBe(startedMs);
  });

  it('is held up by a job that is not over, which is no failure, and by us, which is none either', async () => {
    const { clock, store, queues, channel, deps } = scene();
    await store.registrations.put(aDraft({ id: 'a', notify: 'my-job' }));
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(() => ({ kind: 'held', reason: 'job_running', message: 'mqo-1 is running' }));
    const { log, lines } = keepingLogger(clock);
    const held = await run({ ...deps, log });
    expect(lines.filter((line) => line.includes('not woken'))).toEqual([
      expect.stringContaining('"level":"debug"'),
    ]);
    expect(held.decisions).toEqual([
      { id: 'a', reason: 'job_running', depth: 1, detail: 'mqo-1 is running' },
    ]);
    expect(held.notifications).toMatchObject({ due: 0, succeeded: 0, failed: 0, skipped: 1 });
    channel.answerWith(() => ({ kind: 'misconfigured', message: 'ce_apikey is not set' }));
    const unset = await run(deps);
    expect(unset.decisions).toMatchObject([{ reason: 'misconfigured', detail: 'ce_apikey is not set' }]);
    expect((await store.registrations.get(asRegistrationId('a')))?.registration.state.failures).toBe(0);
  });

  it('tells of what happens to registrations and that it ended, the same again after a kill', async () => {
    const { store, queues, channel, deps } = scene({
      failurePolicy: { failuresMax: 2, quarantineMs: 60_000, dropBad: false },
    });
    await store.registrations.put(aDraft({ id: 'a' }));
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(() => ({ kind: 'answered', status: 400 }));
    const { events, told } = rememberedEvents();
    for (let count = 0; count < 3; count++) await run({ ...deps, events });
    expect(told.map(({ type }) => type)).toEqual([
      'failing',
      'cycle.completed',
      'quarantined',
      'cycle.completed',
      'cycle.completed',
    ]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(5);
  });

  it('stores nothing of what it learned while that cannot be told', async () => {
    const { store, queues, channel, deps } = scene();
    await store.registrations.put(aDraft({ id: 'a' }));
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    channel.answerWith(() => ({ kind: 'answered', status: 400 }));
    const failing = {
      ...rememberedEvents().events,
      announce: () => Promise.reject(new ObjectStoreError('unavailable', 'down')),
    };
    const report = await run({ ...deps, events: failing });
    expect(report).toMatchObject({
      outcome: 'partial',
      problems: expect.arrayContaining([expect.stringContaining('events were not written')]) as unknown,
    });
    expect((await store.registrations.get(asRegistrationId('a')))?.registration.state.failures).toBe(0);
  });

  it('lets channels go of what they held when it ends, however it ends', async () => {
    const { store, queues, channel, deps } = scene();
    await store.registrations.put(aDraft());
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    let ended = 0;
    const endCycle = async (): Promise<void> => void (ended += 1);
    const channels = { ...deps.channels, nats: { ...channel, endCycle } };
    await run({ ...deps, channels });
    const broken = { ...queues, read: () => Promise.reject(new Error('a bug')) };
    await expect(run({ ...deps, channels, queues: broken })).rejects.toThrow('a bug');
    expect(ended).toBe(2);
  });

  it('answers an event that comes again without running again', async () => {
    const { store, queues, channel, deps } = scene();
    await store.registrations.put(aDraft());
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    await run(deps, 'tick#1');
    expect(await runNotifyCycle(deps, aCall('tick#1'))).toMatchObject({ outcome: 'skipped' });
    expect(channel.woken).toHaveLength(1);
  });

  it('skips while another instance runs', async () => {
    const { objects, clock, store, queues, channel, deps } = scene();
    await store.registrations.put(aDraft());
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    const otherStore = testStore({ objects, clock, random: seededRandomness(2) });
    channel.answerWith(async () => {
      expect(await runNotifyCycle(notifyDeps(otherStore, { queues, channel }), aCall())).toMatchObject({
        outcome: 'skipped',
      });
      return { kind: 'answered', status: 200 };
    });
    await run(deps);
    expect(channel.woken).toHaveLength(1);
  });

  it('writes nothing but lease and report when nothing was learned', async () => {
    const { objects, store, queues, deps } = scene();
    await store.registrations.put(aDraft());
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    await run(deps);
    const before = await objects.list('');
    await run(deps);
    const after = await objects.list('');
    const changed = after.objects.filter(
      ({ key, etag }) => before.objects.find((o) => o.key === key)?.etag !== etag,
    );
    expect(changed.map(({ key }) => key)).toEqual([
      'mq-observer/leases/notify.json',
      'mq-observer/reports/notify.json',
    ]);
  });

  it('works around what is damaged and tells of it', async () => {
    const { objects, store, queues, channel, deps } = scene();
    await store.registrations.put(aDraft({ id: 'well' }));
    await store.registrations.put(aDraft({ id: 'hurt' }));
    const listed = (await objects.list('mq-observer/registrations/')).objects.find(({ key }) =>
      key.endsWith('hurt.json'),
    );
    await objects.put(listed?.key ?? '', '{"format":1,');
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    const report = await run(deps);
    expect(report.outcome).toBe('partial');
    expect(report.problems?.join()).toContain('hurt.json is damaged');
    expect(channel.woken.map(({ registration }) => registration.id)).toEqual(['well']);
  });

  it('stops starting wake-ups when told to stop, and blames nobody', async () => {
    const { store, queues, channel, deps } = scene();
    await store.registrations.put(aDraft({ id: 'a' }));
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    const stop = new AbortController();
    stop.abort();
    const call = {
      eventId: undefined,
      stopping: { stop: stop.signal, abandon: new AbortController().signal },
    };
    const report = await runNotifyCycle(deps, call);
    expect(report).toMatchObject({ notifications: { deferred: 1, failed: 0 } });
    expect(channel.woken).toEqual([]);
  });

  it('adds its counts to the counters exactly once', async () => {
    const { store, queues, deps } = scene();
    await store.registrations.put(aDraft());
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    await run(deps);
    await run(deps);
    expect((await store.reports.read('notify')).counters).toMatchObject({ cycles: 2, due: 2, succeeded: 2 });
  });
});

function oneAtATime() {
  const { enter } = createDispatcher({ atOnce: 1, perHost: 1 });
  return { enter: (_host: string, _slow: boolean, start: (leave: Leave) => void) => enter('any', start) };
}
