import { afterEach, describe, expect, it } from 'vitest';
import { startObserver, type Observer, type ObserverOptions } from '../support/observer.ts';

const QUEUE = 'DEV.QUEUE.1';
const NOTIFY = 'http://127.0.0.1:1/';
const ZERO_TIME = '0001-01-01T00:00:00Z';
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** An entry as the original writes it. */
const entry = (id: string, more: object = {}): object => ({
  ...{ id, qmgr: 'QM1', queue: QUEUE, notify: NOTIFY, failcount: 0, backoff: ZERO_TIME },
  ...{ last_updated: '2026-03-04T05:06:07.123456789Z', ...more },
});
const document = (entries: readonly object[] | null): string =>
  JSON.stringify({ mq_requests: entries, last_updated: '2026-03-04T05:06:08.5Z' });

let observer: Observer;
afterEach(() => observer.stop());

/** Starts an observer over a folder in which the original left a document. */
const startOver = async (content: string, options: ObserverOptions = {}): Promise<void> => {
  observer = await startObserver({
    ...options,
    prepare: (objects) => objects.put('storeddata', content),
  });
};
const writtenForTheOriginal = async (key = 'storeddata'): Promise<string> => {
  const found = await observer.objects.get(key);
  return found.kind === 'found' ? Buffer.from(found.body).toString() : 'nothing';
};
const ids = async (): Promise<readonly string[]> => (await observer.list()).map(({ id }) => id).toSorted();

describe('what the original stored', () => {
  it('case 49: is honoured at the first call, failures, quarantine and times included', async () => {
    await startOver(
      document([
        entry('plain'),
        entry('failing', { failcount: 3 }),
        entry('resting', { failcount: 10, backoff: '2999-01-01T00:00:00.987654321+01:00' }),
        entry('rested', { failcount: 10, backoff: '2026-01-01T00:00:00Z' }),
        entry('seeded', { last_updated: ZERO_TIME }),
        entry('job', { notify: 'ce-mq-consumer' }),
      ]),
    );
    expect(await ids()).toEqual(['failing', 'job', 'plain', 'rested', 'resting', 'seeded']);
    expect(await observer.find('plain')).toEqual(
      entry('plain', { last_updated: '2026-03-04T05:06:07.123Z' }),
    );
    expect(await observer.find('failing')).toMatchObject({ failcount: 3, backoff: ZERO_TIME });
    expect(await observer.find('resting')).toMatchObject({
      ...{ failcount: 10, backoff: '2998-12-31T23:00:00.987Z', state: 'quarantined' },
    });
    expect((await observer.restore()).restored).toEqual(['rested']);
  });

  it('case 49: is honoured by the first cycle, too, when nobody called before', async () => {
    await startOver(document([entry('A', { delivery: { attempts: 1 } })]));
    observer.mq.put('QM1', QUEUE, 1);
    expect((await observer.notify()).decisions).toMatchObject([{ id: 'A', reason: 'failed' }]);
  });

  it('case 49: may be an empty list, written as null', async () => {
    await startOver(document(null));
    expect(await ids()).toEqual([]);
    expect((await observer.persist()).outcome).toBe('completed');
  });

  it('case 49: counts entry by entry: one that cannot be taken costs no other', async () => {
    await startOver(document([entry('A'), entry('B', { qmgr: '' }), entry('C')]));
    expect(await ids()).toEqual(['A', 'C']);
    expect(observer.lines.join()).toMatch(/"document merged".*"refused":\[\{"entry":1,"message":"qmgr /);
  });

  it('case 49: is left alone when it is damaged, whatever is registered and persisted after', async () => {
    const damaged = document([entry('A')]).slice(0, -20);
    await startOver(damaged);
    await observer.register({ id: 'B', qmgr: 'QM1', queue: QUEUE, notify: NOTIFY });
    await observer.persist();
    await observer.persist();
    expect(await ids()).toEqual(['B']);
    expect(observer.lines.join()).toMatch(/"document not merged"/);
    expect(await writtenForTheOriginal()).toBe(damaged);
  });

  it('case 49: is merged once: what is unregistered later does not come back', async () => {
    await startOver(document([entry('A'), entry('B')]));
    await observer.send('DELETE', '/register/A');
    await observer.persist();
    expect(await ids()).toEqual(['B']);
    await observer.persist();
    expect(await ids()).toEqual(['B']);
  });

  it('case 49: and stores while we run is taken in by the next persist cycle', async () => {
    await startOver(document([entry('A')]));
    await observer.persist();
    await observer.objects.put('storeddata', document([entry('A', { queue: 'OTHER' }), entry('B')]));
    await observer.persist();
    expect(await ids()).toEqual(['A', 'B']);
    expect(await observer.find('A')).toMatchObject({ queue: QUEUE });
    expect(JSON.parse(await writtenForTheOriginal())).toMatchObject({ mq_requests: [{}, {}] });
  });
});

describe('what we store for the original', () => {
  it('case 50: has its keys, RFC 3339 times and whole failure counts, on one line', async () => {
    observer = await startObserver({ env: { FAIL_LIMIT: '1' } });
    observer.mq.put('QM1', QUEUE, 1);
    await observer.register({
      id: 'A',
      qmgr: 'QM1',
      queue: 'OTHER',
      notify: NOTIFY,
      when: { cooldown: 'PT1M' },
    });
    await observer.register({
      id: 'B',
      qmgr: 'QM1',
      queue: QUEUE,
      notify: NOTIFY,
      delivery: { attempts: 1 },
    });
    await observer.notify();
    await observer.persist();

    const text = await writtenForTheOriginal();
    expect(text).not.toContain('\n');
    const { mq_requests: entries, ...rest } = JSON.parse(text) as {
      readonly mq_requests: readonly Record<string, unknown>[];
    };
    expect(rest).toEqual({ last_updated: expect.stringMatching(RFC_3339) as string });
    expect(entries.length).toBe(2);
    for (const one of entries) {
      const [id, qmgr, queue, notify, failcount, backoff, updated] = Object.keys(one);
      expect([id, qmgr, queue, notify]).toEqual(['id', 'qmgr', 'queue', 'notify']);
      expect([failcount, backoff, updated]).toEqual(['failcount', 'backoff', 'last_updated']);
      expect(Number.isInteger(one['failcount'])).toBe(true);
      expect(one['backoff']).toMatch(RFC_3339);
      expect(one['last_updated']).toMatch(RFC_3339);
    }
    const byId = new Map(entries.map((one) => [one['id'], one]));
    expect(byId.get('A')).toMatchObject({ failcount: 0, backoff: ZERO_TIME });
    expect(byId.get('B')).toMatchObject({
      failcount: 1,
      backoff: expect.not.stringMatching(ZERO_TIME) as string,
    });
  });

  it('case 50: is at the key that is configured', async () => {
    observer = await startObserver({ env: { object_key: 'old/place' } });
    await observer.register({ id: 'A', qmgr: 'QM1', queue: QUEUE, notify: NOTIFY });
    await observer.persist();
    expect(JSON.parse(await writtenForTheOriginal('old/place'))).toMatchObject({
      mq_requests: [{ id: 'A' }],
    });
    expect(await writtenForTheOriginal()).toBe('nothing');
  });

  it('case 50: is what we read again, without a change', async () => {
    observer = await startObserver();
    await observer.importAll([entry('A', { failcount: 10, backoff: '2999-01-01T00:00:00Z' }), entry('B')]);
    await observer.persist();
    const [before, content] = [await observer.list(), await writtenForTheOriginal()];
    await observer.stop();
    await startOver(content);
    expect(await observer.list()).toEqual(before);
  });
});

describe('seeds', () => {
  const seeds = (...entries: readonly object[]): ObserverOptions => ({
    env: { seeddata: JSON.stringify({ mq_requests: entries }) },
  });
  const seed = (id: string): object => ({ id, qmgr: 'QM1', queue: QUEUE, notify: NOTIFY });

  it('case 51: are active at first use', async () => {
    observer = await startObserver(seeds(seed('A'), seed('B')));
    expect(await observer.list()).toMatchObject([{ failcount: 0 }, { failcount: 0 }]);
    expect(await ids()).toEqual(['A', 'B']);
  });

  it('case 51: are there in the first cycle', async () => {
    observer = await startObserver(seeds({ ...seed('A'), delivery: { attempts: 1 } }));
    observer.mq.put('QM1', QUEUE, 1);
    expect((await observer.notify()).notifications).toMatchObject({ due: 1 });
  });

  it('case 52: and what is stored are united by id, and a registration after that erases nothing', async () => {
    await startOver(document([entry('A', { failcount: 2 }), entry('B')]), seeds(seed('A'), seed('C')));
    await observer.register({ ...seed('D') });
    expect(await ids()).toEqual(['A', 'B', 'C', 'D']);
    expect(await observer.find('A')).toMatchObject({ failcount: 2 });
    await observer.persist();
    const { mq_requests: written } = JSON.parse(await writtenForTheOriginal()) as {
      readonly mq_requests: readonly { readonly id: string }[];
    };
    expect(written.map(({ id }) => id).toSorted()).toEqual(['A', 'B', 'C', 'D']);
  });
});
