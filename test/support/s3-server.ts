import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import type { CosDeps } from '../../lib/object-store/cos/cos-client.ts';
import { createCosObjectStore } from '../../lib/object-store/cos/cos-object-store.ts';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import { secret } from '../../lib/platform/secret.ts';
import type { S3Server } from './s3-cluster.ts';
import { plainClient } from './s3-server-client.ts';

/** False where the S3 server is not installed: what needs it is skipped, as was said when the run began. */
export const s3IsInstalled = inject('s3ServerOffer').kind === 'installed';

let asked: Promise<S3Server> | undefined;

/** The S3 server of this run. The first test that asks starts it, which takes a second or two. */
export function s3Server(): Promise<S3Server> {
  return (asked ??= askBroker());
}

async function askBroker(): Promise<S3Server> {
  const offer = inject('s3ServerOffer');
  if (offer.kind === 'missing') throw new Error(`${offer.programs.join(', ')} not found`);
  const answer = await fetch(offer.brokerUrl);
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as S3Server;
}

/** Makes a bucket for one test and answers its name. */
export async function createBucket(): Promise<string> {
  const s3 = plainClient(await s3Server());
  const bucket = `test-${randomUUID()}`;
  await s3.createBucket({ Bucket: bucket }).promise();
  return bucket;
}

/** The settings with which the adapter reaches a bucket of the server, directly or through `endpoint`. */
export function hmacSettings(server: S3Server, bucket: string, endpoint?: string): CosDeps['settings'] {
  return {
    bucket,
    endpoint: endpoint ?? server.endpoint,
    // As Ceph wants them.
    etagQuotes: 'strip',
    credentials: {
      kind: 'hmac',
      accessKeyId: server.accessKeyId,
      secretAccessKey: secret(server.secretAccessKey),
    },
  };
}

/** The adapter over a bucket of its own, directly or through `endpoint`. */
export async function storeOnS3(
  options: {
    readonly endpoint?: string;
    readonly callMsMax?: number;
    /** A bucket that others see, too. */
    readonly bucket?: string;
  } = {},
): Promise<ObjectStore> {
  const { endpoint, callMsMax, bucket = await createBucket() } = options;
  return createCosObjectStore({
    settings: hmacSettings(await s3Server(), bucket, endpoint),
    tokens: undefined,
    ...(callMsMax === undefined ? {} : { callMsMax }),
  });
}
