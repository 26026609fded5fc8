import {
  ObjectStoreError,
  type ETag,
  type ListedObject,
  type ListPage,
  type ObjectStore,
} from '../object-store/object-store.ts';
import { registrationRecord } from '../registration/generated/validators.cjs';
import type { RegistrationRecord } from '../registration/registration.ts';
import { asRegistrationId } from '../registration/registration.ts';
import { registrationKey, REGISTRATIONS, SHARDS, type ShardId } from './keys.ts';
import { repeated, type StoreContext } from './store-context.ts';
import { jsonOf } from './stored-json.ts';

/** A record and the version of the object that holds it. */
export interface VersionedRecord {
  readonly key: string;
  readonly etag: ETag;
  readonly record: RegistrationRecord;
}

/** Everything that is registered, as one listing shows it, and the keys of what is there but cannot be read. */
export interface RecordsRead {
  readonly records: readonly VersionedRecord[];
  readonly damaged: readonly string[];
}

/** What a cache knows: never trusted by itself, only where a listing shows the same ETag. */
export interface RecordCache {
  readonly load: (shards: readonly ShardId[]) => Promise<readonly VersionedRecord[]>;
}

/** What of the key space is read. */
export interface ReadScope {
  /** All when not given. */
  readonly shards?: readonly ShardId[];
  /** More registrations than this are not read; without end when not given. */
  readonly registrationsMax?: number;
}

/** There are more registrations than were to be read. Nothing was read but their keys. */
export class TooManyRegistrationsError extends Error {
  override readonly name = 'TooManyRegistrationsError';
}

/** Objects fetched at once. */
const FETCHES_MAX = 32;
/** With fewer fetches than this ahead, the snapshot costs more than it saves. */
const SNAPSHOT_WORTH = 8;

/**
 * Reads all registrations exactly: a listing gives every key with its ETag, and what memory or the snapshot holds under
 * the same ETag is used. So a snapshot that is old, partial, missing or wrong costs time and changes nothing.
 */
export function createRegistrationReader(context: StoreContext, snapshot: RecordCache) {
  let memory = new Map<string, VersionedRecord>();
  /** What was read last: the same again while the listing says so. */
  let last: RecordsRead = { records: [], damaged: [] };
  /** Of these shards everything that the snapshot has is in memory, which keeps no more than was read last. */
  let fromSnapshot: ReadonlySet<ShardId> = new Set();

  const readAll = async (scope: ReadScope = {}): Promise<RecordsRead> => {
    const { shards = SHARDS } = scope;
    const listed = await listRegistrations(context, scope);
    if (isSame(listed, last.records)) {
      fromSnapshot = new Set(shards.filter((shard) => fromSnapshot.has(shard)));
      return last;
    }
    const fromMemory = matching(listed, memory);
    const missing = listed.length - fromMemory.size;
    const untried = shards.filter((shard) => !fromSnapshot.has(shard));
    if (untried.length > 0 && missing >= SNAPSHOT_WORTH) {
      const cached = new Map((await snapshot.load(untried)).map((entry) => [entry.key, entry]));
      for (const [key, entry] of matching(listed, cached)) fromMemory.set(key, entry);
      fromSnapshot = new Set(shards);
    } else fromSnapshot = new Set(shards.filter((shard) => fromSnapshot.has(shard)));
    const damaged: string[] = [];
    await eachOf(
      listed.filter(({ key }) => !fromMemory.has(key)),
      FETCHES_MAX,
      async ({ key }) => {
        const entry = await fetchRecord(context, key);
        if (entry === 'damaged') damaged.push(key);
        else if (entry !== 'gone') fromMemory.set(key, entry);
      },
    );
    memory = fromMemory;
    last = { records: inOrder(listed, fromMemory), damaged: damaged.toSorted() };
    return last;
  };

  /** Reads every object of a shard from the store itself, whatever is cached, and answers the keys of the damaged. */
  const verify = async (shard: ShardId): Promise<readonly string[]> => {
    const damaged: string[] = [];
    await eachOf(await listAll(context, `${REGISTRATIONS}${shard}`), FETCHES_MAX, async ({ key }) => {
      if ((await fetchRecord(context, key)) === 'damaged') damaged.push(key);
    });
    return damaged;
  };

  return { readAll, verify };
}

export type RegistrationReader = ReturnType<typeof createRegistrationReader>;

/** Nothing was written since. One that is damaged is in no records, so that it is looked at again. */
function isSame(listed: readonly ListedObject[], records: readonly VersionedRecord[]): boolean {
  if (listed.length !== records.length) return false;
  return listed.every(({ key, etag }, index) => key === records[index]?.key && etag === records[index].etag);
}

function matching(
  listed: readonly ListedObject[],
  known: ReadonlyMap<string, VersionedRecord>,
): Map<string, VersionedRecord> {
  const found = new Map<string, VersionedRecord>();
  for (const { key, etag } of listed) {
    const entry = known.get(key);
    if (entry?.etag === etag) found.set(key, entry);
  }
  return found;
}

function inOrder(
  listed: readonly ListedObject[],
  found: ReadonlyMap<string, VersionedRecord>,
): readonly VersionedRecord[] {
  const records: VersionedRecord[] = [];
  for (const { key } of listed) {
    const entry = found.get(key);
    if (entry !== undefined) records.push(entry);
  }
  return records;
}

/** Reads and checks one registration's object. `gone`: deleted meanwhile. */
export async function fetchRecord(
  context: StoreContext,
  key: string,
): Promise<VersionedRecord | 'damaged' | 'gone'> {
  const result = await repeated(context, () => context.objects.get(key)).catch((error: unknown) => {
    // The store is well and will not give this one object.
    if (error instanceof ObjectStoreError && error.code === 'refused') return { kind: 'refused' } as const;
    throw error;
  });
  if (result.kind === 'refused') return 'damaged';
  if (result.kind !== 'found') return 'gone';
  const record = parseRecord(jsonOf(result.body));
  if (record === undefined || registrationKey(record.id) !== key) return 'damaged';
  return { key, etag: result.etag, record };
}

/** A stored JSON value as a record, or `undefined` if it is not one. */
export function parseRecord(json: unknown): RegistrationRecord | undefined {
  return registrationRecord(json) ? { ...json, id: asRegistrationId(json.id) } : undefined;
}

/**
 * Lists registrations, shard beside shard; where all are asked for one page comes first, which is as a rule the only one.
 * @throws {TooManyRegistrationsError}
 */
export async function listRegistrations(
  context: StoreContext,
  { shards, registrationsMax = Infinity }: ReadScope = {},
): Promise<readonly ListedObject[]> {
  let count = 0;
  const counted = (page: ListPage): ListPage => {
    count += page.objects.length;
    if (count > registrationsMax)
      throw new TooManyRegistrationsError(`there are more than ${registrationsMax} registrations`);
    return page;
  };
  if (shards !== undefined) {
    const lists = await Promise.all(
      shards.map((shard) => listFrom(context, `${REGISTRATIONS}${shard}`, '', counted)),
    );
    return lists.flat();
  }
  const first = counted(await repeated(context, () => context.objects.list(REGISTRATIONS)));
  const last = first.objects.at(-1)?.key;
  if (!first.truncated || last === undefined) return first.objects;
  const rest = SHARDS.map((shard) => `${REGISTRATIONS}${shard}`).filter(
    (prefix) => prefix >= last.slice(0, prefix.length),
  );
  const lists = await Promise.all(rest.map((prefix) => listFrom(context, prefix, last, counted)));
  return [...first.objects, ...lists.flat()];
}

/** All keys of a prefix after `after`, page by page. */
async function listFrom(
  context: StoreContext,
  prefix: string,
  after: string,
  seen: (page: ListPage) => ListPage = (page) => page,
): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  for (let startAfter = after; ;) {
    const page = seen(await repeated(context, () => listPage(context.objects, prefix, startAfter)));
    objects.push(...page.objects);
    const last = page.objects.at(-1)?.key;
    if (!page.truncated || last === undefined) return objects;
    startAfter = last;
  }
}

/** All objects of a prefix. */
export function listAll(context: StoreContext, prefix: string): Promise<ListedObject[]> {
  return listFrom(context, prefix, '');
}

function listPage(objects: ObjectStore, prefix: string, startAfter: string): Promise<ListPage> {
  return objects.list(prefix, startAfter === '' ? {} : { startAfter });
}

/** Runs `work` over all items, at most `atOnce` at the same time; rejects with the first failure. */
export async function eachOf<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
