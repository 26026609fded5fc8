import { asETag, ObjectStoreError } from '../object-store/object-store.ts';
import { createDocument, type DocumentKind, type StoredDocument } from './document.ts';
import { SHARDS, shardOfKey, snapshotKey, type ShardId } from './keys.ts';
import { parseRecord, type RecordCache, type VersionedRecord } from './registration-reader.ts';
import { DamagedObjectError, type StoreContext } from './store-context.ts';
import { encodeStored } from './stored-json.ts';

/** A part of the read cache. `split` in the first part says that the others hold the records. */
interface SnapshotPart {
  readonly format: 1;
  readonly split: boolean;
  readonly records: readonly { readonly key: string; readonly etag: string; readonly record: unknown }[];
}

/** Fleets up to this size fit one object, so that a cold read needs one request more than a warm one. */
const ONE_PART_MAX = 1000;

const EMPTY: SnapshotPart = { format: 1, split: false, records: [] };

/** The read cache of all registrations: makes cold reads cheap and never makes them right. */
export interface Snapshot extends RecordCache {
  /** Replaces the cache. Called by the holder of the persist lease. */
  readonly save: (records: readonly VersionedRecord[]) => Promise<void>;
}

export function createSnapshot(context: StoreContext): Snapshot {
  const part = (name: ShardId | 'all'): StoredDocument<SnapshotPart> => createDocument(context, kindOf(name));

  const loadPart = async (name: ShardId | 'all'): Promise<SnapshotPart> => {
    try {
      return await part(name).read();
    } catch (error) {
      // A cache that is damaged or out of reach is as good as none; the next `save` replaces it.
      if (error instanceof DamagedObjectError || error instanceof ObjectStoreError) return EMPTY;
      throw error;
    }
  };

  const load: RecordCache['load'] = async (shards) => {
    const all = await loadPart('all');
    if (!all.split) return understood(all);
    const parts = await Promise.all(shards.map(loadPart));
    return parts.flatMap(understood);
  };

  const replace = async (name: ShardId | 'all', next: SnapshotPart): Promise<void> => {
    const key = snapshotKey(name);
    await context.objects.put(key, encodeStored({ ...next, nonce: context.random.uuid() }));
  };

  const save = async (records: readonly VersionedRecord[]): Promise<void> => {
    if (records.length <= ONE_PART_MAX) return replace('all', { format: 1, split: false, records });
    const byShard = new Map<ShardId, VersionedRecord[]>(SHARDS.map((shard) => [shard, []]));
    for (const record of records) byShard.get(shardOfKey(record.key))?.push(record);
    await Promise.all(
      [...byShard].map(([shard, own]) => replace(shard, { format: 1, split: false, records: own })),
    );
    await replace('all', { format: 1, split: true, records: [] });
  };

  return { load, save };
}

function kindOf(name: ShardId | 'all'): DocumentKind<SnapshotPart> {
  return { key: snapshotKey(name), empty: EMPTY, parse: parsePart };
}

function parsePart(json: unknown): SnapshotPart | undefined {
  if (typeof json !== 'object' || json === null || !('format' in json) || json.format !== 1) return undefined;
  const records = 'records' in json && Array.isArray(json.records) ? json.records : [];
  return { format: 1, split: 'split' in json && json.split === true, records };
}

/** The entries that are whole. What is not is read from its own object. */
function understood(part: SnapshotPart): VersionedRecord[] {
  const records: VersionedRecord[] = [];
  for (const { key, etag, record } of part.records) {
    const parsed = parseRecord(record);
    if (typeof key === 'string' && typeof etag === 'string' && parsed !== undefined)
      records.push({ key, etag: asETag(etag), record: parsed });
  }
  return records;
}
