import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import { createDocument } from '../../lib/store/document.ts';
import type { StoreContext } from '../../lib/store/store-context.ts';
import { casIncrement, readCount } from '../support/cas-increment.ts';
import type { Fault } from '../support/fault-proxy-faults.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { createBucket, s3IsInstalled, s3Server, storeOnS3 } from '../support/s3-server.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';
import { aDraft, testStore } from '../support/test-store.ts';

const WRITERS = 10;
const ROUNDS = 6;
const times = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

describe.skipIf(!s3IsInstalled)('many writers of one object', () => {
  let proxy: FaultProxy;
  let bucket = '';
  let objects: ObjectStore;
  beforeAll(async () => {
    proxy = await startFaultProxy((await s3Server()).endpoint);
    bucket = await createBucket();
    objects = await storeOnS3({ endpoint: proxy.url, bucket, callMsMax: 3_000 });
  });
  afterEach(() => {
    proxy.heal();
    proxy.clearJournal();
  });
  afterAll(() => proxy.close());

  const storm = async (key: string): Promise<void> => {
    const writer = async (): Promise<void> => {
      for (const _ of times(ROUNDS)) await casIncrement(objects, key);
    };
    await Promise.all(times(WRITERS).map(writer));
  };

  it('lose nothing, though the server answers 500 to some who lose a race', async () => {
    await storm('counter');
    expect(await readCount(objects, 'counter')).toBe(WRITERS * ROUNDS);
    const puts = proxy.journal.filter(({ operation }) => operation === 'put');
    const statuses = new Set(puts.map(({ serverStatus }) => serverStatus));
    expect([...statuses].filter((status) => ![200, 412, 500].includes(status ?? 0))).toEqual([]);
    // What was applied was answered with success: a 500 or 412 stored nothing.
    expect(puts.filter(({ serverStatus }) => serverStatus === 200)).toHaveLength(WRITERS * ROUNDS);
  });

  it('lose nothing when one in four requests goes wrong in addition', async () => {
    const random = seededRandomness(20261122);
    const chance = (share: number) => (): boolean => random.fraction() < share;
    const faults: readonly (readonly [number, Fault])[] = [
      [0.04, { kind: 'break', when: 'before', how: 'reset' }],
      [0.02, { kind: 'break', when: 'during', how: 'reset' }],
      [0.08, { kind: 'break', when: 'after', how: 'reset' }],
      [0.05, { kind: 'answer', status: 503, code: 'SlowDown' }],
      [0.03, { kind: 'answer', status: 500, code: 'InternalError', applied: true }],
      [0.05, { kind: 'truncate' }],
    ];
    for (const [share, fault] of faults) proxy.spoil({ when: chance(share) }, fault);
    await storm('spoilt');
    proxy.heal();
    expect(await readCount(objects, 'spoilt')).toBe(WRITERS * ROUNDS);
    expect(proxy.journal.filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(WRITERS);
  });

  it('put each its own mark into one document of the store, and all are there', async () => {
    const random = seededRandomness(7);
    proxy.spoil(
      { operation: 'put', when: () => random.fraction() < 0.1 },
      { kind: 'break', when: 'after', how: 'reset' },
    );
    const context: StoreContext = {
      objects,
      clock: systemClock,
      random: systemRandomness,
      patienceMs: 20_000,
    };
    const kind = { key: 'marks.json', empty: { marks: [] as readonly number[] }, parse: parseMarks };
    // Each as an instance of its own would do it.
    await Promise.all(
      times(30).map((mark) =>
        createDocument(context, kind).update((value) =>
          value.marks.includes(mark) ? value : { marks: [...value.marks, mark] },
        ),
      ),
    );
    const { marks } = await createDocument(context, kind).read();
    expect(marks.toSorted((one, other) => one - other)).toEqual(times(30));
  });

  it('of one registration end as one of them, whole; of different ones never meet a conflict', async () => {
    const store = testStore({ objects, clock: systemClock, random: systemRandomness });
    const results = await Promise.all([
      ...times(20).map((n) => store.registrations.put(aDraft({ id: 'the same', queue: `Q${n}` }))),
      ...times(30).map((n) =>
        store.registrations.put(aDraft({ id: `different ${n}` }), { ifNoneMatch: '*' }),
      ),
    ]);
    expect(results).not.toContain('condition-failed');
    const { stored } = await store.registrations.readAll();
    expect(stored).toHaveLength(31);
    const last = stored.find(({ record }) => record.id === 'the same');
    const revisions = results.flatMap((result) =>
      result === 'condition-failed' ? [] : [result.registration.record.revision],
    );
    expect(revisions).toContain(last?.record.revision);
  });

  it('of one version: one wins, the others are told', async () => {
    const store = testStore({ objects, clock: systemClock, random: systemRandomness });
    const first = await store.registrations.put(aDraft({ id: 'contended' }));
    if (first === 'condition-failed') throw new Error('there was no condition');
    const results = await Promise.all(
      times(12).map((n) =>
        store.registrations.put(aDraft({ id: 'contended', queue: `Q${n}` }), { ifMatch: first.etag }),
      ),
    );
    expect(results.filter((result) => result !== 'condition-failed')).toHaveLength(1);
  });
});

function parseMarks(json: unknown): { readonly marks: readonly number[] } | undefined {
  if (typeof json !== 'object' || json === null || !('marks' in json) || !Array.isArray(json.marks))
    return undefined;
  return { marks: json.marks.map(Number) };
}
