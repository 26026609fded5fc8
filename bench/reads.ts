import type { ObjectStore } from '../lib/object-store/object-store.ts';
import { eachOf } from '../lib/store/registration-reader.ts';
import type { Store } from '../lib/store/store.ts';
import type { S3Server } from '../test/support/s3-cluster.ts';
import { startS3Cluster } from '../test/support/s3-cluster.ts';
import { atLeast, figureOf, type Figure } from './form/figure.ts';
import type { Findings, Section } from './section.ts';
import { newBucket, newInstance } from './support/bucket.ts';
import { queueManagerNames, register } from './support/fleet-plan.ts';
import { inTurns, tookMs } from './support/in-turns.ts';
import { keysBelow } from './support/keys-below.ts';

const GETS_AT_ONCE = 32;
/** Fewer than elsewhere: each takes long. */
const ROUNDS = 3;

/** Reading everything: bare, cold without a snapshot, cold with one, warm; the same bucket for all. */
export const reads: Section = {
  name: 'reads',
  title: 'Reading all registrations, from a real S3 server',
  needsS3: true,
  measure: async ({ quick }): Promise<Findings> => {
    const server = await startS3Cluster();
    try {
      const figures: Figure[] = [];
      for (const size of quick ? [1_000] : [1_000, 10_000])
        figures.push(...(await read(server, size, quick ? 2 : ROUNDS)));
      return { figures };
    } finally {
      await server.stop();
    }
  },
};

async function read(server: S3Server, size: number, rounds: number): Promise<readonly Figure[]> {
  const [plain, cached] = [await newBucket(server), await newBucket(server)];
  for (const objects of [plain, cached]) await fill(newInstance(objects), size);
  const writer = newInstance(cached);
  await writer.snapshot.save((await writer.registrations.readAll()).records);
  const instance = newInstance(cached);
  const took = await inTurns(rounds, {
    bare: () => tookMs(async () => expectAll(await bareRead(plain), size)),
    cold: () => tookMs(() => readAll(newInstance(plain), size)),
    snapshot: () => tookMs(() => readAll(newInstance(cached), size)),
    warm: () => tookMs(() => readAll(instance, size)),
  });
  const of = `of ${size.toLocaleString('en')}`;
  const speeds = (values: readonly number[]): readonly number[] => values.map((ms) => (size * 1000) / ms);
  const common = {
    unit: 'registrations/s',
    baseline: { name: 'bare LIST and GETs', values: speeds(took.bare) },
  };
  return [
    figureOf({ ...common, name: `cold read ${of}, no snapshot`, ours: speeds(took.cold) }),
    figureOf({
      ...common,
      name: `cold read ${of}, snapshot`,
      ours: speeds(took.snapshot),
      target: atLeast(1),
    }),
    figureOf({ ...common, name: `warm read ${of}`, ours: speeds(took.warm), target: atLeast(1) }),
  ];
}

async function fill(store: Store, registrations: number): Promise<void> {
  const queueManagers = queueManagerNames('QM', 100);
  await register(store, { registrations, queueManagers, queues: 100, hosts: ['app.example'], port: 443 });
}

/** What a reader without any cache does: list all keys, get each. */
async function bareRead(objects: ObjectStore): Promise<number> {
  let count = 0;
  await eachOf(await keysBelow(objects, 'mq-observer/registrations/'), GETS_AT_ONCE, async (key) => {
    const found = await objects.get(key);
    if (found.kind === 'found' && JSON.parse(Buffer.from(found.body).toString()) !== null) count += 1;
  });
  return count;
}

async function readAll(store: Store, size: number): Promise<void> {
  expectAll((await store.registrations.readAll()).records.length, size);
}

function expectAll(count: number, size: number): void {
  if (count !== size) throw new Error(`read ${count} of ${size}`);
}
