import { createCosObjectStore } from '../lib/object-store/cos/cos-object-store.ts';
import type { ObjectStore } from '../lib/object-store/object-store.ts';
import { createLogger } from '../lib/platform/logging.ts';
import { createSealer } from '../lib/platform/sealer.ts';
import { secret } from '../lib/platform/secret.ts';
import { systemClock, systemRandomness } from '../lib/platform/system-clock.ts';
import { createStore, type Store } from '../lib/store/store.ts';
import type { S3Server } from '../test/support/s3-cluster.ts';
import { plainClient } from '../test/support/s3-server-client.ts';

let buckets = 0;

/** An empty bucket of its own on the server, through the adapter that is deployed. */
export async function newBucket(server: S3Server): Promise<ObjectStore> {
  buckets += 1;
  const bucket = `bench-${process.pid}-${buckets}`;
  const { endpoint, accessKeyId, secretAccessKey } = server;
  await plainClient(server).createBucket({ Bucket: bucket }).promise();
  return createCosObjectStore({
    tokens: undefined,
    settings: {
      bucket,
      endpoint,
      etagQuotes: 'strip',
      credentials: { kind: 'hmac', accessKeyId, secretAccessKey: secret(secretAccessKey) },
    },
  });
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
