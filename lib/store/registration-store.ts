import type { ETag, PutCondition } from '../object-store/object-store.ts';
import { MASKED } from '../registration/wire.ts';
import { isSealed, type Sealer } from '../platform/sealer.ts';
import { headerBinding } from '../registration/header-binding.ts';
import type { RegistrationDraft } from '../registration/original-document.ts';
import type { Registration, RegistrationId, RegistrationRecord } from '../registration/registration.ts';
import { effectiveState, statusOf } from '../registration/state.ts';
import type { CycleStateStore, StateRead } from './cycle-state.ts';
import { registrationKey, REGISTRATIONS, shardOfKey, SHARDS, type ShardId } from './keys.ts';
import {
  fetchRecord,
  listAll,
  listRegistrations,
  parseRecord,
  type ReadScope,
  type RegistrationReader,
  type VersionedRecord,
} from './registration-reader.ts';
import { resolvedPut } from './resolved-put.ts';
import {
  backOff,
  DamagedObjectError,
  repeated,
  StoreContendedError,
  type StoreContext,
} from './store-context.ts';
import { encodeStored, jsonOf } from './stored-json.ts';

/** A registration and the mark under which its object is stored now. */
export interface StoredRegistration {
  readonly registration: Registration;
  readonly etag: ETag;
}

/** All registrations that are there for their owners (dropped ones are not), in the order of their keys. */
export interface AllRegistrations {
  /** Every record that is stored, also of dropped registrations. */
  readonly records: readonly VersionedRecord[];
  readonly stored: readonly (VersionedRecord & { readonly registration: Registration })[];
  /** Keys of objects that are there and cannot be understood. */
  readonly damaged: readonly string[];
  readonly state: StateRead;
}

/** Why a registration cannot be stored as it is. */
export class UnstorableError extends Error {
  override readonly name = 'UnstorableError';
}

/** Told what is about to be stored, or removed; only when that is done is it stored, or removed. */
export type BeforeWrite = (record: RegistrationRecord) => Promise<void>;

export interface RegistrationStore {
  /**
   * Stores what an owner asks for, whole, with a fresh revision. Resolves once it is durable.
   * @throws {UnstorableError} it has headers and they cannot be encrypted.
   * @throws {ObjectStoreError} it may or may not be stored.
   */
  readonly put: (
    draft: RegistrationDraft,
    condition?: PutCondition,
    beforeWrite?: BeforeWrite,
  ) => Promise<StoredRegistration | 'condition-failed'>;
  /** @throws {DamagedObjectError} it is there and cannot be understood. */
  readonly get: (id: RegistrationId) => Promise<StoredRegistration | undefined>;
  /** Removes a registration and answers what it was. A damaged object is removed, too: its owner wants it gone. */
  readonly remove: (
    id: RegistrationId,
    beforeWrite?: BeforeWrite,
  ) => Promise<Registration | 'damaged' | undefined>;
  /**
   * Stores a registration that is not active once more, as its owner left it: what was learned of it is forgotten. Answers it
   * as it is then; `undefined` when it is not there.
   * @throws {DamagedObjectError}
   */
  readonly restore: (
    id: RegistrationId,
    beforeWrite?: BeforeWrite,
  ) => Promise<StoredRegistration | undefined>;
  /** @throws {TooManyRegistrationsError} */
  readonly readAll: (scope?: ReadScope) => Promise<AllRegistrations>;
  /**
   * Removes what is registered when it starts and answers how many that were; what comes meanwhile stays. Not `complete`:
   * it stopped at `untilMs`, and some are left.
   */
  readonly flush: (untilMs: number) => Promise<{ readonly count: number; readonly complete: boolean }>;
  /** Creates what is not there; replaces what is damaged; leaves everything else alone. */
  readonly importOne: (draft: RegistrationDraft) => Promise<'imported' | 'existing' | 'repaired'>;
}

export function createRegistrationStore(deps: {
  readonly context: StoreContext;
  readonly reader: RegistrationReader;
  readonly state: CycleStateStore;
  readonly sealer: Sealer;
}): RegistrationStore {
  const { context, reader, state, sealer } = deps;

  const write = async (
    draft: RegistrationDraft,
    condition?: PutCondition,
    beforeWrite?: BeforeWrite,
  ): Promise<StoredRegistration | undefined> => {
    const record = toRecord(draft, context.random.uuid(), sealer);
    await beforeWrite?.(record);
    const result = await resolvedPut(context, {
      key: registrationKey(record.id),
      body: encodeStored(record),
      condition,
      isOurs: (body) => parseRecord(jsonOf(body))?.revision === record.revision,
    });
    if (result.kind === 'conflict') return undefined;
    return { registration: { record, state: effectiveState(record, undefined) }, etag: result.etag };
  };

  const find = async (id: RegistrationId): Promise<StoredRegistration | 'damaged' | undefined> => {
    const [found, learned] = await Promise.all([
      fetchRecord(context, registrationKey(id)),
      state.readOne(id),
    ]);
    if (found === 'gone') return undefined;
    if (found === 'damaged') return found;
    const registration = { record: found.record, state: effectiveState(found.record, learned) };
    return { registration, etag: found.etag };
  };

  /** What was read last: as long as nothing is written nothing has to be put together again. */
  let known: AllRegistrations | undefined;
  const readAll: RegistrationStore['readAll'] = async (scope) => {
    const [{ records, damaged }, learned] = await Promise.all([
      reader.readAll(scope),
      state.readAll(scope?.shards),
    ]);
    if (known?.records === records && known.state.version === learned.version)
      return { ...known, damaged, state: learned };
    const stored: AllRegistrations['stored'][number][] = [];
    for (const versioned of records) {
      const { record } = versioned;
      const entry = learned.entryOf(record.id, shardOfKey(versioned.key));
      const registration = { record, state: effectiveState(record, entry) };
      if (statusOf(registration) !== 'dropped') stored.push({ ...versioned, registration });
    }
    known = { records, stored, damaged, state: learned };
    return known;
  };

  /** Writes over a registration that was dropped: for its owner it is not there. */
  const overDropped = async (
    draft: RegistrationDraft,
    beforeWrite?: BeforeWrite,
  ): Promise<StoredRegistration | undefined> => {
    const found = await find(draft.id);
    if (found === undefined || found === 'damaged') return undefined;
    return statusOf(found.registration) === 'dropped'
      ? write(draft, { ifMatch: found.etag }, beforeWrite)
      : undefined;
  };

  /**
   * Deletes what `listed` shows of a shard and what has not been written since. A repetition looks again: what its owner
   * registered after a deletion whose answer was lost stays.
   */
  const flushShard = (shard: ShardId, listed: ReadonlyMap<string, ETag>): Promise<void> =>
    repeated(context, async () => {
      const now = await listAll(context, `${REGISTRATIONS}${shard}`);
      const same = now.filter(({ key, etag }) => listed.get(key) === etag).map(({ key }) => key);
      if (same.length > 0) await context.objects.delete(same);
    });

  const get = async (id: RegistrationId): Promise<StoredRegistration | undefined> => {
    const found = await find(id);
    if (found === 'damaged') throw new DamagedObjectError(registrationKey(id), 'not a registration');
    return found !== undefined && statusOf(found.registration) === 'dropped' ? undefined : found;
  };

  return {
    put: async (draft, condition, beforeWrite) =>
      (await write(draft, condition, beforeWrite)) ??
      (condition !== undefined && 'ifNoneMatch' in condition
        ? await overDropped(draft, beforeWrite)
        : undefined) ??
      'condition-failed',
    get,
    restore: async (id, beforeWrite) => {
      const endMs = context.clock.nowMs() + context.patienceMs;
      for (let attempt = 0; ; attempt++) {
        const found = await get(id);
        if (found === undefined || statusOf(found.registration) === 'active') return found;
        const {
          format: _format,
          revision: _revision,
          inherited: _inherited,
          ...asked
        } = found.registration.record;
        const draft = { ...asked, lastUpdatedMs: context.clock.nowMs() };
        const restored = await write(draft, { ifMatch: found.etag }, beforeWrite);
        if (restored !== undefined) return restored;
        if (context.clock.nowMs() >= endMs) throw new StoreContendedError(registrationKey(id));
        await backOff(context, attempt, 'contended');
      }
    },
    remove: async (id, beforeWrite) => {
      const found = await find(id);
      if (found === undefined) return undefined;
      if (found !== 'damaged' && statusOf(found.registration) !== 'dropped' && beforeWrite !== undefined) {
        await beforeWrite(found.registration.record);
        // That took a while: who registered meanwhile did so after this removal, and stays.
        const now = await find(id);
        if (now === undefined) return found.registration;
        if (now !== 'damaged' && now.registration.record.revision !== found.registration.record.revision)
          return found.registration;
      }
      await repeated(context, () => context.objects.delete([registrationKey(id)]));
      if (found === 'damaged') return found;
      return statusOf(found.registration) === 'dropped' ? undefined : found.registration;
    },
    readAll,
    flush: async (untilMs) => {
      const listed = new Map((await listRegistrations(context)).map(({ key, etag }) => [key, etag]));
      const { stored, damaged } = await readAll();
      const count = [...stored.map(({ key }) => key), ...damaged].filter((key) => listed.has(key)).length;
      // Shard by shard, each looked at again just before: what is registered anew meanwhile stays.
      for (const shard of listed.size === 0 ? [] : SHARDS) {
        if (context.clock.nowMs() >= untilMs) return { count, complete: false };
        await flushShard(shard, listed);
      }
      return { count, complete: true };
    },
    importOne: async (draft) => {
      if ((await write(draft, { ifNoneMatch: '*' })) !== undefined) return 'imported';
      if ((await overDropped(draft)) !== undefined) return 'imported';
      const key = registrationKey(draft.id);
      const current = await repeated(context, () => context.objects.get(key));
      if (current.kind !== 'found' || parseRecord(jsonOf(current.body)) !== undefined) return 'existing';
      return (await write(draft, { ifMatch: current.etag })) === undefined ? 'existing' : 'repaired';
    },
  };
}

/** @throws {UnstorableError} */
function toRecord(draft: RegistrationDraft, revision: string, sealer: Sealer): RegistrationRecord {
  const { delivery } = draft;
  if (delivery?.headers === undefined) return { format: 1, revision, ...draft };
  const boundTo = headerBinding(draft);
  const headers = Object.entries(delivery.headers).map(([name, value]) => [
    name,
    sealHeader(value, boundTo, sealer),
  ]);
  return { format: 1, revision, ...draft, delivery: { ...delivery, headers: Object.fromEntries(headers) } };
}

function sealHeader(value: string, boundTo: string, sealer: Sealer): string {
  if (value === MASKED) throw new UnstorableError('are masked here; the values themselves are needed');
  if (isSealed(value)) return value;
  if (!sealer.canSeal)
    throw new UnstorableError('can only be kept encrypted: the operator must set ENCRYPTION_KEYS');
  return sealer.seal(value, boundTo);
}
