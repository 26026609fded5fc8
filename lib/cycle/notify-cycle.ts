import type { Outcome } from '../delivery/attempts.ts';
import type { Lanes } from '../delivery/lanes.ts';
import { createRetryBudget } from '../delivery/retry-budget.ts';
import { describeError } from '../platform/logging.ts';
import type { QueueDepths, QueueManagerReading } from '../queues/queue-depths.ts';
import type { Registration, RegistrationId } from '../registration/registration.ts';
import { statusOf, type FailurePolicy } from '../registration/state.ts';
import type { StateChange, StateRead } from '../store/cycle-state.ts';
import { shardOf, type ShardId } from '../store/keys.ts';
import type { AllRegistrations } from '../store/registration-store.ts';
import { DamagedObjectError } from '../store/store-context.ts';
import { askQueueManager, wantedBy } from './ask-queue-manager.ts';
import { decide, decideAtRest, type DueRegistration } from './decide.ts';
import { decisionOf, logOutcome, nextState } from './notify-learning.ts';
import { NOTHING_REMEMBERED, parseMemory, type Remembered } from './notify-memory.ts';
import { resultOf } from './notify-report.ts';
import { afterWakeUp, type Standstill } from './progress.ts';
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
import { hostOf, wake, type WakeCycle, type WakeDeps } from './wake.ts';

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
  readonly remembered: Remembered;
  /** What the next run is to know of whom this one looked at; who is not in it starts anew. */
  readonly standstills: Map<string, Standstill>;
}

async function notify(deps: NotifyDeps, run: CycleRun): Promise<CycleResult<NotifyReport>> {
  const [all, remembered] = await Promise.all([deps.store.registrations.readAll(), rememberedBefore(deps)]);
  const gathered: Gathered = {
    decisions: [],
    lines: [],
    changes: new Map(),
    problems: [...all.damaged, ...all.state.damaged].map(damageOf),
    remembered,
    standstills: new Map(),
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
  const readings = Promise.all(
    [...waiting].map(async ([qmgr, registrations]) => {
      const wanted = wantedBy(registrations, remembered.standstills);
      const { reading, line } = await askQueueManager(deps, qmgr, wanted, run.stopping.abandon);
      gathered.lines.push(line);
      const waited = ({ record }: Registration): number => remembered.deferrals.get(record.id) ?? 0;
      const inTurn = registrations.toSorted((a, b) => waited(b) - waited(a));
      for (const one of inTurn) handle(deps, { cycle, gathered, before: all.state, wakeUps }, one, reading);
    }),
  );
  try {
    await readings;
  } finally {
    // In any case: nothing may go on once the lease is given back.
    try {
      await wakeUps.ended();
    } finally {
      await endCycle(deps);
    }
  }
  await writeChanges(deps, run, gathered);
  return resultOf(all, gathered, deps.random);
}

/** Lets all channels go of what they hold for one cycle. */
async function endCycle({ channels }: NotifyDeps): Promise<void> {
  await Promise.all(Object.values(channels).map(async (channel) => channel.endCycle?.()));
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Hosts of which a registration that is woken timed out lately: known from the cycles before. */
function slowHostsOf(all: AllRegistrations): ReadonlySet<string> {
  const slow = all.stored.filter(
    ({ registration }) => registration.state.slow === true && statusOf(registration) === 'active',
  );
  return new Set(slow.map(({ record }) => hostOf(record)));
}

async function rememberedBefore(deps: NotifyDeps): Promise<Remembered> {
  try {
    return parseMemory((await deps.store.reports.read('notify')).memory);
  } catch (error) {
    if (error instanceof DamagedObjectError) return NOTHING_REMEMBERED;
    throw error;
  }
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
  const { id } = registration.record;
  const { decisions, remembered, standstills } = turn.gathered;
  const due = decide(registration, reading, deps.clock.nowMs(), remembered.standstills.get(id));
  if (due.standstill !== undefined) standstills.set(id, due.standstill);
  if (!due.due) return void decisions.push(due.decision);
  const { queue, depth } = due;
  const deferrals = remembered.deferrals.get(id) ?? 0;
  const ended = turn.wakeUps.begin();
  wake(deps, { registration, queue, depth, deferrals }, turn.cycle, (outcome) =>
    ended(
      outcome.then(
        (known) => learn(deps, turn, registration, due, known),
        (error: unknown) => noteBug(deps, turn, registration, due, error),
      ),
    ),
  );
}

/** Notes how a wake-up ended. */
function learn(
  deps: NotifyDeps,
  { gathered, before }: Turn,
  registration: Registration,
  due: DueRegistration,
  outcome: Outcome,
): void {
  const { id } = registration.record;
  const nowMs = deps.clock.nowMs();
  if (outcome.kind === 'success') gathered.standstills.set(id, afterWakeUp(due.standstill, due.sight, nowMs));
  const next = nextState(registration, outcome, deps.failurePolicy, nowMs);
  if (next !== undefined) {
    const shard = shardOf(id);
    const changes = gathered.changes.get(shard) ?? new Map<RegistrationId, StateChange>();
    gathered.changes.set(shard, changes.set(id, { was: before.entryOf(id, shard), next }));
  }
  gathered.decisions.push(decisionOf(registration, due, outcome, next));
  logOutcome(deps.log, registration, due, outcome, next);
}

/** A wake-up that ended by a bug of ours costs nobody else anything: it is a problem of this run. */
function noteBug(
  deps: NotifyDeps,
  { gathered }: Turn,
  { record }: Registration,
  { depth }: DueRegistration,
  error: unknown,
): void {
  const cause = describeError(error);
  gathered.decisions.push({ id: record.id, reason: 'misconfigured', depth, attempts: 0, detail: cause });
  gathered.problems.push(`${record.id} could not be woken for a reason of our own: ${cause}`);
  deps.log.error('wake-up broken off', { id: record.id, cause });
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
