import type { Finding, Status } from './health.ts';

/** Registrations in one answer; those that need attention come first. */
export const REGISTRATIONS_MAX = 5_000;
/** Queues in one answer; the deepest come first. */
export const QUEUES_MAX = 500;
/** Runs of each cycle in one answer. */
export const RUNS_MAX = 30;

/** All that the dashboard shows, from what is stored. Names are those of the wire, times RFC 3339. */
export interface Overview {
  readonly now: string;
  readonly health: HealthLook;
  readonly registrations: {
    readonly total: number;
    readonly active: number;
    readonly quarantined: number;
    readonly retired: number;
    readonly damaged: number;
    /** At most `REGISTRATIONS_MAX`. */
    readonly lines: readonly RegistrationLook[];
  };
  readonly queue_managers: readonly QueueManagerState[];
  /** At most `QUEUES_MAX`. */
  readonly queues: readonly QueueLook[];
  readonly endpoints: readonly EndpointLook[];
  /** Newest first, of each cycle at most `RUNS_MAX`. */
  readonly cycles: readonly CycleRunLook[];
}

export interface HealthLook {
  readonly status: Status;
  readonly components: Readonly<Record<string, Finding>>;
}

export interface RegistrationLook {
  readonly id: string;
  readonly qmgr: string;
  readonly queue: string;
  /** Without its query, which often is a secret. */
  readonly notify: string;
  readonly state: 'active' | 'quarantined' | 'retired';
  /** Why it is in that state, or what the last failure was. */
  readonly state_reason: string | null;
  readonly failcount: number;
  /** When the quarantine may be lifted. */
  readonly backoff: string | null;
  /** What the last notify cycle decided, if it knew the registration. */
  readonly decision: DecisionLook | null;
  /** As far back as reports are kept. */
  readonly last_woken: string | null;
}

export interface DecisionLook {
  readonly reason: string;
  readonly detail: string | null;
  readonly depth: number | null;
  /** When the cycle started. */
  readonly at: string;
}

export interface QueueManagerState {
  readonly qmgr: string;
  readonly outcome: string;
  /** Queues that hold messages. */
  readonly queues: number;
  readonly duration_ms: number;
  readonly error: string | null;
  readonly warnings: readonly string[];
  /** When the cycle that asked it started. */
  readonly at: string;
}

export interface QueueLook {
  readonly qmgr: string;
  readonly queue: string;
  readonly registrations: number;
  /** Messages in the recent notify cycles, oldest first; `null` where they were not counted. */
  readonly depths: readonly (number | null)[];
}

export interface EndpointLook {
  readonly name: string;
  /** Without its query. */
  readonly url: string;
  readonly disabled: boolean;
  /** `half-open`: the next attempt shows whether it is well again. */
  readonly breaker: 'closed' | 'open' | 'half-open';
  readonly open_until: string | null;
  /** When the oldest event that waits was announced. */
  readonly oldest: string | null;
  /** By the names and in the meaning of Docker's registry: see `EndpointMetrics`. */
  readonly metrics: {
    readonly Pending: number;
    readonly Events: number;
    readonly Successes: number;
    readonly Failures: number;
    readonly Errors: number;
  };
}

export interface CycleRunLook {
  readonly cycle: string;
  readonly started: string;
  readonly duration_ms: number;
  readonly outcome: string;
  readonly problems: readonly string[];
}
