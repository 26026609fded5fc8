import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  asETag,
  ObjectStoreError,
  type ETag,
  type ListedObject,
  type ObjectStore,
  type PutCondition,
} from '../../lib/object-store/object-store.ts';
import { casIncrement, readCount } from './cas-increment.ts';

/** A store for one test, empty, and how to let go of it. */
export interface StoreUnderTest {
  readonly store: ObjectStore;
  readonly close: () => Promise<void>;
}

const MANY_KEYS = 1005;
/** Real servers answer in milliseconds, not microseconds, and some tests make a thousand calls. */
const SLOW_TEST_MS = 60_000;

const ODD_KEYS = [
  'a b/c  d.json',
  '100%/%2F/%25.json',
  'über/Straße/日本語/🦊.json',
  'dots/...hidden/.env/a..b./c.',
  'signs/!$&\'()*+,;=:@[]{}"<>|?#^`~\\',
  'case/key',
  'case/Key',
  'Case/key',
  'both',
  'both/below',
  `long/${'x'.repeat(150)}/${'y'.repeat(150)}/${'z'.repeat(150)}`,
];

const text = (body: Uint8Array): string => Buffer.from(body).toString();

/** Holds an implementation of the port to its promises. `makeStore` is called before each test. */
export function describeObjectStore(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`${name} as an object store`, { timeout: SLOW_TEST_MS }, () => {
    let current: StoreUnderTest | undefined;
    let store: ObjectStore;

    beforeEach(async () => {
      current = await makeStore();
      store = current.store;
    }, SLOW_TEST_MS);
    afterEach(() => current?.close(), SLOW_TEST_MS);

    const write = async (key: string, body: string | Uint8Array, condition?: PutCondition): Promise<ETag> => {
      const result = await store.put(key, body, condition);
      if (result.kind !== 'written') throw new Error(`writing ${key} met a conflict`);
      return result.etag;
    };
    const read = async (key: string): Promise<{ body: Uint8Array; etag: ETag }> => {
      const result = await store.get(key);
      if (result.kind !== 'found') throw new Error(`${key} is ${result.kind}`);
      return result;
    };
    const listAll = async (prefix: string, startAfter?: string): Promise<readonly ListedObject[]> => {
      const { objects, truncated } = await store.list(prefix, startAfter === undefined ? {} : { startAfter });
      const last = objects.at(-1)?.key;
      if (!truncated) return objects;
      expect(last, 'a truncated page holds something').toBeDefined();
      return [...objects, ...(await listAll(prefix, last))];
    };
    const keysOf = (objects: readonly ListedObject[]): readonly string[] => objects.map(({ key }) => key);

    describe('reading and writing', () => {
      it('answers not-found for what was never written', async () => {
        expect(await store.get('nothing.json')).toEqual({ kind: 'not-found' });
        expect(await store.get('no/such/folder.json')).toEqual({ kind: 'not-found' });
      });

      it('reads its own writes, at once', async () => {
        for (let round = 1; round <= 20; round++) {
          const etag = await write('a/b.json', `round ${round}`);
          const found = await read('a/b.json');
          expect({ body: text(found.body), etag: found.etag }).toEqual({ body: `round ${round}`, etag });
        }
      });

      it('gives different bodies different ETags', async () => {
        const etags = [await write('k', 'one'), await write('k', 'two'), await write('k', 'three')];
        expect(new Set(etags).size).toBe(3);
      });

      it.each([
        ['an empty body', new Uint8Array()],
        ['every byte there is', Uint8Array.from({ length: 256 }, (_, byte) => byte)],
        ['1 MiB', Buffer.alloc(1024 * 1024, 'The quick brown fox. \u0000é')],
      ])('keeps %s as it is', async (_, body) => {
        await write('body', body);
        expect(Buffer.compare((await read('body')).body, body)).toBe(0);
        expect((await listAll('body')).map(({ sizeBytes }) => sizeBytes)).toEqual([body.byteLength]);
      });

      it('keeps what the body was when it was handed over, whatever becomes of the buffers', async () => {
        const body = Buffer.from('before');
        const writing = write('k', body);
        body.fill('x');
        await writing;
        (await read('k')).body.fill(0);
        expect(text((await read('k')).body)).toBe('before');
      });

      it('writes text as UTF-8', async () => {
        await write('k', 'naïve 日本 🦊');
        expect(text((await read('k')).body)).toBe('naïve 日本 🦊');
      });

      it('keeps keys with odd names apart, and lists them in the order of their bytes', async () => {
        for (const key of ODD_KEYS) await write(key, `body of ${key}`);
        for (const key of ODD_KEYS) expect(text((await read(key)).body)).toBe(`body of ${key}`);
        expect(keysOf(await listAll(''))).toEqual(inByteOrder(ODD_KEYS));
        await store.delete(ODD_KEYS.slice(0, 5));
        expect(keysOf(await listAll(''))).toEqual(inByteOrder(ODD_KEYS.slice(5)));
      });
    });

    describe('conditions', () => {
      it('creates only where nothing is', async () => {
        await write('k', 'first', { ifNoneMatch: '*' });
        expect(await store.put('k', 'second', { ifNoneMatch: '*' })).toEqual({ kind: 'conflict' });
        expect(text((await read('k')).body)).toBe('first');
      });

      it('writes over the version that was read, and over no other', async () => {
        const first = await write('k', 'first');
        const second = await write('k', 'second', { ifMatch: first });
        expect(await store.put('k', 'third', { ifMatch: first })).toEqual({ kind: 'conflict' });
        const found = await read('k');
        expect({ body: text(found.body), etag: found.etag }).toEqual({ body: 'second', etag: second });
      });

      it('meets a conflict when the version to write over is not there at all', async () => {
        const etag = await write('other', 'content');
        expect(await store.put('k', 'first', { ifMatch: etag })).toEqual({ kind: 'conflict' });
        expect(await store.get('k')).toEqual({ kind: 'not-found' });
      });

      it('writes without a condition over anything', async () => {
        await write('k', 'first');
        await write('k', 'second');
        expect(text((await read('k')).body)).toBe('second');
      });

      it('answers not-modified for the version that the caller has, and only for that', async () => {
        const first = await write('k', 'first');
        expect(await store.get('k', { ifNoneMatch: first })).toEqual({ kind: 'not-modified' });
        const second = await write('k', 'second');
        expect((await store.get('k', { ifNoneMatch: first })).kind).toBe('found');
        await store.delete(['k']);
        expect(await store.get('k', { ifNoneMatch: second })).toEqual({ kind: 'not-found' });
      });

      it('does not take an object that was deleted and made again for the old one', async () => {
        const old = await write('k', 'old content');
        await store.delete(['k']);
        await write('k', 'new content', { ifNoneMatch: '*' });
        expect(await store.put('k', 'by the old mark', { ifMatch: old })).toEqual({ kind: 'conflict' });
        expect((await store.get('k', { ifNoneMatch: old })).kind).toBe('found');
      });

      it('takes no mark that it never gave', async () => {
        await write('k', 'content');
        const foreign = asETag('"00000000000000000000000000000000"');
        expect(await store.put('k', 'other', { ifMatch: foreign })).toEqual({ kind: 'conflict' });
      });
    });

    describe('races', () => {
      it('lets one of 32 creators win', async () => {
        const racers = Array.from({ length: 32 }, (_, racer) => `racer ${racer}`);
        const results = await Promise.all(racers.map((body) => putOrUnknown(store, 'k', body)));
        const stored = text((await read('k')).body);
        const written = racers.filter((_, index) => results[index] === 'written');
        // A winner whose answer was lost reads back its own body.
        expect(written.length === 0 || (written.length === 1 && written[0] === stored)).toBe(true);
        expect(results[racers.indexOf(stored)]).not.toBe('conflict');
      });

      it('loses none of 100 increments by 10 writers', async () => {
        const writer = async (): Promise<void> => {
          for (let round = 0; round < 10; round++) await casIncrement(store, 'counter.json');
        };
        await Promise.all(Array.from({ length: 10 }, writer));
        expect(await readCount(store, 'counter.json')).toBe(100);
      });

      it('shows a reader one body or the other, never a part', async () => {
        const bodies = ['a', 'b'].map((letter) => letter.repeat(100_000));
        await write('k', bodies[0] ?? '');
        const progress = { done: false };
        const writer = async (): Promise<void> => {
          for (let round = 0; round < 20; round++) await store.put('k', bodies[round % 2] ?? '');
          progress.done = true;
        };
        const reader = async (): Promise<void> => {
          while (!progress.done) expect(bodies.includes(text((await read('k')).body))).toBe(true);
        };
        await Promise.all([writer(), reader()]);
      });
    });

    describe('listing', () => {
      it('gives keys in the order of their bytes, whatever the order of writing', async () => {
        const keys = ['b', 'a/b', 'a-b', 'a', 'a/b/c', 'a.b', 'B', 'a/é', 'a/z', '\u{1f98a}', '\uff5e'];
        for (const key of keys) await write(key, key);
        expect(keysOf(await listAll(''))).toEqual(inByteOrder(keys));
      });

      it('gives what begins with the prefix, which may end in the middle of a name', async () => {
        const keys = ['reg/aa/1', 'reg/ab/2', 'reg/b/3', 'reg', 'regs/4', 'other/reg/5'];
        for (const key of keys) await write(key, key);
        for (const prefix of [
          '',
          'r',
          'reg',
          'reg/',
          'reg/a',
          'reg/ab',
          'reg/ab/',
          'reg/ab/2',
          'reg/ab/2x',
          'x',
          'reg/x/',
        ])
          expect(keysOf(await listAll(prefix))).toEqual(
            inByteOrder(keys.filter((key) => key.startsWith(prefix))),
          );
      });

      it('gives what comes after a key, be it there or not', async () => {
        const keys = ['a', 'a-', 'a/1', 'a/2', 'a/2/x', 'b/1', 'b/2', 'c'];
        for (const key of keys) await write(key, key);
        for (const startAfter of [
          '',
          'a',
          'a-',
          'a/',
          'a/1',
          'a/1z',
          'a/2',
          'a/2/',
          'a/2/x',
          'b',
          'b/9',
          'c',
          'zz',
        ])
          expect(keysOf(await listAll('', startAfter))).toEqual(
            inByteOrder(keys.filter((key) => compareBytes(key, startAfter) > 0)),
          );
        expect(keysOf(await listAll('b/', 'a/2'))).toEqual(['b/1', 'b/2']);
        expect(keysOf(await listAll('a/', 'b'))).toEqual([]);
      });

      it('gives the ETag and the size that reading and writing give', async () => {
        const written = new Map<string, ETag>();
        for (const key of ['x/1', 'x/2', 'x/3']) written.set(key, await write(key, `${key} é`));
        written.set('x/2', await write('x/2', 'longer than before'));
        for (const { key, etag, sizeBytes } of await listAll('x/')) {
          const found = await read(key);
          expect({ etag, sizeBytes }).toEqual({ etag: written.get(key), sizeBytes: found.body.byteLength });
          expect(found.etag).toBe(etag);
        }
      });

      it('shows writes and deletions at once', async () => {
        for (let round = 1; round <= 10; round++) {
          await write(`live/${round}`, 'x');
          expect(keysOf(await listAll('live/'))).toEqual([`live/${round}`]);
          await store.delete([`live/${round}`]);
          expect(keysOf(await listAll('live/'))).toEqual([]);
        }
      });

      it('gives more than a thousand keys page by page, each key once', async () => {
        const keys = Array.from({ length: MANY_KEYS }, (_, n) => `many/${n % 7}/${n}.json`);
        await inParallel(keys, 32, (key) => write(key, key));
        const first = await store.list('many/');
        expect(first.truncated).toBe(true);
        expect(first.objects.length).toBeGreaterThan(0);
        expect(first.objects.length).toBeLessThanOrEqual(1000);
        expect(keysOf(await listAll('many/'))).toEqual(inByteOrder(keys));
        await store.delete([...keys, 'many/never-there']);
        expect(await store.list('many/')).toEqual({ objects: [], truncated: false });
      });
    });

    describe('deleting', () => {
      it('deletes what is named and nothing else, and takes keys that are not there', async () => {
        for (const key of ['d/1', 'd/2', 'd/3', 'd/3/below']) await write(key, key);
        await store.delete(['d/1', 'd/absent', 'absent/folder/key', 'd/3', 'd/1']);
        expect(keysOf(await listAll(''))).toEqual(['d/2', 'd/3/below']);
        await store.delete(['d/1']);
        await store.delete([]);
        expect(await store.get('d/1')).toEqual({ kind: 'not-found' });
      });
    });
  });
}

/** `unknown`: the store failed in a way that says nothing, as servers do to losers of a race. */
async function putOrUnknown(store: ObjectStore, key: string, body: string): Promise<string> {
  try {
    return (await store.put(key, body, { ifNoneMatch: '*' })).kind;
  } catch (error) {
    if (error instanceof ObjectStoreError && error.retryable) return 'unknown';
    throw error;
  }
}

async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.pop(); item !== undefined; item = rest.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function inByteOrder(keys: readonly string[]): readonly string[] {
  return keys.toSorted(compareBytes);
}
