import { createHash } from 'node:crypto';
import { encodeBackup, encodeOriginalDocument } from '../registration/original-document.ts';
import type { RegistrationId } from '../registration/registration.ts';
import { toStoredForm } from '../registration/wire.ts';
import type { StateChange } from '../store/cycle-state.ts';
import { backupKey, SHARDS, shardOf, type ShardId } from '../store/keys.ts';
import { contentHash, withHash } from '../store/meta.ts';
import type { AllRegistrations } from '../store/registration-store.ts';
import { resolvedPut } from '../store/resolved-put.ts';
import { DamagedObjectError, repeated } from '../store/store-context.ts';
import type { Store } from '../store/store.ts';
import type { CycleReport, PersistReport } from './report.ts';
import { runCycle, type CycleCall, type CycleDeps, type CycleResult, type CycleRun } from './run-cycle.ts';

/**
 * One persist cycle. When anything changed since the last one: forgets state that belongs to nothing, refreshes the
 * snapshot, writes a checksummed backup and the document that the original reads, and deletes old backups. Each such
 * run reads one sixteenth of all objects from the store itself, so that damage is found even where caches hide it.
 * @throws {ObjectStoreError} it could not start or not finish; the next run does it again.
 */
export function runPersistCycle(deps: CycleDeps, call: CycleCall): Promise<PersistReport | CycleReport> {
  return runCycle<PersistReport>(deps, 'persist', call, (run) => persist(deps, run));
}

async function persist(deps: CycleDeps, run: CycleRun): Promise<CycleResult<PersistReport>> {
  const { store } = deps;
  const hindrance = await store.merge.takeOriginal();
  const before = await versionBefore(store);
  let all = await store.registrations.readAll();
  const unchanged = versionOf(all) === before;
  if (!unchanged && (await forgetOrphans(store, run, all))) all = await store.registrations.readAll();
  const damaged = unchanged ? all.damaged : await verified(store, run, all);
  const backup = unchanged ? null : await writeAll(store, run, all);
  const pruned = unchanged ? 0 : await store.backups.prune();
  return {
    body: { changed: !unchanged, registrations: { total: all.stored.length, damaged }, backup, pruned },
    problems: [
      ...(hindrance === undefined ? [] : [hindrance]),
      ...damaged.map((key) => `the registration in ${key} is damaged: register it again, or import a backup`),
    ],
    counted: { cycles: 1, backups: unchanged ? 0 : 1, pruned },
    memory: { version: versionOf(all) },
  };
}

/** What the last run wrote, or nothing if nobody knows. */
async function versionBefore(store: Store): Promise<unknown> {
  try {
    return (await store.reports.read('persist')).memory['version'];
  } catch (error) {
    if (error instanceof DamagedObjectError) return undefined;
    throw error;
  }
}

/** The same as long as no registration and no state was written. */
function versionOf(all: AllRegistrations): string {
  const hash = createHash('sha256').update(all.state.version);
  for (const { key, etag } of all.records) hash.update(`${key} ${etag}\n`);
  for (const key of all.damaged) hash.update(`${key}\n`);
  return hash.digest('hex');
}

/** Forgets what is known of registrations that are gone or were registered anew. True if there was any. */
async function forgetOrphans(store: Store, run: CycleRun, all: AllRegistrations): Promise<boolean> {
  const revisions = new Map(all.records.map(({ record }) => [record.id, record.revision]));
  // A damaged registration may be repaired: what is known of its shard is kept.
  const kept = new Set(all.damaged.map((key) => key.charAt('registrations/'.length)));
  const orphans = new Map<ShardId, Map<RegistrationId, StateChange>>();
  for (const [id, entry] of all.state.entries()) {
    const shard = shardOf(id);
    if (revisions.get(id) === entry.revision || kept.has(shard)) continue;
    const own = orphans.get(shard) ?? new Map<RegistrationId, StateChange>();
    orphans.set(shard, own.set(id, { forget: entry.revision }));
  }
  await Promise.all([...orphans].map(([shard, changes]) => store.state.write(shard, run.lease, changes)));
  return orphans.size > 0;
}

async function verified(store: Store, run: CycleRun, all: AllRegistrations): Promise<readonly string[]> {
  const shard = SHARDS[run.lease.fence % SHARDS.length];
  const found = shard === undefined ? [] : await store.reader.verify(shard);
  return [...new Set([...all.damaged, ...found])].toSorted();
}

/** Writes snapshot, backup and the original's document; answers the backup's key. */
async function writeAll(store: Store, run: CycleRun, all: AllRegistrations): Promise<string> {
  const nowMs = store.context.clock.nowMs();
  const registrations = all.stored.map(({ registration }) => toStoredForm(registration));
  run.lease.assertHeld();
  await repeated(store.context, () => store.snapshot.save(all.records));
  run.lease.assertHeld();
  await store.backups.save(encodeBackup(registrations, nowMs), nowMs);
  run.lease.assertHeld();
  await writeOriginal(store, encodeOriginalDocument(registrations, nowMs));
  return backupKey(nowMs);
}

/**
 * Replaces the original's document, unless somebody else wrote it since it was last taken in: then the next run takes
 * that in first. Our own content is noted as known before it is written, so that nobody ever merges it back.
 */
async function writeOriginal(store: Store, document: string): Promise<void> {
  const { original } = store;
  if (original === undefined) return;
  const context = { ...store.context, objects: original.objects };
  const current = await repeated(context, () => original.objects.get(original.key));
  const known = (await store.meta.read()).originals;
  if (current.kind === 'found' && !known.includes(contentHash(current.body))) return;
  await store.meta.update((meta) => withHash(meta, 'originals', contentHash(document)));
  await resolvedPut(context, {
    key: original.key,
    body: document,
    condition: current.kind === 'found' ? { ifMatch: current.etag } : { ifNoneMatch: '*' },
    isOurs: (body) => contentHash(body) === contentHash(document),
  });
}
