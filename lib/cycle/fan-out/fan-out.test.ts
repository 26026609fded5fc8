import { describe, expect, it } from 'vitest';
import { asRegistrationId } from '../../registration/registration.ts';
import { aDraft } from '../../../test/support/test-store.ts';
import { aCall } from '../../../test/support/test-cycles.ts';
import { runNotifyCycle } from '../notify-cycle.ts';
import { fanOutScene } from './fan-out-test-support.ts';
import { runRange } from './run-range.ts';

async function filledScene(count = 36) {
  const scene = fanOutScene();
  for (let index = 0; index < count; index++)
    await scene.store.registrations.put(
      aDraft({ id: `id-${index}`, queue: `QUEUE.${index % 4}`, notify: `https://app-${index}.example/` }),
    );
  scene.queues.set('QM1', { 'QUEUE.0': 5, 'QUEUE.1': 2 });
  scene.queues.set('QM2', {});
  return scene;
}

describe('a notify cycle that is split', () => {
  it('wakes all who are due, each once, and asks each queue manager once', async () => {
    const { run, requests, channel, queues } = await filledScene();
    const report = await run();
    expect(requests).toHaveLength(16);
    expect(channel.woken.map(({ registration: { id } }) => id).toSorted()).toHaveLength(18);
    expect(new Set(channel.woken.map(({ registration: { id } }) => id)).size).toBe(18);
    expect(queues.asked.toSorted()).toEqual(['QM1', 'QM2']);
    expect(report).toMatchObject({
      outcome: 'completed',
      registrations: { total: 36, active: 36 },
      notifications: { due: 18, succeeded: 18, deferred: 0 },
      queue_managers: [{ qmgr: 'QM1', outcome: 'ok' }],
    });
    expect(report.ranges?.map(({ registrations }) => registrations).reduce((a, b) => a + b)).toBe(36);
  });

  it('is not begun where the guard before private networks does not hold', async () => {
    const { instance, queues, requests } = await filledScene();
    const deps = { ...instance(), egressProblem: async () => 'the guard does not hold' };
    expect(await runNotifyCycle(deps, aCall())).toMatchObject({
      outcome: 'failed',
      problems: [expect.stringContaining('the guard does not hold')],
    });
    expect([...queues.asked, ...requests]).toEqual([]);
  });

  it('is split by what the cycle before had to do, and is not any more when that has become less', async () => {
    const { run, store, requests } = await filledScene();
    await run();
    requests.length = 0;
    expect((await run()).ranges).toHaveLength(4);
    expect(requests).toHaveLength(4);
    for (let index = 5; index < 40; index++)
      await store.registrations.remove(asRegistrationId(`id-${index}`));
    expect((await run()).ranges).toHaveLength(4);
    expect((await run()).ranges).toBeUndefined();
  });

  it('counts failures, and puts into quarantine, as one that is not', async () => {
    const scene = await filledScene(12);
    scene.channel.answerWith(() => ({ kind: 'answered', status: 400 }));
    for (let cycle = 0; cycle < 10; cycle++) await scene.run();
    const report = await scene.run();
    expect(report.registrations).toMatchObject({ total: 12, quarantined: 6 });
    const { counters } = await scene.store.reports.read('notify');
    expect(counters).toMatchObject({ cycles: 11, failed: 60 });
  });

  it('wakes for queues that no pattern means, and says which are not there', async () => {
    const { run, store, queues, channel } = await filledScene(12);
    await store.registrations.put(aDraft({ id: 'system', queue: 'SYSTEM.DEAD.LETTER.QUEUE' }));
    await store.registrations.put(aDraft({ id: 'nowhere', queue: 'NOT.THERE' }));
    queues.set('QM1', { 'SYSTEM.DEAD.LETTER.QUEUE': 1 }, { notFound: ['NOT.THERE'] });
    await run();
    expect(channel.woken.map(({ registration: { id } }) => id)).toEqual(['system']);
    expect(queues.wanted.get('QM1')?.everyName).toBe(true);
    const { decisions } = await run();
    expect(decisions.find(({ id }) => id === 'nowhere')).toMatchObject({ reason: 'queue_not_found' });
    expect([...(queues.wanted.get('QM1')?.names ?? [])]).toContain('NOT.THERE');
  });

  it('asks for ages only where somebody needs them, once that is known', async () => {
    const { run, store, queues } = await filledScene(12);
    await run();
    expect(queues.wanted.get('QM1')).toMatchObject({ oldestMessageAge: true, openInputCount: true });
    await run();
    expect(queues.wanted.get('QM1')).toMatchObject({ oldestMessageAge: false, openInputCount: true });
    await store.registrations.put(aDraft({ id: 'old', when: { oldest_message_age_at_least: 'PT1M' } }));
    await run();
    await run();
    expect(queues.wanted.get('QM1')).toMatchObject({ oldestMessageAge: true });
  });

  it('tells of a queue manager that fails once, and of one that nobody waits for not at all', async () => {
    const { run, queues } = await filledScene(12);
    queues.fail('QM1');
    queues.fail('QM2');
    const report = await run();
    expect(report.queue_managers).toMatchObject([{ qmgr: 'QM1', outcome: 'error' }]);
    expect(report.problems).toEqual(['not read: QM1 (see queue_managers)']);
    expect(report.decisions.every(({ reason }) => reason === 'queue_manager_error')).toBe(true);
  });

  it('knows that a queue manager is not configured', async () => {
    const { run, store } = await filledScene(12);
    await store.registrations.put(aDraft({ id: 'lost', qmgr: 'NOWHERE' }));
    const report = await run();
    expect(report.queue_managers.map(({ qmgr }) => qmgr)).toEqual(['NOWHERE', 'QM1']);
    expect(report.decisions.find(({ id }) => id === 'lost')).toMatchObject({ reason: 'queue_manager_error' });
  });

  it('sends a test wake-up once', async () => {
    const { run, store, channel } = await filledScene(12);
    const request = await store.testRequests.ask(asRegistrationId('id-2'));
    expect((await run()).tests).toMatchObject([{ id: 'id-2', request, reason: 'woken' }]);
    expect(channel.woken.filter(({ test }) => test === request)).toHaveLength(1);
    expect((await run()).tests).toBeUndefined();
  });
});

describe('when an invocation fails', () => {
  it('before it began, the other ranges are served, and the next cycle looks at its registrations', async () => {
    const { run, channel, happens, store } = await filledScene();
    await run();
    channel.woken.length = 0;
    happens(async ({ range }, serve) => {
      if (range.label === '4-7') throw new Error('connection refused');
      await serve();
    });
    const report = await run();
    expect(report).toMatchObject({ outcome: 'partial', queue_managers: [{ qmgr: 'QM1' }] });
    expect(report.ranges).toMatchObject([
      { range: '0-3', outcome: 'completed' },
      { range: '4-7', outcome: 'unanswered', detail: 'connection refused' },
      { range: '8-b' },
      { range: 'c-f' },
    ]);
    expect(channel.woken.length).toBeLessThan(18);
    happens((_, serve) => serve());
    expect(await run()).toMatchObject({ outcome: 'completed', notifications: { succeeded: 18 } });
    expect((await store.reports.read('notify')).counters['error/range-call/bug']).toBe(1);
  });

  it('after it had reported, nothing is lost but its answer', async () => {
    const { run, happens } = await filledScene();
    happens(async (_, serve) => {
      await serve();
      throw new Error('the connection was closed in the middle');
    });
    expect(await run()).toMatchObject({ outcome: 'completed', notifications: { succeeded: 18 } });
  });

  it('in the middle, whoever comes next fences it off: what it learned too late is not stored', async () => {
    const { run, queues, channel, happens, store } = await filledScene(12);
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    channel.answerWith(async () => {
      await released;
      return { kind: 'answered', status: 400 };
    });
    const late: Promise<unknown>[] = [];
    happens(async (_, serve) => {
      const reachedTargets = channel.woken.length;
      late.push(serve());
      for (let turn = 0; turn < 200 && channel.woken.length === reachedTargets; turn++)
        await new Promise((resolve) => setImmediate(resolve));
      throw new Error('the connection was closed in the middle');
    });
    expect((await run()).outcome).toBe('partial');
    expect(channel.woken.length).toBeGreaterThan(0);
    queues.set('QM1', {});
    happens((_, serve) => serve());
    await run();
    release();
    await Promise.all(late);
    expect([...(await store.state.readAll()).entries()]).toEqual([]);
  });

  it('a request that comes twice is served once', async () => {
    const { run, happens, channel, instance } = await filledScene();
    happens(async (request, serve) => {
      await serve();
      const again = await runRange(instance(), request, aCall());
      expect(again).toMatchObject({ outcome: 'skipped', reason: 'this event was served before' });
    });
    await run();
    expect(channel.woken).toHaveLength(18);
  });

  it('and depths are not passed on, nobody is woken, and nobody is blamed', async () => {
    const scene = await filledScene(12);
    const { put } = scene.objects;
    Object.assign(scene.objects, {
      put: async (...given: Parameters<typeof put>) => {
        if (given[0].includes('/depths/')) throw new Error('no');
        return put(...given);
      },
    });
    const report = await scene.run();
    expect(report.notifications).toMatchObject({ due: 0 });
    expect(report.decisions.every(({ reason }) => reason === 'queue_manager_error')).toBe(true);
    expect(report.problems?.join()).toContain('were not passed on');
  });
});

describe('a split cycle that goes wrong', () => {
  it('and whose FANOUT_URL is of no use at all is not split in every other cycle, and says so', async () => {
    const { run, happens } = await filledScene();
    happens(async () => {
      throw new Error('connection refused');
    });
    const outcomes = [];
    for (let cycle = 0; cycle < 4; cycle++) {
      const { ranges, notifications, problems = [] } = await run();
      outcomes.push([
        ranges?.length ?? 1,
        notifications.succeeded,
        problems.some((one) => one.includes('FANOUT_URL')),
      ]);
    }
    expect(outcomes).toEqual([
      [16, 0, false],
      [1, 18, true],
      [4, 0, false],
      [1, 18, true],
    ]);
  });

  it('tells of a range that did not get to see what was read', async () => {
    const { run, objects, requests } = await filledScene();
    await run();
    const { get } = objects;
    let isBlind = true;
    Object.assign(objects, {
      get: async (...given: Parameters<typeof get>) =>
        given[0].includes('/depths/') && isBlind ? { kind: 'not-found' } : get(...given),
    });
    requests.length = 0;
    const report = await run();
    expect(report).toMatchObject({
      outcome: 'partial',
      queue_managers: [{ qmgr: 'QM1', outcome: 'error' }],
      problems: ['not read: QM1 (see queue_managers)'],
    });
    isBlind = false;
    expect((await run()).outcome).toBe('completed');
  });

  it('keeps its ranges while one was not heard of: nobody whom that one may still be waking is woken again', async () => {
    const { run, happens, requests } = await filledScene();
    happens(async ({ range }, serve) => {
      if (range.label === '4-4') throw new Error('the connection was closed in the middle');
      return serve();
    });
    await run();
    requests.length = 0;
    await run();
    expect(requests).toHaveLength(16);
    happens((_, serve) => serve());
    await run();
    requests.length = 0;
    await run();
    expect(requests).toHaveLength(4);
  });

  it('refuses what comes when it is over, and what no cycle asked for', async () => {
    const { run, requests, instance, channel } = await filledScene();
    await run();
    const [request] = requests;
    if (request === undefined) throw new Error('there were ranges');
    channel.woken.length = 0;
    const over = { outcome: 'skipped', reason: 'the cycle that asked for it is over' };
    expect(await runRange(instance(), request, aCall())).toMatchObject(over);
    const forged = { ...request, cycle: 'other', fence: Number.MAX_SAFE_INTEGER };
    expect(await runRange(instance(), forged, aCall())).toMatchObject(over);
    expect(channel.woken).toEqual([]);
    expect((await run()).outcome).toBe('completed');
  });

  it('adds up the errors of its ranges', async () => {
    const { run, channel, store, objects } = await filledScene(12);
    await run();
    const { put } = objects;
    Object.assign(objects, {
      put: async (...given: Parameters<typeof put>) => {
        if (given[0].includes('/state/')) throw new Error('no');
        return put(...given);
      },
    });
    channel.answerWith(() => ({ kind: 'answered', status: 400 }));
    const { ranges = [] } = await run();
    const troubled = ranges.filter(({ outcome }) => outcome === 'partial').length;
    const { counters } = await store.reports.read('notify');
    expect(troubled).toBeGreaterThan(1);
    expect(counters['error/state-write/bug']).toBeGreaterThanOrEqual(troubled);
  });

  it('has names looked up of every range, however many empty queues one of them has', async () => {
    const { run, store, queues } = await filledScene();
    for (let index = 0; index < 60; index++)
      await store.registrations.put(aDraft({ id: `empty-${index}`, queue: `EMPTY.${index}` }));
    await run();
    const asked = new Set<string>();
    for (let cycle = 0; cycle < 30; cycle++) {
      await run();
      for (const name of queues.wanted.get('QM1')?.names ?? []) asked.add(name);
    }
    expect(asked.size).toBe(62);
  });
});
