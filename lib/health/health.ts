/** How a part of the system is. `INIT`: nothing is known of it yet. */
export type Status = 'INIT' | 'UP' | 'DOWN';

/** What was found out about one component. `details` are for administrators. */
export interface Finding {
  readonly status: Status;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Finds out how one component is. A check that throws means `DOWN`, with what it threw as the reason. */
export interface Indicator {
  readonly name: string;
  readonly check: () => Promise<Finding>;
}

/**
 * Finds out about several components of a kind at once; each is named `<name>:<member>`. Who they are is for administrators:
 * all others see one component, `together`, with the worst status.
 */
export interface IndicatorFamily {
  readonly name: string;
  readonly together: string;
  /** By member. */
  readonly checkAll: () => Promise<ReadonlyMap<string, Finding>>;
}

const ORDER: readonly Status[] = ['DOWN', 'INIT', 'UP'];

/** The worst of them: any `DOWN`, else any `INIT`, else `UP`, also of none. */
export function worstOf(statuses: readonly Status[]): Status {
  return ORDER.find((status) => statuses.includes(status)) ?? 'UP';
}
