import type { Outcome } from '../delivery/attempts.ts';
import type { Lanes } from '../delivery/lanes.ts';
import { createRetryBudget } from '../delivery/retry-budget.ts';
import { CycleImpossibleError } from '../errors/cycle-impossible-error.ts';
import type { ErrorKernel } from '../errors/error-kernel.ts';
import type { LifecycleEvent } from '../events/lifecycle-event.ts';
import type { QueueDepths, QueueManagerReading } from '../queues/queue-depths.ts';
import type { Registration, RegistrationId } from '../registration/registration.ts';
import { statusOf, type FailurePolicy } from '../registration/state.ts';
import type { StateChange, StateRead } from '../store/cycle-state.ts';
import { shardOf, type ShardId } from '../store/keys.ts';
import type { RangeCount } from '../store/ranges.ts';
import { eachOf, type ReadScope } from '../store/registration-reader.ts';
import type { AllRegistrations } from '../store/registration-store.ts';
import { askQueueManager, wantedBy } from './ask-queue-manager.ts';
import { toldChange } from './cycle-events.ts';
import { decide, decideAtRest, type DueRegistration } from './decide.ts';
import type { FanOut } from './fan-out/fan-out.ts';
import type { Load } from './fan-out/plan-ranges.ts';
import { decisionOf, logOutcome, nextState } from './notify-learning.ts';
import { createHostCounters } from './host-counters.ts';
import { noteDamage } from './note-damage.ts';
import { parseMemory, type Remembered } from './notify-memory.ts';
import { resultOf } from './notify-report.ts';
import { afterWakeUp, type Standstill } from './progress.ts';
import type { Decision, NotifyReport, QueueManagerLine, TestResult } from './report.ts';
import type { CycleDeps, CycleResult, CycleRun } from './run-cycle.ts';
import { createTaskGroup, type TaskGroup } from './task-group.ts';
import { sendTests } from './test-wake-ups.ts';
import { hostOf, wake, type WakeCycle, type WakeDeps } from './wake.ts';

export interface NotifyDeps extends CycleDeps, WakeDeps {
  readonly queues: QueueDepths;
  /** What is wrong with the guard that stands before private networks, or `undefined`: then nobody is dialled at all. */
  readonly egressProblem: () => Promise<string | undefined>;
  /** Makes the lanes of one run, where hosts have slots for so many runs. */
  readonly lanes: (sharedBy: RangeCount) => Lanes;
  /** How much of the time one run may be busy, and how many registrations it may look at, where it can be split. */
  readonly fanOut: FanOut | undefined;
  /** False when a queue is known to hold no messages any more, which spares a retry. */
  readonly isStillDue: (qmgr: string, queue: string) => boolean;
  readonly failurePolicy: FailurePolicy;
  /** Time kept at the end of a run for storing what was learned, in milliseconds. */
  readonly wrapUpMs: number;
}

/** Which registrations a run looks at, and who else is at it. */
export interface Part extends ReadScope {
  /** Runs that look at the other registrations at the same time: hosts share their slots among all of them. */
  readonly sharedBy: RangeCount;
}

/** What a run did, and how much that was. */
export interface NotifyResult extends CycleResult<NotifyReport> {
  readonly load: Load;
}

/** What was learned of one shard, and what of it is worth telling. */
interface ShardChanges {
  readonly states: Map<RegistrationId, StateChange>;
  readonly events: LifecycleEvent[];
}

/** What one run gathers. */
interface Gathered {
  readonly decisions: Decision[];
  readonly lines: QueueManagerLine[];
  readonly tests: TestResult[];
  readonly changes: Map<ShardId, ShardChanges>;
  readonly problems: string[];
  readonly remembered: Remembered;
  /** What the next run is to know of whom this one looked at; who is not in it starts anew. */
  readonly standstills: Map<string, Standstill>;
}

/**
 * Reads the depths of every queue manager that somebody waits for, wakes who is due, and stores what was learned. Each
 * queue manager is asked once, all at the same time; as one answers, its registrations go on at once.
 * @throws {CycleImpossibleError} somebody is registered, and nobody may be dialled from here: nothing was done.
 * @throws {TooManyRegistrationsError} nothing was done.
 * @throws {ObjectStoreError} nothing was done.
 */
export async function notify(deps: NotifyDeps, run: CycleRun, part: Part): Promise<NotifyResult> {
  const { errors } = run;
  const all = await deps.store.registrations.readAll(part);
  if (all.stored.length > 0) await checkEgress(deps);
  noteDamage(errors, all);
  const remembered = parseMemory(run.before.memory);
  const counters = createHostCounters(run.before.counters);
  const gathered: Gathered = {
    decisions: [],
    lines: [],
    tests: [],
    changes: new Map(),
    problems: [],
    remembered,
    standstills: new Map(),
  };
  const waiting = new Map<string, Registration[]>();
  const atRest = new Map<string, Registration[]>();
  for (const { registration } of all.stored)
    append(
      decideAtRest(registration) === undefined ? waiting : atRest,
      registration.record.qmgr,
      registration,
    );
  const cycle: WakeCycle = {
    lanes: deps.lanes(part.sharedBy),
    budget: createRetryBudget(),
    slowHosts: slowHostsOf(all),
    isStillDue: deps.isStillDue,
    deadlineMs: run.startedMs + deps.runMsMax - deps.wrapUpMs,
    stopping: run.stopping,
    counters,
    meter: { slotMs: 0, due: 0, deferred: 0 },
  };
  // Nobody is asked for their sake alone.
  const unread = [...atRest].flatMap(([qmgr, resting]) => (waiting.has(qmgr) ? [] : resting));
  gathered.decisions.push(...unread.flatMap((one) => decideAtRest(one) ?? []));
  const wakeUps = createTaskGroup();
  const tests = sendTests(deps, { cycle, wakeUps, errors, results: gathered.tests }, all);
  const readings = Promise.all(
    [...waiting].map(async ([qmgr, registrations]) => {
      const resting = atRest.get(qmgr) ?? [];
      const needed = wantedBy(registrations, remembered.standstills);
      const names = [...needed.names, ...resting.map(({ record }) => record.queue)];
      const wanted = { ...needed, names: new Set(names) };
      const { reading, line } = await askQueueManager(deps, qmgr, wanted, run.stopping.abandon);
      gathered.lines.push(line);
      gathered.decisions.push(...resting.flatMap((one) => decideAtRest(one, reading) ?? []));
      const waited = ({ record }: Registration): number => remembered.deferrals.get(record.id) ?? 0;
      const inTurn = registrations.toSorted((a, b) => waited(b) - waited(a));
      for (const one of inTurn)
        handle(deps, { cycle, gathered, before: all.state, wakeUps, errors }, one, reading);
    }),
  );
  try {
    await Promise.all([readings, tests]);
  } finally {
    // In any case: nothing may go on once the lease is given back.
    try {
      await wakeUps.ended();
    } finally {
      await endCycle(deps, errors);
    }
  }
  await writeChanges(deps, run, gathered);
  const result = resultOf(all, gathered, deps.random);
  // All that are listed: it is what an invocation has to read.
  const registrations = all.records.length + all.damaged.length;
  return {
    ...result,
    counted: { ...result.counted, ...counters.counted() },
    load: { registrations, ...cycle.meter },
  };
}

/**
 * Before anybody is dialled, and where nobody is registered not at all: the test is dear for an instance that just started.
 * @throws {CycleImpossibleError}
 */
export async function checkEgress({ egressProblem }: Pick<NotifyDeps, 'egressProblem'>): Promise<void> {
  const problem = await egressProblem();
  if (problem !== undefined) throw new CycleImpossibleError(problem);
}

/** Lets all channels go of what they hold for one cycle. */
async function endCycle({ channels }: NotifyDeps, errors: ErrorKernel): Promise<void> {
  const ends = Object.values(channels).map(async (channel) => {
    try {
      await channel.endCycle?.();
    } catch (error) {
      errors.handle('cycle-end', error);
    }
  });
  await Promise.all(ends);
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

interface Turn {
  readonly cycle: WakeCycle;
  /** What was known when the run began. */
  readonly before: StateRead;
  readonly gathered: Gathered;
  readonly wakeUps: TaskGroup;
  readonly errors: ErrorKernel;
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
        (error: unknown) => noteBug(turn, registration, due, error),
      ),
    ),
  );
}

/** Notes how a wake-up ended. */
function learn(
  deps: NotifyDeps,
  { cycle, gathered, before }: Turn,
  registration: Registration,
  due: DueRegistration,
  outcome: Outcome,
): void {
  const { id } = registration.record;
  const nowMs = deps.clock.nowMs();
  const host = hostOf(registration.record);
  if (outcome.attempts > 0) cycle.counters.ended(host);
  if (!cycle.slowHosts.has(host)) {
    cycle.meter.due += 1;
    if (outcome.kind === 'unstarted') cycle.meter.deferred += 1;
  }
  if (outcome.kind === 'success') gathered.standstills.set(id, afterWakeUp(due.standstill, due.sight, nowMs));
  const next = nextState(registration, outcome, deps.failurePolicy, nowMs);
  if (next !== undefined) {
    const shard = shardOf(id);
    const told = toldChange(registration, next, nowMs);
    const own: ShardChanges = gathered.changes.get(shard) ?? { states: new Map(), events: [] };
    own.states.set(id, { was: before.entryOf(id, shard), next: told?.next ?? next });
    if (told !== undefined) own.events.push(told.event);
    gathered.changes.set(shard, own);
  }
  gathered.decisions.push(decisionOf(registration, due, outcome, next));
  logOutcome(deps.log, registration, due, outcome, next);
}

/** A wake-up that ended by a bug of ours costs nobody else anything. */
function noteBug(
  { gathered, errors }: Turn,
  { record: { id } }: Registration,
  { depth }: DueRegistration,
  error: unknown,
): void {
  errors.handle('wake-up', error, { registration: id });
  const detail = 'broken off by an error of the observer itself: see the problems of the report';
  gathered.decisions.push({ id, reason: 'misconfigured', depth, attempts: 0, detail });
}

/** Shards that are stored at the same time: each that is done stays done when the time runs out. */
const SHARDS_AT_ONCE = 4;

/**
 * Tells and stores what was learned, shard by shard. Events first: after a kill in between the next run learns the same
 * again, and tells it under the same ids. Where telling fails nothing is stored, and the next run learns it again, too.
 */
async function writeChanges(deps: NotifyDeps, run: CycleRun, gathered: Gathered): Promise<void> {
  await eachOf([...gathered.changes], SHARDS_AT_ONCE, async ([shard, { states, events }]) => {
    try {
      await deps.events.announce(events);
    } catch (error) {
      run.errors.handle('event-write', error, { shard });
      return;
    }
    try {
      await deps.store.state.write(shard, run.lease, states);
    } catch (error) {
      run.errors.handle('state-write', error, { shard });
    }
  });
}
