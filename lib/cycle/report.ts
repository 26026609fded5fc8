import type { CycleName } from '../store/keys.ts';

/** What every cycle answers. Names are those of the wire. */
export interface CycleReport {
  readonly cycle: CycleName;
  readonly id: string;
  /**
   * `completed`: all was done. `partial`: some of it, see `problems`. `skipped`: somebody else is at it, or was, see
   * `reason`. `failed`: nothing could be done.
   */
  readonly outcome: 'completed' | 'partial' | 'skipped' | 'failed';
  /** RFC 3339. */
  readonly started: string;
  readonly duration_ms: number;
  /** Why it was skipped. */
  readonly reason?: string;
  /** What went wrong on the way, in words. */
  readonly problems?: readonly string[];
}

/** Why a registration was woken or not. */
export type DecisionReason =
  | 'woken'
  | 'failed'
  | 'deferred'
  /** Too few messages, and none old enough. */
  | 'depth_below'
  /** Nobody can get messages from the queue. */
  | 'get_inhibited'
  /** Somebody has the queue open for input, and is to be left to it. */
  | 'reader_present'
  /** A job run that was started for it is not over. */
  | 'job_running'
  | 'cooldown'
  /** Many wake-ups in a row did not make the depth fall: they come further apart. */
  | 'no_progress'
  /** The target asked to be left alone for a while. */
  | 'postponed'
  /** The queue was emptied before the next attempt. */
  | 'cancelled'
  | 'quarantined'
  | 'retired'
  | 'queue_manager_error'
  | 'queue_not_found'
  | 'misconfigured';

export interface Decision {
  readonly id: string;
  readonly reason: DecisionReason;
  /** Messages on the queue, where they were counted; for a pattern those of the queue that the decision is about. */
  readonly depth?: number;
  /** For a pattern: messages on all queues that it matches. */
  readonly depth_sum?: number;
  /** Attempts to wake the target, where any were made. */
  readonly attempts?: number;
  /** The job run that was started. */
  readonly run?: string;
  /** Data that the target's reply carried. */
  readonly reply?: unknown;
  /** The node that passed the wake-up on and the reply back. */
  readonly relay?: string;
  /** More in words. */
  readonly detail?: string;
}

/** How a test wake-up ended that somebody asked for, in the words of decisions. */
export interface TestResult extends Decision {
  /** Names who asked, as the answer to the request did. */
  readonly request: string;
}

export interface QueueManagerLine {
  readonly qmgr: string;
  readonly outcome: 'ok' | 'error';
  /** Queues that hold messages. */
  readonly queues: number;
  readonly duration_ms: number;
  readonly error: string | null;
  /** What was left out or fell short, in words, where anything was. */
  readonly warnings?: readonly string[];
}

/** How one range of a cycle that was split ended. */
export interface RangeLine {
  /** Its first and last shard: `0-3`. */
  readonly range: string;
  /** `unanswered`: nobody knows; the next cycle looks at it again. */
  readonly outcome: CycleReport['outcome'] | 'unanswered';
  readonly duration_ms: number;
  readonly registrations: number;
  /** Why it was not served, where it was not. */
  readonly detail?: string;
}

export interface NotifyReport extends CycleReport {
  readonly registrations: {
    readonly total: number;
    readonly active: number;
    readonly quarantined: number;
    readonly retired: number;
    readonly damaged: readonly string[];
  };
  readonly queue_managers: readonly QueueManagerLine[];
  readonly notifications: {
    /** Wake-ups that were begun, and those that no time was left for. */
    readonly due: number;
    readonly succeeded: number;
    readonly failed: number;
    /** Not woken although messages enough wait: held back by a rule, called off, or misconfigured. */
    readonly skipped: number;
    readonly deferred: number;
    readonly attempts: number;
  };
  readonly decisions: readonly Decision[];
  /**
   * In the stored report, where it has all that is worth telling: what was decided on everybody else who was registered
   * when it began. So a cycle in which nothing happened stores next to nothing.
   */
  readonly others?: typeof UNEVENTFUL;
  /** Where it was split: the ranges, in order. */
  readonly ranges?: readonly RangeLine[];
  /** Test wake-ups that were asked for, where there were any. They are in no other count. */
  readonly tests?: readonly TestResult[];
}

export interface RestoreReport extends CycleReport {
  readonly restored: readonly string[];
  readonly quarantined: number;
}

export interface PersistReport extends CycleReport {
  readonly changed: boolean;
  readonly registrations: { readonly total: number; readonly damaged: readonly string[] };
  /** Key of the backup written. */
  readonly backup: string | null;
  readonly pruned: number;
}

/** What is decided on whoever waits for an empty queue. */
export const UNEVENTFUL = { reason: 'depth_below', depth: 0 } as const;

/** The decisions of a report as it is stored: without those that `others` stands for, where that is there. */
export function storedDecisions(decisions: readonly Decision[]): Pick<NotifyReport, 'decisions' | 'others'> {
  const eventful = decisions.filter(
    ({ reason, depth, depth_sum: sum = 0 }) => !(reason === UNEVENTFUL.reason && depth === 0 && sum === 0),
  );
  return eventful.length > STORED_DECISIONS_MAX
    ? { decisions: foremost(decisions, STORED_DECISIONS_MAX) }
    : { decisions: foremost(eventful, STORED_DECISIONS_MAX), others: UNEVENTFUL };
}

/** Decisions in an answer; the stored report has up to `STORED_DECISIONS_MAX`. */
export const ANSWERED_DECISIONS_MAX = 100;
export const STORED_DECISIONS_MAX = 10_000;

const ORDER: Readonly<Record<DecisionReason, number>> = {
  failed: 0,
  misconfigured: 1,
  deferred: 2,
  queue_manager_error: 3,
  queue_not_found: 4,
  no_progress: 5,
  woken: 6,
  retired: 7,
  quarantined: 8,
  get_inhibited: 9,
  reader_present: 10,
  job_running: 11,
  cooldown: 12,
  postponed: 13,
  cancelled: 14,
  depth_below: 15,
};

/** The first `max` decisions, what needs attention first. */
export function foremost(decisions: readonly Decision[], max: number): readonly Decision[] {
  return decisions.toSorted((a, b) => ORDER[a.reason] - ORDER[b.reason]).slice(0, max);
}
