import { newInstance, standInBucket } from '../support/bucket.ts';
import { SHARDS, snapshotKey } from '../../lib/store/keys.ts';
import { processSize } from '../support/process-size.ts';
import { given, tell } from '../support/told.ts';

/** Parses all registrations of a bucket, keeps them, and tells how large this process is: what a cycle needs at least. */
const { url } = given() as { readonly url: string };
const { objects } = newInstance(standInBucket(url)).context;
const parts = await Promise.all(
  SHARDS.map(async (shard) => {
    const found = await objects.get(snapshotKey(shard));
    if (found.kind !== 'found') throw new Error(`there is no snapshot of shard ${shard}`);
    const { records } = JSON.parse(Buffer.from(found.body).toString()) as {
      readonly records: readonly { readonly record: unknown }[];
    };
    return records.map(({ record }) => record);
  }),
);
const size = processSize();
tell({ size, records: parts.flat().length });
