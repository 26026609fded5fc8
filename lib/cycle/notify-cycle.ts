import type { Dispatcher } from '../delivery/dispatcher.ts';
import type { QueueDepths, QueueManagerReading } from '../queues/queue-depths.ts';
import type { Registration, RegistrationId, RegistrationState } from '../registration/registration.ts';
import { recordFailure, recordSuccess, retire, statusOf, type FailurePolicy } from '../registration/state.ts';
import type { StateChange, StateRead } from '../store/cycle-state.ts';
import { shardOf, type ShardId } from '../store/keys.ts';
import type { AllRegistrations } from '../store/registration-store.ts';
import { DamagedObjectError } from '../store/store-context.ts';
import { decide, decideAtRest } from './decide.ts';
import {
  ANSWERED_DECISIONS_MAX,
  damageOf,
  foremost,
  STORED_DECISIONS_MAX,
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
import { hostOf, wake, type WakeDeps, type WakeOutcome } from './wake.ts';

export interface NotifyDeps extends CycleDeps, WakeDeps {
  readonly queues: QueueDepths;
  readonly dispatcher: () => Dispatcher;
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
}

async function notify(deps: NotifyDeps, run: CycleRun): Promise<CycleResult<NotifyReport>> {
  const [all, first] = await Promise.all([deps.store.registrations.readAll(), deferredBefore(deps)]);
  const gathered: Gathered = {
    decisions: [],
    lines: [],
    changes: new Map(),
    problems: [...all.damaged, ...all.state.damaged].map(damageOf),
  };
  const waiting = new Map<string, Registration[]>();
  for (const { registration } of all.stored) {
    const atRest = decideAtRest(registration);
    if (atRest !== undefined) gathered.decisions.push(atRest);
    else append(waiting, registration.record.qmgr, registration);
  }
  const dispatcher = deps.dispatcher();
  const deadlineMs = run.startedMs + deps.runMsMax - deps.wrapUpMs;
  await Promise.all(
    [...waiting].map(async ([qmgr, registrations]) => {
      const reading = await readQueueManager(deps, qmgr, run.stopping.abandon, gathered);
      const inTurn = registrations.toSorted(
        (a, b) => Number(first.has(b.record.id)) - Number(first.has(a.record.id)),
      );
      await Promise.all(
        inTurn.map((one) =>
          handle(deps, { run, dispatcher, deadlineMs, gathered, before: all.state }, one, reading),
        ),
      );
    }),
  );
  await writeChanges(deps, run, gathered);
  return resultOf(all, gathered);
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Ids that the run before could not get to. */
async function deferredBefore(deps: NotifyDeps): Promise<ReadonlySet<string>> {
  try {
    const { memory } = await deps.store.reports.read('notify');
    const deferred = memory['deferred'];
    return new Set(Array.isArray(deferred) ? deferred.filter((id) => typeof id === 'string') : []);
  } catch (error) {
    if (error instanceof DamagedObjectError) return new Set();
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
  readonly run: CycleRun;
  /** What was known when the run began. */
  readonly before: StateRead;
  readonly dispatcher: Dispatcher;
  readonly deadlineMs: number;
  readonly gathered: Gathered;
}

/** Decides on one registration and wakes it if it is due. */
async function handle(
  deps: NotifyDeps,
  turn: Turn,
  registration: Registration,
  reading: QueueManagerReading,
): Promise<void> {
  const { record } = registration;
  const due = decide(registration, reading, deps.clock.nowMs());
  if (!due.due) return void turn.gathered.decisions.push(due.decision);
  const limits = { deadlineMs: turn.deadlineMs, stopping: turn.run.stopping };
  const outcome = await turn.dispatcher.run(hostOf(record), () =>
    wake(deps, { record, queue: due.queue, depth: due.depth }, limits),
  );
  const next = nextState(deps, registration, outcome);
  if (next !== undefined) {
    const shard = shardOf(record.id);
    const changes = turn.gathered.changes.get(shard) ?? new Map<RegistrationId, StateChange>();
    const was = turn.before.entryOf(record.id, shard);
    turn.gathered.changes.set(shard, changes.set(record.id, { was, next }));
  }
  turn.gathered.decisions.push(decisionOf(registration, due.depth, outcome, next));
  logOutcome(deps, registration, due, outcome, next);
}

/** What was learned, or nothing if it is what was known. */
function nextState(
  deps: NotifyDeps,
  { record, state }: Registration,
  outcome: WakeOutcome,
): RegistrationState | undefined {
  const nowMs = deps.clock.nowMs();
  switch (outcome.kind) {
    case 'success': {
      const remember = record.when?.cooldown !== undefined;
      return state.failures === 0 && !remember ? undefined : recordSuccess(state, nowMs, remember);
    }
    case 'fail':
      return recordFailure(state, deps.failurePolicy, nowMs, outcome.reason);
    case 'retire':
      return retire(state, nowMs, outcome.reason);
    case 'unstarted':
    case 'misconfigured':
      return undefined;
  }
}

const REASONS = {
  success: 'woken',
  fail: 'failed',
  retire: 'retired',
  unstarted: 'deferred',
  misconfigured: 'misconfigured',
} as const;

function decisionOf(
  { record }: Registration,
  depth: number,
  outcome: WakeOutcome,
  next: RegistrationState | undefined,
): Decision {
  const consequence =
    outcome.kind === 'fail' && next !== undefined ? consequenceOf({ record, state: next }) : '';
  return {
    id: record.id,
    reason: REASONS[outcome.kind],
    depth,
    attempts: outcome.attempts,
    ...(outcome.kind === 'success' ? {} : { detail: outcome.reason + consequence }),
  };
}

function consequenceOf(registration: Registration): string {
  const status = statusOf(registration);
  const { failures, quarantinedUntilMs } = registration.state;
  if (status === 'dropped') return `; dropped after ${failures} failures`;
  if (quarantinedUntilMs === undefined) return `; failure ${failures} in a row`;
  return `; in quarantine until ${new Date(quarantinedUntilMs).toISOString()} after ${failures} failures`;
}

function logOutcome(
  deps: NotifyDeps,
  { record }: Registration,
  due: { readonly queue: string; readonly depth: number },
  outcome: WakeOutcome,
  next: RegistrationState | undefined,
): void {
  const facts = {
    id: record.id,
    qmgr: record.qmgr,
    queue: due.queue,
    depth: due.depth,
    attempts: outcome.attempts,
  };
  if (outcome.kind === 'success') return deps.log.info('target woken', facts);
  const state =
    next === undefined ? {} : { failures: next.failures, status: statusOf({ record, state: next }) };
  deps.log.warn('target not woken', { ...facts, ...state, why: outcome.reason });
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

function resultOf(all: AllRegistrations, gathered: Gathered): CycleResult<NotifyReport> {
  const { decisions } = gathered;
  const count = (...reasons: readonly Decision['reason'][]): number =>
    decisions.filter(({ reason }) => reasons.includes(reason)).length;
  const attemptsMade = decisions.filter(({ attempts }) => attempts !== undefined);
  const retiredNow = attemptsMade.filter(({ reason }) => reason === 'retired').length;
  const quarantined = count('quarantined');
  const retired = count('retired') - retiredNow;
  const notifications = {
    due: attemptsMade.length,
    succeeded: count('woken'),
    failed: count('failed') + retiredNow,
    skipped: count('cooldown', 'misconfigured'),
    deferred: count('deferred'),
    attempts: attemptsMade.reduce((sum, { attempts = 0 }) => sum + attempts, 0),
  };
  const body = {
    registrations: {
      total: all.stored.length + all.damaged.length,
      active: all.stored.length - quarantined - retired,
      quarantined,
      retired,
      damaged: all.damaged,
    },
    queue_managers: gathered.lines.toSorted((a, b) => (a.qmgr < b.qmgr ? -1 : 1)),
    notifications,
  };
  const deferred = decisions.filter(({ reason }) => reason === 'deferred').map(({ id }) => id);
  return {
    body: { ...body, decisions: foremost(decisions, ANSWERED_DECISIONS_MAX) },
    storedBody: { ...body, decisions: foremost(decisions, STORED_DECISIONS_MAX) },
    problems: [...gathered.problems, ...shortfalls(gathered.lines, deferred.length)],
    counted: { cycles: 1, ...notifications },
    memory: deferred.length === 0 ? {} : { deferred: deferred.slice(0, STORED_DECISIONS_MAX) },
  };
}

/** What this run owes its callers, in words: the reason why it is not `completed`. */
function shortfalls(lines: readonly QueueManagerLine[], deferred: number): string[] {
  const unread = lines.filter(({ outcome }) => outcome === 'error').map(({ qmgr }) => qmgr);
  return [
    ...(unread.length === 0 ? [] : [`not read: ${unread.toSorted().join(', ')} (see queue_managers)`]),
    ...(deferred === 0 ? [] : [`no time was left for ${deferred} wake-ups; they go first in the next cycle`]),
  ];
}
