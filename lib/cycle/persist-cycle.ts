import { createHash } from 'node:crypto';
import { encodeBackup, encodeOriginalDocument } from '../registration/original-document.ts';
import type { RegistrationId } from '../registration/registration.ts';
import { toStoredForm } from '../registration/wire.ts';
import type { StateChange, StateRead } from '../store/cycle-state.ts';
import { backupKey, SHARDS, shardOf, type ShardId } from '../store/keys.ts';
import { contentHash, withHash, type Meta } from '../store/meta.ts';
import type { AllRegistrations } from '../store/registration-store.ts';
import { resolvedPut } from '../store/resolved-put.ts';
import { repeated } from '../store/store-context.ts';
import type { Lease } from '../store/lease.ts';
import type { Store } from '../store/store.ts';
import { noteDamage } from './note-damage.ts';
import type { CycleReport, PersistReport } from './report.ts';
import { runCycle, type CycleCall, type CycleDeps, type CycleResult, type CycleRun } from './run-cycle.ts';

/**
 * One persist cycle. When anything changed since the last one: forgets state that belongs to nothing, refreshes the
 * snapshot, writes a checksummed backup and the document that the original reads, and deletes old backups. Each such
 * run reads one sixteenth of all objects from the store itself, so that damage is found even where caches hide it.
 * @throws {ObjectStoreError} it could not start or not finish; the next run does it again.
 */
export function runPersistCycle(deps: CycleDeps, call: CycleCall): Promise<PersistReport | CycleReport> {
  return runCycle<PersistReport>(deps, { cycle: 'persist' }, call, (run) => persist(deps, run));
}

async function persist(deps: CycleDeps, run: CycleRun): Promise<CycleResult<PersistReport>> {
  const { store } = deps;
  const { content, hindrance } = await store.merge.takeOriginal(run.lease.assertHeld);
  const before = memoryOf(run.before);
  // State first: whatever it knows of, a registration that is still there shows in what is read after it.
  const earlier = await store.state.readAll();
  let all = await store.registrations.readAll();
  // A document that somebody else wrote is replaced, even if there was nothing new in it.
  const isOurs = content === before.document || hindrance !== undefined;
  const unchanged = isOurs && versionOf(all) === before.version;
  if (!unchanged && (await forgetOrphans(store, run, earlier, all)))
    all = await store.registrations.readAll();
  const shard = (before.verified + 1) % SHARDS.length;
  const damaged = unchanged ? all.damaged : await verified(store, shard, all);
  noteDamage(run.errors, { damaged, state: all.state });
  const problems = hindrance === undefined ? [] : [hindrance];
  // With part of the state unknown, a backup would say that nobody is in quarantine, and push out those that know.
  const isWhole = all.state.damaged.length === 0;
  if (!isWhole) problems.push('no backup was written, and the document of the original is left as it is');
  const { backup, document } = unchanged ? { backup: null } : await writeAll(store, run, all, isWhole);
  const pruned = backup === null ? 0 : await store.backups.prune(backup);
  return {
    body: { changed: !unchanged, registrations: { total: all.stored.length, damaged }, backup, pruned },
    problems,
    counted: { cycles: 1, backups: backup === null ? 0 : 1, pruned },
    memory: unchanged
      ? { ...before }
      : { version: versionOf(all), verified: shard, document: isWhole ? document : before.document },
  };
}

/**
 * What a run remembers for the next: the version of everything that it wrote, the shard that it verified, and a hash of
 * the original's document as it left it.
 */
interface Remembered {
  readonly version: unknown;
  readonly verified: number;
  readonly document: unknown;
}

function memoryOf({ memory }: CycleRun['before']): Remembered {
  const { version, verified: shard, document } = memory;
  const isShard = typeof shard === 'number' && Number.isSafeInteger(shard);
  return { version, verified: isShard ? shard : -1, document };
}

/** The same as long as no registration and no state was written. */
function versionOf(all: AllRegistrations): string {
  const hash = createHash('sha256').update(all.state.version);
  for (const { key, etag } of all.records) hash.update(`${key} ${etag}\n`);
  for (const key of [...all.damaged, ...all.state.damaged]) hash.update(`${key}\n`);
  return hash.digest('hex');
}

/** Forgets what is known of registrations that are gone or were registered anew. True if there was any. */
async function forgetOrphans(
  store: Store,
  run: CycleRun,
  earlier: StateRead,
  all: AllRegistrations,
): Promise<boolean> {
  const revisions = new Map(all.records.map(({ record }) => [record.id, record.revision]));
  // A damaged registration may be repaired: what is known of its shard is kept.
  const kept = new Set(all.damaged.map((key) => key.charAt('registrations/'.length)));
  const orphans = new Map<ShardId, Map<RegistrationId, StateChange>>();
  for (const [id, entry] of earlier.entries()) {
    const shard = shardOf(id);
    if (revisions.get(id) === entry.revision || kept.has(shard)) continue;
    const own = orphans.get(shard) ?? new Map<RegistrationId, StateChange>();
    orphans.set(shard, own.set(id, { was: entry, next: undefined }));
  }
  await Promise.all([...orphans].map(([shard, changes]) => store.state.write(shard, run.lease, changes)));
  return orphans.size > 0;
}

async function verified(store: Store, shardIndex: number, all: AllRegistrations): Promise<readonly string[]> {
  const shard = SHARDS[shardIndex];
  const found = shard === undefined ? [] : await store.reader.verify(shard);
  return [...new Set([...all.damaged, ...found])].toSorted();
}

/** The key of the backup, and a hash of the original's document where that was written. */
interface Written {
  readonly backup: string | null;
  readonly document?: string | undefined;
}

/** Writes the snapshot and, when everything is known, a backup and the original's document. */
async function writeAll(
  store: Store,
  run: CycleRun,
  all: AllRegistrations,
  isWhole: boolean,
): Promise<Written> {
  const nowMs = store.context.clock.nowMs();
  const registrations = all.stored.map(({ registration }) => toStoredForm(registration));
  run.lease.assertHeld();
  await repeated(store.context, () => store.snapshot.save(all.records));
  if (!isWhole) return { backup: null };
  run.lease.assertHeld();
  await store.backups.save(encodeBackup(registrations, nowMs), nowMs);
  const document = await writeOriginal(store, run.lease, encodeOriginalDocument(registrations, nowMs));
  return { backup: backupKey(nowMs), document };
}

/**
 * Replaces the original's document, unless somebody else wrote it since it was last taken in: then the next run takes
 * that in first. Our own content is noted as known before it is written, so that nobody ever merges it back. Answers a
 * hash of what was written, or nothing.
 */
async function writeOriginal(store: Store, lease: Lease, document: string): Promise<string | undefined> {
  const { original } = store;
  if (original === undefined) return 'none';
  const context = { ...store.context, objects: original.objects };
  const current = await repeated(context, () => original.objects.get(original.key));
  const before = current.kind === 'found' ? contentHash(current.body) : undefined;
  if (before !== undefined && !(await store.meta.read()).originals.includes(before)) return undefined;
  // The document carries no fence: its version was read first, so that the condition fails if we are overtaken after this.
  await lease.confirm();
  const content = contentHash(document);
  const noted = (meta: Meta): Meta => withHash(withHash(meta, 'originals', before), 'originals', content);
  await store.meta.update(noted, lease.assertHeld);
  const result = await resolvedPut(context, {
    key: original.key,
    body: document,
    condition: current.kind === 'found' ? { ifMatch: current.etag } : { ifNoneMatch: '*' },
    isOurs: (body) => contentHash(body) === content,
    mayWrite: lease.assertHeld,
  });
  return result.kind === 'written' ? content : undefined;
}
