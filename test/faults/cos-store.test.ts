import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ETag, ObjectStore } from '../../lib/object-store/object-store.ts';
import type { Clock } from '../../lib/platform/clock.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import { registrationKey } from '../../lib/store/keys.ts';
import type { Store } from '../../lib/store/store.ts';
import type { Fault } from '../support/fault-proxy-faults.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { createBucket, s3IsInstalled, s3Server, storeOnS3 } from '../support/s3-server.ts';
import { aDraft, testStore } from '../support/test-store.ts';

/** One call where silence is played. */
const CALL_MS_MAX = 300;
/** One call where it is not: a busy machine must not look like a fault. */
const LONG_CALL_MS_MAX = 3_000;
/** How long the store tries: long enough for every fault that passes, short enough for one that does not. */
const PATIENCE_MS = 15_000;
const SHORT_PATIENCE_MS = 400;

/** The time of the machine, but the store waits a quarter as long before it tries again. */
const impatient: Clock = {
  nowMs: systemClock.nowMs,
  sleep: (ms, signal) => systemClock.sleep(ms / 4, signal),
};

const answer = (status: number, code: string, applied = false): Fault => ({
  kind: 'answer',
  status,
  code,
  applied,
});

/** Faults that pass: the next attempt finds nothing wrong. */
const PASSING: readonly (readonly [string, Fault])[] = [
  ['reset before', { kind: 'break', when: 'before', how: 'reset' }],
  ['reset during', { kind: 'break', when: 'during', how: 'reset' }],
  ['reset after', { kind: 'break', when: 'after', how: 'reset' }],
  ['closed before', { kind: 'break', when: 'before', how: 'close' }],
  ['closed after', { kind: 'break', when: 'after', how: 'close' }],
  ['half an answer', { kind: 'truncate' }],
  ['silence before', { kind: 'stall', when: 'before' }],
  ['silence after', { kind: 'stall', when: 'after' }],
  ['409', answer(409, 'OperationAborted')],
  ['429', answer(429, 'TooManyRequests')],
  ['500', answer(500, 'InternalError')],
  ['500 when it was stored', answer(500, 'InternalError', true)],
  ['503', answer(503, 'SlowDown')],
  ['503 when it was stored', answer(503, 'SlowDown', true)],
];

describe.skipIf(!s3IsInstalled)('the store over an object store that fails', () => {
  let proxy: FaultProxy;
  let bucket = '';
  let faulty: ObjectStore;
  let faultyAndPatient: ObjectStore;
  let direct: Store;
  beforeAll(async () => {
    proxy = await startFaultProxy((await s3Server()).endpoint);
    bucket = await createBucket();
    faulty = await storeOnS3({ endpoint: proxy.url, bucket, callMsMax: CALL_MS_MAX });
    faultyAndPatient = await storeOnS3({ endpoint: proxy.url, bucket, callMsMax: LONG_CALL_MS_MAX });
    direct = over(await storeOnS3({ bucket }));
  });
  afterEach(() => {
    proxy.heal();
    proxy.clearJournal();
  });
  afterAll(() => proxy.close());

  const over = (objects: ObjectStore, patienceMs = PATIENCE_MS): Store =>
    testStore({ objects, patienceMs, clock: impatient, random: systemRandomness });
  const spoil = (id: string, fault: Fault, times?: number): void => {
    proxy.spoil(
      {
        operation: 'put',
        key: registrationKey(asRegistrationId(id)),
        ...(times === undefined ? {} : { times }),
      },
      fault,
    );
  };
  const register = async (store: Store, id: string): Promise<{ readonly etag: ETag }> => {
    const result = await store.registrations.put(aDraft({ id }));
    if (result === 'condition-failed') throw new Error('there was no condition');
    return result;
  };
  const storedOf = async (id: string): Promise<{ revision: string; etag: ETag } | undefined> => {
    const found = await direct.registrations.get(asRegistrationId(id));
    return found && { revision: found.registration.record.revision, etag: found.etag };
  };

  describe.each(PASSING)('when a PUT meets %s', (name, fault) => {
    it('a register is stored and says so, whatever its condition', async () => {
      const store = over(faulty);
      await Promise.all(
        (['anew', 'over another', 'to create', 'over a version'] as const).map(async (how) => {
          const id = `${name} ${how}`;
          const before = how.startsWith('over') ? await register(direct, id) : undefined;
          const condition =
            how === 'to create'
              ? ({ ifNoneMatch: '*' } as const)
              : how === 'over a version' && before !== undefined
                ? { ifMatch: before.etag }
                : undefined;
          spoil(id, fault, 1);
          const result = await store.registrations.put(aDraft({ id, queue: 'OTHER' }), condition);
          if (result === 'condition-failed') throw new Error('its own write was taken for a conflict');
          const { record } = result.registration;
          expect(record.queue).toBe('OTHER');
          expect(await storedOf(id)).toEqual({ revision: record.revision, etag: result.etag });
        }),
      );
    });

    it('a condition that does not hold fails', async () => {
      const store = over(faulty);
      await Promise.all(
        (['to create', 'over a version'] as const).map(async (how) => {
          const id = `refused ${name} ${how}`;
          const first = await register(direct, id);
          await register(direct, id);
          const second = await storedOf(id);
          spoil(id, fault, 1);
          const condition = how === 'to create' ? ({ ifNoneMatch: '*' } as const) : { ifMatch: first.etag };
          expect(await store.registrations.put(aDraft({ id }), condition)).toBe('condition-failed');
          expect(await storedOf(id)).toEqual(second);
        }),
      );
    });
  });

  it.each(PASSING)('an unregister that meets %s is done once it says so', async (name, fault) => {
    const store = over(faulty);
    const id = `leaving ${name}`;
    await direct.registrations.put(aDraft({ id }));
    proxy.spoil({ operation: 'delete', times: 1 }, fault);
    expect(await store.registrations.remove(asRegistrationId(id))).toMatchObject({ record: { id } });
    expect(await storedOf(id)).toBeUndefined();
  });

  describe('faults that last', () => {
    it.each([
      ['reset before', { kind: 'break', when: 'before', how: 'reset' }],
      ['500', answer(500, 'InternalError')],
      ['503', answer(503, 'SlowDown')],
      ['silence before', { kind: 'stall', when: 'before' }],
    ] as const)(
      'a register that always meets %s fails in time, and nothing is stored',
      async (name, fault) => {
        const id = `never ${name}`;
        spoil(id, fault);
        const startedMs = performance.now();
        const call = over(faulty, SHORT_PATIENCE_MS).registrations.put(aDraft({ id }));
        await expect(call).rejects.toMatchObject({ retryable: true });
        expect(performance.now() - startedMs).toBeLessThan(SHORT_PATIENCE_MS + 3_500);
        expect(await storedOf(id)).toBeUndefined();
        proxy.heal();
        await over(faulty).registrations.put(aDraft({ id }));
        expect(await storedOf(id)).toBeDefined();
      },
    );

    it.each([
      ['reset after', { kind: 'break', when: 'after', how: 'reset' }],
      ['silence after', { kind: 'stall', when: 'after' }],
      ['500 when it was stored', answer(500, 'InternalError', true)],
    ] as const)('a register that always meets %s is stored, and says so', async (name, fault) => {
      const id = `always ${name}`;
      spoil(id, fault);
      const result = await over(faulty).registrations.put(aDraft({ id }), { ifNoneMatch: '*' });
      expect(result).toMatchObject(await storedOf(id).then((stored) => ({ etag: stored?.etag })));
      expect(proxy.journal.filter(({ operation }) => operation === 'put')).toHaveLength(1);
    });

    it('a register that is stored and cannot be read back fails, and leaves one whole registration', async () => {
      const id = 'unread';
      spoil(id, { kind: 'break', when: 'after', how: 'reset' });
      proxy.spoil({ operation: 'get' }, { kind: 'break', when: 'before', how: 'reset' });
      const draft = aDraft({ id });
      await expect(over(faulty, SHORT_PATIENCE_MS).registrations.put(draft)).rejects.toMatchObject({
        retryable: true,
      });
      proxy.heal();
      expect(await storedOf(id)).toBeDefined();
      // Its caller tries again, and has the one registration.
      const again = await over(faulty).registrations.put(draft);
      expect(again).toMatchObject({ etag: (await storedOf(id))?.etag });
    });

    it('refused credentials fail at once, whatever the patience', async () => {
      proxy.spoil({ operation: 'put' }, answer(403, 'AccessDenied'));
      await expect(over(faulty).registrations.put(aDraft())).rejects.toMatchObject({ code: 'denied' });
      expect(proxy.journal).toHaveLength(1);
    });
  });

  it('a storm of 503 is ridden out by 16 callers, with few requests', async () => {
    const store = over(faultyAndPatient);
    const storm = proxy.spoil({ times: 32 }, answer(503, 'SlowDown'));
    const ids = Array.from({ length: 16 }, (_, n) => `storm ${n}`);
    await Promise.all(ids.map((id) => store.registrations.put(aDraft({ id }))));
    for (const id of ids) expect(await storedOf(id)).toBeDefined();
    expect(storm.hits()).toBe(32);
    // One PUT each; for each refused one the look whether it landed; the storm itself.
    expect(proxy.journal.length).toBeLessThanOrEqual(16 + 2 * 32);
  });

  it('readers go on through cut and slow answers', async () => {
    const store = over(faultyAndPatient);
    const ids = Array.from({ length: 20 }, (_, n) => `read ${n}`);
    await Promise.all(ids.map((id) => direct.registrations.put(aDraft({ id }))));
    const exact = (await direct.registrations.readAll()).stored.map(({ record }) => record.id);
    proxy.spoil({ operation: 'list', times: 1 }, { kind: 'truncate' });
    proxy.spoil({ operation: 'get', skip: 2, times: 3 }, { kind: 'truncate' });
    proxy.spoil({ operation: 'get', skip: 6, times: 2 }, { kind: 'drip', bytes: 1, everyMs: 30 });
    proxy.spoil({ operation: 'get', skip: 9, times: 2 }, answer(500, 'InternalError'));
    expect((await store.registrations.readAll()).stored.map(({ record }) => record.id)).toEqual(exact);
  });

  describe('documents under compare-and-set', () => {
    it.each(PASSING)('a lease is taken by whoever stored it, after %s', async (name, fault) => {
      const prefix = `lease ${name}/`;
      const open = (objects: ObjectStore): Store =>
        testStore({ objects, prefix, patienceMs: PATIENCE_MS, clock: impatient, random: systemRandomness });
      proxy.spoil({ operation: 'put', key: prefix, times: 1 }, fault);
      const taken = await open(faulty).leases.take('notify', 60_000, 'event 1');
      if (taken.kind !== 'taken')
        throw new Error(`its own write was taken for a lease that is ${taken.kind}`);
      const other = open(await storeOnS3({ bucket }));
      expect(await other.leases.take('notify', 60_000)).toMatchObject({ kind: 'held' });
      expect(await other.leases.take('notify', 60_000, 'event 1')).toEqual({ kind: 'repeated' });
      proxy.spoil({ operation: 'put', key: prefix, times: 1 }, fault);
      await taken.lease.release();
      const next = await other.leases.take('notify', 60_000);
      expect(next).toMatchObject({ kind: 'taken', lease: { takenOver: false } });
      expect(next.kind === 'taken' && next.lease.fence > taken.lease.fence).toBe(true);
    });
  });
});
