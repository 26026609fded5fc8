import { setTimeout as sleep } from 'node:timers/promises';
import { createCosObjectStore } from '../../lib/object-store/cos/cos-object-store.ts';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import { createLogger } from '../../lib/platform/logging.ts';
import { createSealer } from '../../lib/platform/sealer.ts';
import { secret } from '../../lib/platform/secret.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import { createStore, type Store } from '../../lib/store/store.ts';
import type { S3Server } from '../../test/support/s3-cluster.ts';
import { plainClient } from '../../test/support/s3-server-client.ts';

let buckets = 0;

/** An empty bucket of its own on the server, through the adapter that is deployed. */
export async function newBucket(server: S3Server): Promise<ObjectStore> {
  buckets += 1;
  const bucket = `bench-${process.pid}-${buckets}`;
  await plainClient(server).createBucket({ Bucket: bucket }).promise();
  return bucketOf(server, bucket, 'strip');
}

/** A bucket that is there, through the adapter that is deployed. */
function bucketOf(server: S3Server, bucket: string, etagQuotes: 'strip' | 'keep'): ObjectStore {
  const { endpoint, accessKeyId, secretAccessKey } = server;
  return createCosObjectStore({
    tokens: undefined,
    settings: {
      ...{ bucket, endpoint, etagQuotes },
      credentials: { kind: 'hmac', accessKeyId, secretAccessKey: secret(secretAccessKey) },
    },
  });
}

/** The bucket of `bench/programs/bucket-server.ts`, through the adapter that is deployed. */
export function standInBucket(endpoint: string): ObjectStore {
  return bucketOf({ endpoint, ...STAND_IN_KEYS }, STAND_IN_BUCKET, 'keep');
}

/** Whatever they are, the stand-in takes them. */
export const STAND_IN_KEYS = { accessKeyId: 'id', secretAccessKey: 'secret' } as const;
export const STAND_IN_BUCKET = 'bucket';

/** The same objects, answering so much later. */
export function delayed(objects: ObjectStore, ms: number): ObjectStore {
  return {
    get: async (key, options) => {
      await sleep(ms);
      return objects.get(key, options);
    },
    put: async (key, body, condition) => {
      await sleep(ms);
      return objects.put(key, body, condition);
    },
    delete: async (keys) => {
      await sleep(ms);
      return objects.delete(keys);
    },
    list: async (prefix, options) => {
      await sleep(ms);
      return objects.list(prefix, options);
    },
  };
}

/** An instance of our store over a bucket: cold, as a new process would have it. */
export function newInstance(objects: ObjectStore): Store {
  return createStore({
    objects,
    prefix: 'mq-observer/',
    originalKey: undefined,
    seedData: undefined,
    sealer: createSealer([]),
    clock: systemClock,
    random: systemRandomness,
    log: createLogger({ level: 'error', constant: {}, clock: systemClock, write: () => undefined }),
    patienceMs: 60_000,
  });
}
