import type { ObjectStore } from '../lib/object-store/object-store.ts';
import { naturalId } from '../lib/registration/registration-id.ts';
import { eachOf } from '../lib/store/registration-reader.ts';
import type { Store } from '../lib/store/store.ts';
import type { S3Server } from '../test/support/s3-cluster.ts';
import { newBucket, newInstance } from './bucket.ts';
import { markdownTable, median, ms, times } from './table.ts';

const WRITES_AT_ONCE = 64;
const GETS_AT_ONCE = 32;
const ROUNDS = 3;

async function fill(store: Store, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  await eachOf(numbers, WRITES_AT_ONCE, async (index) => {
    const given = {
      qmgr: `QM${index % 100}`,
      queue: `APP.QUEUE.${index}`,
      notify: `https://app.example/${index}`,
    };
    await store.registrations.put({
      ...given,
      id: naturalId(given.qmgr, given.queue, given.notify),
      lastUpdatedMs: 1_800_000_000_000,
    });
  });
}

/** What a reader without any cache does: list all keys, get each. */
async function bareRead(objects: ObjectStore): Promise<number> {
  const keys: string[] = [];
  for (let startAfter = ''; ;) {
    const page = await objects.list('mq-observer/registrations/', { startAfter });
    keys.push(...page.objects.map(({ key }) => key));
    startAfter = page.objects.at(-1)?.key ?? '';
    if (!page.truncated) break;
  }
  let read = 0;
  await eachOf(keys, GETS_AT_ONCE, async (key) => {
    const found = await objects.get(key);
    if (found.kind === 'found' && JSON.parse(Buffer.from(found.body).toString()) !== null) read += 1;
  });
  return read;
}

async function took(rounds: number, expected: number, read: () => Promise<number>): Promise<number> {
  const all: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const beganMs = performance.now();
    const count = await read();
    all.push(performance.now() - beganMs);
    if (count !== expected) throw new Error(`read ${count} of ${expected}`);
  }
  return median(all);
}

const countOf = async (store: Store): Promise<number> => (await store.registrations.readAll()).records.length;

/** Reading everything: bare, cold without a snapshot, cold with one, warm; the same bucket for all. */
export async function benchReads(server: S3Server, sizes: readonly number[]): Promise<string> {
  const rows = [
    [
      'registrations',
      'bare LIST + GETs ms',
      'cold, no snapshot ms',
      'cold, snapshot ms',
      'faster than without',
      'warm ms',
      'faster than bare',
    ],
  ];
  for (const size of sizes) {
    const objects = await newBucket(server);
    const writer = newInstance(objects);
    await fill(writer, size);
    const rounds = size > 20_000 ? 1 : ROUNDS;
    const bare = await took(rounds, size, () => bareRead(objects));
    const cold = await took(rounds, size, () => countOf(newInstance(objects)));
    await writer.snapshot.save((await writer.registrations.readAll()).records);
    const snapshot = await took(ROUNDS, size, () => countOf(newInstance(objects)));
    const instance = newInstance(objects);
    await countOf(instance);
    const warm = await took(ROUNDS, size, () => countOf(instance));
    rows.push([
      String(size),
      ms(bare),
      ms(cold),
      ms(snapshot),
      times(cold / snapshot),
      ms(warm),
      times(bare / warm),
    ]);
  }
  return markdownTable(rows);
}
