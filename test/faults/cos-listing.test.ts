import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import { asRegistrationId, type RegistrationId } from '../../lib/registration/registration.ts';
import { registrationKey } from '../../lib/store/keys.ts';
import { eachOf } from '../../lib/store/registration-reader.ts';
import type { Store } from '../../lib/store/store.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { createBucket, s3IsInstalled, s3Server, storeOnS3 } from '../support/s3-server.ts';
import { aDraft, testStore } from '../support/test-store.ts';

/** More than one page of a listing, on which the fewest are on the second. */
const REGISTERED = 1_040;
const PAGE = 1_000;

describe.skipIf(!s3IsInstalled)('a listing of several pages that changes while it is read', () => {
  let proxy: FaultProxy;
  let direct: Store;
  let read: Store;
  /** All ids in the order in which they are listed. */
  let listed: RegistrationId[] = [];

  beforeAll(async () => {
    proxy = await startFaultProxy((await s3Server()).endpoint);
    const bucket = await createBucket();
    const over = async (endpoint?: string): Promise<Store> =>
      testStore({
        objects: await storeOnS3({ bucket, ...(endpoint === undefined ? {} : { endpoint }) }),
        clock: systemClock,
        random: systemRandomness,
      });
    direct = await over();
    read = await over(proxy.url);
    const ids = Array.from({ length: REGISTERED }, (_, n) => asRegistrationId(`r${n}`));
    listed = ids.toSorted((one, other) => (registrationKey(one) < registrationKey(other) ? -1 : 1));
    await eachOf(listed, 32, async (id) => void (await direct.registrations.put(aDraft({ id }))));
    await read.registrations.readAll();
  });
  beforeEach(() => {
    proxy.heal();
    proxy.clearJournal();
  });
  afterAll(() => proxy.close());

  const idsRead = async (): Promise<string[]> =>
    (await read.registrations.readAll()).stored.map(({ record }) => record.id);
  /** An id that is not registered, with a key before or after that one. */
  const newId = (side: 'before' | 'after', id: RegistrationId): RegistrationId => {
    for (let n = 0; ; n++) {
      const candidate = asRegistrationId(`new${n}`);
      const isBefore = registrationKey(candidate) < registrationKey(id);
      if (isBefore === (side === 'before')) return candidate;
    }
  };

  it('reads a thousand and more, page by page, without a gap and without a body twice', async () => {
    expect(await idsRead()).toEqual(listed);
    const lists = proxy.journal.filter(
      ({ operation, key }) => operation === 'list' && key.includes('registr'),
    );
    expect(lists.length).toBeGreaterThan(1);
    expect(
      proxy.journal.filter(({ operation, key }) => operation === 'get' && key.includes('registr')),
    ).toEqual([]);
  });

  it('misses nothing that was there throughout, and brings nothing back', async () => {
    const border = listed[PAGE - 1] ?? asRegistrationId('');
    const gone = [listed[10], listed[PAGE - 1], listed[PAGE], listed[PAGE + 30]].flatMap((id) => id ?? []);
    const rewritten = [listed[20], listed[PAGE + 20]].flatMap((id) => id ?? []);
    const added = [newId('before', border), newId('after', border)];
    const change = async (): Promise<void> => {
      for (const id of gone) await direct.registrations.remove(id);
      for (const id of rewritten) await direct.registrations.put(aDraft({ id, queue: 'REWRITTEN' }));
      for (const id of added) await direct.registrations.put(aDraft({ id }));
    };
    let changing: Promise<void> | undefined;
    // All pages but the first are listed at once, and wait for the same change.
    const script = proxy.spoil(
      { operation: 'list', key: 'registrations/', skip: 1 },
      { kind: 'meanwhile', act: () => (changing ??= change()) },
    );
    const during = await idsRead();
    expect(script.hits()).toBeGreaterThan(0);
    script.remove();
    const throughout = listed.filter((id) => !gone.includes(id));
    expect(throughout.filter((id) => !during.includes(id))).toEqual([]);
    expect(new Set(during).size).toBe(during.length);
    expect(
      during.filter((id) => !listed.some((one) => one === id) && !added.some((one) => one === id)),
    ).toEqual([]);
    // What was gone before its page was listed is not there.
    expect(during).not.toContain(listed[PAGE + 30]);

    const after = await read.registrations.readAll();
    expect(after.stored.map(({ record }) => record.id).toSorted()).toEqual(
      [...throughout, ...added].toSorted(),
    );
    const queues = after.stored.flatMap(({ record }) => (record.queue === 'REWRITTEN' ? [record.id] : []));
    expect(queues.toSorted()).toEqual(rewritten.toSorted());
  });

  it('flushes what is there when it starts, and leaves what comes while it lists', async () => {
    const late = asRegistrationId('late');
    proxy.spoil(
      { operation: 'delete-batch', times: 1 },
      { kind: 'meanwhile', act: () => direct.registrations.put(aDraft({ id: late })) },
    );
    proxy.spoil({ operation: 'delete-batch', times: 1 }, { kind: 'break', when: 'after', how: 'reset' });
    const before = (await direct.registrations.readAll()).stored.map(({ record }) => record.id);
    const flushed = await read.registrations.flush(Date.now() + 60_000);
    expect(flushed).toEqual({ count: before.length, complete: true });
    expect(await idsRead()).toEqual([late]);
  });
});
