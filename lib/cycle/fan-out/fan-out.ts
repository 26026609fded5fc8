import type { Fence } from '../../store/lease.ts';
import type { Range, RangeCount } from '../../store/ranges.ts';
import type { Capacity } from './plan-ranges.ts';

/** What a cycle asks another invocation of its own function for: to serve one range. */
export interface RangeRequest {
  /** The id of the cycle that it is a part of. */
  readonly cycle: string;
  /** Under which fence it stores. */
  readonly fence: Fence;
  /** The fence of the cycle before: what a range remembers of an earlier one counts for nothing. */
  readonly fenceBefore: Fence;
  readonly range: Range;
  /** Ranges that are served at the same time, itself included. */
  readonly sharedBy: RangeCount;
  /** Time that it may take in all, in milliseconds. */
  readonly budgetMs: number;
}

/** How a cycle hands ranges of the key space to further invocations. */
export interface FanOut {
  readonly capacity: Capacity;
  /**
   * Resolves when the invocation has answered, with why it did nothing, where it says so. How its run ended is in the
   * report that it stored, not in its answer.
   * @throws {HttpFailure} or another error that says why it was not served, or may not have been.
   */
  readonly call: (
    request: RangeRequest,
    limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ) => Promise<string | undefined>;
}
