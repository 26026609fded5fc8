import type { ObjectStore } from '../object-store/object-store.ts';
import { prefixed } from '../object-store/prefixed.ts';
import type { Clock, Randomness } from '../platform/clock.ts';
import type { Logger } from '../platform/logging.ts';
import type { Sealer } from '../platform/sealer.ts';
import { createBackups, type Backups } from './backups.ts';
import { createCycleStateStore, type CycleStateStore } from './cycle-state.ts';
import type { StoredDocument } from './document.ts';
import { createLeases, type Leases } from './lease.ts';
import { createMerge, type Merge, type OriginalDocument } from './merge.ts';
import { createMeta, type Meta } from './meta.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createPassedDepths, type PassedDepths } from './passed-depths.ts';
import { createRegistrationReader, type RegistrationReader } from './registration-reader.ts';
import { createRegistrationStore, type RegistrationStore } from './registration-store.ts';
import { createReports, type Reports } from './reports.ts';
import { createSnapshot, type Snapshot } from './snapshot.ts';
import type { StoreContext } from './store-context.ts';
import { createTestRequests, type TestRequests } from './test-requests.ts';

/** All that is stored, by what it is for. `merge.ready` comes before anything else. */
export interface Store {
  readonly context: StoreContext;
  readonly merge: Merge;
  readonly meta: StoredDocument<Meta>;
  readonly registrations: RegistrationStore;
  readonly reader: RegistrationReader;
  readonly state: CycleStateStore;
  readonly leases: Leases;
  readonly reports: Reports;
  readonly snapshot: Snapshot;
  readonly backups: Backups;
  readonly outbox: Outbox;
  readonly testRequests: TestRequests;
  readonly passedDepths: PassedDepths;
  readonly original: OriginalDocument | undefined;
}

export interface StoreDeps {
  /** The bucket or folder as a whole. */
  readonly objects: ObjectStore;
  /** Ours is below this; ends in `/` or is empty. */
  readonly prefix: string;
  /** The original's document, outside the prefix. */
  readonly originalKey: string | undefined;
  readonly seedData: string | undefined;
  /** Marks an object store that has to prove that it honours conditions; absent for our own. */
  readonly storeMark?: string;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly log: Logger;
  readonly patienceMs?: number;
}

/** How long a call of the store is repeated before it fails: well below the time that a caller or a cron waits. */
const PATIENCE_MS = 15_000;

/** Puts the parts of the store together over one object store. */
export function createStore(deps: StoreDeps): Store {
  const { clock, random, log, sealer, seedData, patienceMs = PATIENCE_MS } = deps;
  const context: StoreContext = { objects: prefixed(deps.objects, deps.prefix), clock, random, patienceMs };
  const snapshot = createSnapshot(context);
  const reader = createRegistrationReader(context, snapshot);
  const state = createCycleStateStore(context);
  const registrations = createRegistrationStore({ context, reader, state, sealer });
  const leases = createLeases(context);
  const meta = createMeta(context);
  const original =
    deps.originalKey === undefined ? undefined : { objects: deps.objects, key: deps.originalKey };
  const merge = createMerge({
    context,
    meta,
    leases,
    registrations,
    seedData,
    original,
    storeMark: deps.storeMark,
    log,
  });
  const backups = createBackups(context);
  return {
    context,
    merge,
    meta,
    registrations,
    reader,
    state,
    leases,
    reports: createReports(context),
    snapshot,
    backups,
    outbox: createOutbox(context),
    testRequests: createTestRequests(context),
    passedDepths: createPassedDepths(context),
    original,
  };
}
