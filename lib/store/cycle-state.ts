import { createHash } from 'node:crypto';
import { stateShard } from '../registration/generated/validators.cjs';
import { asRegistrationId } from '../registration/registration.ts';
import type { RegistrationId, RegistrationState } from '../registration/registration.ts';
import type { ListedObject } from '../object-store/object-store.ts';
import { createDocument, type StoredDocument } from './document.ts';
import { shardOf, shardOfTestRequest, SHARDS, STATE, stateKey, TEST_REQUESTS, type ShardId } from './keys.ts';
import { LeaseLostError, type Fence, type Lease } from './lease.ts';
import { listAll } from './registration-reader.ts';
import { DamagedObjectError, repeated, type StoreContext } from './store-context.ts';

/** What cycles learned about the registrations of one shard. Entries that say nothing are left out. */
export interface ShardState {
  readonly format: 1;
  /** The latest fence per cycle that wrote here: an older one came too late. */
  readonly fences: Readonly<Record<string, Fence>>;
  readonly entries: Readonly<Record<string, RegistrationState>>;
}

const NOTHING_LEARNED: ShardState = { format: 1, fences: {}, entries: {} };

/** All state, and the keys of the documents that cannot be read. */
export interface StateRead {
  /** Every entry, by id, whether or not its registration is still there. */
  readonly entries: () => Iterable<readonly [RegistrationId, RegistrationState]>;
  /** A digest of the versions read: the same as long as nothing was written. */
  readonly version: string;
  /** Keys of the requests for test wake-ups. */
  readonly testRequests: readonly string[];
  readonly entryOf: (id: RegistrationId, shard: ShardId) => RegistrationState | undefined;
  readonly damaged: readonly string[];
}

/**
 * What a cycle learned about an id on top of what it had read: its whole new entry, or that nothing is known. It counts
 * only while the entry is as it was read, or about the same revision that was gone even then: a cycle of another kind
 * may have learned about a newer one meanwhile.
 */
export interface StateChange {
  readonly was: RegistrationState | undefined;
  readonly next: RegistrationState | undefined;
}
export type StateChanges = ReadonlyMap<RegistrationId, StateChange>;

export interface CycleStateStore {
  /** Reads the state of these shards, or of all: one listing, and the documents that changed since this instance saw them. */
  readonly readAll: (shards?: readonly ShardId[]) => Promise<StateRead>;
  /** The entry of one registration; none when its shard is damaged (`readAll` tells of that). */
  readonly readOne: (id: RegistrationId) => Promise<RegistrationState | undefined>;
  /**
   * Writes the changes to one shard that still count and resolves once they are stored. Writing them twice changes
   * nothing.
   * @throws {LeaseLostError} nothing was written; a later fence owns the cycle.
   * @throws {DamagedObjectError} nothing was written; the document must be repaired first.
   * @throws {ObjectStoreError} the write may have landed.
   */
  readonly write: (shard: ShardId, lease: Lease, changes: StateChanges) => Promise<void>;
  /**
   * Marks the documents of these shards, or of all, with the lease's fence, so that a holder that was thought dead can write nothing more: its
   * conditional writes meet another version. Needed only when a lease was taken over. A damaged document is left alone.
   */
  readonly fenceOff: (lease: Lease, shards?: readonly ShardId[]) => Promise<void>;
}

export function createCycleStateStore(context: StoreContext): CycleStateStore {
  const documents = new Map<ShardId, StoredDocument<ShardState>>(
    SHARDS.map((shard) => [
      shard,
      createDocument(context, { key: stateKey(shard), empty: NOTHING_LEARNED, parse: parseShard }),
    ]),
  );
  const documentOf = (shard: ShardId): StoredDocument<ShardState> => {
    const document = documents.get(shard);
    if (document === undefined) throw new Error(`no such shard: ${shard}`);
    return document;
  };

  const readAll: CycleStateStore['readAll'] = async (shards = SHARDS) => {
    const objects = await repeated(context, () => listAll(context, STATE));
    const isTestRequest = ({ key }: ListedObject): boolean => key.startsWith(TEST_REQUESTS);
    const listed = new Map(objects.filter((one) => !isTestRequest(one)).map(({ key, etag }) => [key, etag]));
    const states = new Map<ShardId, ShardState>();
    const damaged: string[] = [];
    await Promise.all(
      shards.map(async (shard) => {
        try {
          states.set(shard, await documentOf(shard).readVersion(listed.get(stateKey(shard))));
        } catch (error) {
          if (!(error instanceof DamagedObjectError)) throw error;
          damaged.push(error.key);
        }
      }),
    );
    return {
      entries: function* () {
        for (const { entries } of states.values())
          for (const [id, entry] of Object.entries(entries)) yield [asRegistrationId(id), entry];
      },
      version: versionOf(listed),
      testRequests: objects
        .filter((one) => isTestRequest(one) && shards.includes(shardOfTestRequest(one.key)))
        .map(({ key }) => key),
      entryOf: (id, shard) => ownEntry(states.get(shard), id),
      damaged: damaged.toSorted(),
    };
  };

  const write: CycleStateStore['write'] = async (shard, lease, changes) => {
    await documentOf(shard).update((state) => withEntries(stamped(state, lease), changes), lease.assertHeld);
  };

  const fenceOff: CycleStateStore['fenceOff'] = async (lease, shards = SHARDS) => {
    await Promise.all(
      shards.map(async (shard) => {
        try {
          await documentOf(shard).update((state) => stamped(state, lease), lease.assertHeld);
        } catch (error) {
          if (!(error instanceof DamagedObjectError)) throw error;
        }
      }),
    );
  };

  const readOne: CycleStateStore['readOne'] = async (id) => {
    try {
      return ownEntry(await documentOf(shardOf(id)).read(), id);
    } catch (error) {
      if (error instanceof DamagedObjectError) return undefined;
      throw error;
    }
  };

  return { readAll, readOne, write, fenceOff };
}

function versionOf(listed: ReadonlyMap<string, string>): string {
  return createHash('sha256')
    .update(JSON.stringify([...listed]))
    .digest('hex');
}

function ownEntry(state: ShardState | undefined, id: string): RegistrationState | undefined {
  return state !== undefined && Object.hasOwn(state.entries, id) ? state.entries[id] : undefined;
}

function parseShard(json: unknown): ShardState | undefined {
  return stateShard(json) ? { format: 1, fences: json.fences, entries: json.entries } : undefined;
}

function fenced(state: ShardState, lease: Lease): ShardState {
  const latest = state.fences[lease.cycle] ?? 0;
  if (latest > lease.fence)
    throw new LeaseLostError(
      `the ${lease.cycle} cycle with fence ${lease.fence} was overtaken by fence ${latest}`,
    );
  return state;
}

function stamped(state: ShardState, lease: Lease): ShardState {
  if (fenced(state, lease).fences[lease.cycle] === lease.fence) return state;
  return { ...state, fences: { ...state.fences, [lease.cycle]: lease.fence } };
}

function withEntries(state: ShardState, changes: StateChanges): ShardState {
  const entries = new Map(Object.entries(state.entries));
  let changed = false;
  for (const [id, { was, next }] of changes) {
    const current = entries.get(id);
    if (!stillCounts(current, { was, next })) continue;
    changed ||= current !== undefined || next !== undefined;
    if (next === undefined) entries.delete(id);
    else entries.set(id, next);
  }
  return changed ? { ...state, entries: Object.fromEntries(entries) } : state;
}

function stillCounts(current: RegistrationState | undefined, { was, next }: StateChange): boolean {
  if (current === undefined) return true;
  if (was === undefined || current.revision !== was.revision) return false;
  // What was read is about a revision that is no more: whatever became of it gives way.
  if (next?.revision !== was.revision) return true;
  // Entries keep the order of their keys through every write.
  return JSON.stringify(current) === JSON.stringify(was);
}
