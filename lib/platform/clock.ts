/** Where time comes from. Epoch milliseconds. Injected, so that tests and simulations own time. */
export interface Clock {
  readonly nowMs: () => number;
  /** Resolves after `ms` milliseconds, or at once when `signal` is aborted. Never rejects. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Where randomness comes from. `fraction` is in [0, 1); `uuid` is a random UUID (version 4). */
export interface Randomness {
  readonly fraction: () => number;
  readonly uuid: () => string;
}
