import type { Lanes } from '../delivery/lanes.ts';
import { createRetryBudget } from '../delivery/retry-budget.ts';
import type { QueueDepths, QueueManagerReading } from '../queues/queue-depths.ts';
import type { Registration, RegistrationId } from '../registration/registration.ts';
import type { FailurePolicy } from '../registration/state.ts';
import type { StateChange, StateRead } from '../store/cycle-state.ts';
import { shardOf, type ShardId } from '../store/keys.ts';
import type { AllRegistrations } from '../store/registration-store.ts';
import { DamagedObjectError } from '../store/store-context.ts';
import { decide, decideAtRest } from './decide.ts';
import { decisionOf, logOutcome, nextState } from './notify-learning.ts';
import { readDeferrals, resultOf } from './notify-report.ts';
import {
  damageOf,
  type CycleReport,
  type Decision,
  type NotifyReport,
  type QueueManagerLine,
} from './report.ts';
import {
  problemText,
  runCycle,
  type CycleCall,
  type CycleDeps,
  type CycleResult,
  type CycleRun,
} from './run-cycle.ts';
import { createTaskGroup, type TaskGroup } from './task-group.ts';
import { hostOf, wake, type WakeCycle, type WakeDeps, type WakeOutcome } from './wake.ts';

export interface NotifyDeps extends CycleDeps, WakeDeps {
  readonly queues: QueueDepths;
  /** Makes the lanes of one run. */
  readonly lanes: () => Lanes;
  /** False when a queue is known to hold no messages any more, which spares a retry. */
  readonly isStillDue: (qmgr: string, queue: string) => boolean;
  readonly failurePolicy: FailurePolicy;
  /** Time kept at the end of a run for storing what was learned, in milliseconds. */
  readonly wrapUpMs: number;
}

/**
 * One notify cycle: reads the depths of every queue manager that somebody waits for, wakes who is due, and stores what
 * was learned. Each queue manager is asked once, all at the same time; as one answers, its registrations go on at once.
 * @throws {ObjectStoreError} it could not start.
 */
export function runNotifyCycle(deps: NotifyDeps, call: CycleCall): Promise<NotifyReport | CycleReport> {
  return runCycle<NotifyReport>(deps, 'notify', call, (run) => notify(deps, run));
}

/** What one run gathers. */
interface Gathered {
  readonly decisions: Decision[];
  readonly lines: QueueManagerLine[];
  readonly changes: Map<ShardId, Map<RegistrationId, StateChange>>;
  readonly problems: string[];
  /** How many cycles in a row before this one had no time for whom. */
  readonly deferrals: ReadonlyMap<string, number>;
}

async function notify(deps: NotifyDeps, run: CycleRun): Promise<CycleResult<NotifyReport>> {
  const [all, deferrals] = await Promise.all([deps.store.registrations.readAll(), deferredBefore(deps)]);
  const gathered: Gathered = {
    decisions: [],
    lines: [],
    changes: new Map(),
    problems: [...all.damaged, ...all.state.damaged].map(damageOf),
    deferrals,
  };
  const waiting = new Map<string, Registration[]>();
  for (const { registration } of all.stored) {
    const atRest = decideAtRest(registration);
    if (atRest !== undefined) gathered.decisions.push(atRest);
    else append(waiting, registration.record.qmgr, registration);
  }
  const cycle: WakeCycle = {
    lanes: deps.lanes(),
    budget: createRetryBudget(),
    slowHosts: slowHostsOf(all),
    isStillDue: deps.isStillDue,
    deadlineMs: run.startedMs + deps.runMsMax - deps.wrapUpMs,
    stopping: run.stopping,
  };
  const wakeUps = createTaskGroup();
  await Promise.all(
    [...waiting].map(async ([qmgr, registrations]) => {
      const reading = await readQueueManager(deps, qmgr, run.stopping.abandon, gathered);
      const waited = ({ record }: Registration): number => deferrals.get(record.id) ?? 0;
      const inTurn = registrations.toSorted((a, b) => waited(b) - waited(a));
      for (const one of inTurn) handle(deps, { cycle, gathered, before: all.state, wakeUps }, one, reading);
    }),
  );
  await wakeUps.ended();
  await writeChanges(deps, run, gathered);
  return resultOf(all, gathered);
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Hosts of which a registration timed out lately: known from the cycles before. */
function slowHostsOf(all: AllRegistrations): ReadonlySet<string> {
  const slow = all.stored.filter(({ registration }) => registration.state.slow === true);
  return new Set(slow.map(({ record }) => hostOf(record)));
}

/** Whom the run before could not get to, with how many runs in a row that was so. */
async function deferredBefore(deps: NotifyDeps): Promise<ReadonlyMap<string, number>> {
  try {
    return readDeferrals((await deps.store.reports.read('notify')).memory);
  } catch (error) {
    if (error instanceof DamagedObjectError) return new Map();
    throw error;
  }
}

async function readQueueManager(
  deps: NotifyDeps,
  qmgr: string,
  signal: AbortSignal,
  gathered: Gathered,
): Promise<QueueManagerReading> {
  const { clock } = deps;
  const startedMs = clock.nowMs();
  const reading = await deps.queues.read(qmgr, signal);
  const failed = reading.kind === 'failed';
  gathered.lines.push({
    qmgr,
    outcome: failed ? 'error' : 'ok',
    queues: failed ? 0 : reading.queues.size,
    duration_ms: clock.nowMs() - startedMs,
    error: failed ? reading.message : null,
  });
  if (failed) deps.log.warn('queue manager not read', { qmgr, code: reading.code, cause: reading.message });
  return reading;
}

interface Turn {
  readonly cycle: WakeCycle;
  /** What was known when the run began. */
  readonly before: StateRead;
  readonly gathered: Gathered;
  readonly wakeUps: TaskGroup;
}

/** Decides on one registration, and has it woken if it is due. */
function handle(
  deps: NotifyDeps,
  turn: Turn,
  registration: Registration,
  reading: QueueManagerReading,
): void {
  const due = decide(registration, reading, deps.clock.nowMs());
  if (!due.due) return void turn.gathered.decisions.push(due.decision);
  const { queue, depth } = due;
  const deferrals = turn.gathered.deferrals.get(registration.record.id) ?? 0;
  const ended = turn.wakeUps.begin();
  wake(deps, { registration, queue, depth, deferrals }, turn.cycle, (outcome) =>
    ended(outcome.then((known) => learn(deps, turn, registration, due, known))),
  );
}

/** Notes how a wake-up ended. */
function learn(
  deps: NotifyDeps,
  { gathered, before }: Turn,
  registration: Registration,
  due: { readonly queue: string; readonly depth: number },
  outcome: WakeOutcome,
): void {
  const { id } = registration.record;
  const next = nextState(registration, outcome, deps.failurePolicy, deps.clock.nowMs());
  if (next !== undefined) {
    const shard = shardOf(id);
    const changes = gathered.changes.get(shard) ?? new Map<RegistrationId, StateChange>();
    gathered.changes.set(shard, changes.set(id, { was: before.entryOf(id, shard), next }));
  }
  gathered.decisions.push(decisionOf(registration, due.depth, outcome, next));
  logOutcome(deps.log, registration, due, outcome, next);
}

/** Stores what was learned, shard by shard; a shard that cannot be written is a problem of its own. */
async function writeChanges(deps: NotifyDeps, run: CycleRun, gathered: Gathered): Promise<void> {
  await Promise.all(
    [...gathered.changes].map(async ([shard, changes]) => {
      try {
        await deps.store.state.write(shard, run.lease, changes);
      } catch (error) {
        gathered.problems.push(`what was learned of shard ${shard} was not stored: ${problemText(error)}`);
      }
    }),
  );
}
