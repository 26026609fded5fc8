import type { LifecycleEvent } from '../events/lifecycle-event.ts';
import { isRestorable, restore, statusOf } from '../registration/state.ts';
import type { StateChange } from '../store/cycle-state.ts';
import type { RegistrationId } from '../registration/registration.ts';
import { shardOfKey, type ShardId } from '../store/keys.ts';
import { toldChange } from './cycle-events.ts';
import { noteDamage } from './note-damage.ts';
import type { CycleReport, RestoreReport } from './report.ts';
import { runCycle, type CycleCall, type CycleDeps, type CycleResult, type CycleRun } from './run-cycle.ts';

/**
 * One restore cycle: lifts the quarantines whose time has passed.
 * @throws {ObjectStoreError} it could not start.
 */
export function runRestoreCycle(deps: CycleDeps, call: CycleCall): Promise<RestoreReport | CycleReport> {
  return runCycle<RestoreReport>(deps, { cycle: 'restore' }, call, (run) => restoreAll(deps, run));
}

async function restoreAll(deps: CycleDeps, run: CycleRun): Promise<CycleResult<RestoreReport>> {
  const { clock } = deps.store.context;
  const { stored, state } = await deps.store.registrations.readAll();
  const quarantined = stored.filter(({ registration }) => statusOf(registration) === 'quarantined');
  const changes = new Map<ShardId, Map<RegistrationId, StateChange>>();
  const events: LifecycleEvent[] = [];
  for (const { key, registration } of quarantined) {
    if (!isRestorable(registration.state, clock.nowMs())) continue;
    const shard = shardOfKey(key);
    const { id } = registration.record;
    const own = changes.get(shard) ?? new Map<RegistrationId, StateChange>();
    const restored = restore(registration.state, clock.nowMs());
    const told = toldChange(registration, restored, clock.nowMs());
    const next = told?.next ?? restored;
    if (told !== undefined) events.push(told.event);
    changes.set(shard, own.set(id, { was: state.entryOf(id, shard), next }));
  }
  // Events first: after a kill in between the next run restores the same, and tells it under the same ids.
  await deps.events.announce(events);
  const restored: string[] = [];
  noteDamage(run.errors, { damaged: [], state });
  const problems: string[] = [];
  await Promise.all(
    [...changes].map(async ([shard, own]) => {
      try {
        await deps.store.state.write(shard, run.lease, own);
        restored.push(...own.keys());
      } catch (error) {
        run.errors.handle('state-write', error, { shard });
      }
    }),
  );
  for (const id of restored) deps.log.info('quarantine lifted', { id });
  return {
    body: { restored: restored.toSorted(), quarantined: quarantined.length - restored.length },
    problems,
    counted: { cycles: 1, restored: restored.length },
    memory: {},
  };
}
