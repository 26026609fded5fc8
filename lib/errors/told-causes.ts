import { createHash } from 'node:crypto';
import { eventId } from '../events/lifecycle-event.ts';

/** How long one cause is told only once, in milliseconds. Windows begin at multiples of it, so all instances share them. */
export const WINDOW_MS = 600_000;

/** Causes that are told one by one in a window; more are told by place and class only. */
const CAUSES_MAX = 200;

/** The causes that were told in one window, as one run hands them on to the next: at most 200 short marks. */
export interface ToldCauses {
  readonly window: number;
  readonly marks: readonly string[];
}

const NOTHING_TOLD: ToldCauses = { window: 0, marks: [] };

const MARK = /^[0-9a-f]{16}$/;

/** Reads what an earlier run handed on. What is not of its form counts for nothing. Total: never throws. */
export function parseToldCauses(value: unknown): ToldCauses {
  if (typeof value !== 'object' || value === null || !('window' in value) || !('marks' in value))
    return NOTHING_TOLD;
  const { window, marks } = value;
  if (typeof window !== 'number' || !Number.isSafeInteger(window) || !Array.isArray(marks))
    return NOTHING_TOLD;
  const isMark = (mark: unknown): mark is string => typeof mark === 'string' && MARK.test(mark);
  return { window, marks: marks.slice(0, CAUSES_MAX).filter(isMark) };
}

/** What makes two errors the same piece of news. */
export interface Cause {
  /** Place and class. */
  readonly kind: string;
  /** What it is about, and where it came from. */
  readonly detail: string;
}

/** A cause that is told for the first time in its window. */
export interface News {
  /** Of its event: the same for the same cause and window, whoever meets it. */
  readonly id: string;
  readonly windowStartMs: number;
}

export interface ToldCauseList {
  /** Notes a cause, and gives what is to be told of it; nothing if that was done in this window. */
  readonly newsOf: (cause: Cause, nowMs: number) => News | undefined;
  readonly told: () => ToldCauses;
}

export function createToldCauseList(before: ToldCauses): ToldCauseList {
  let { window } = before;
  let marks = new Set(before.marks);
  return {
    newsOf: (cause, nowMs) => {
      const current = Math.floor(nowMs / WINDOW_MS);
      if (current !== window) {
        window = current;
        marks = new Set();
      }
      const own = markOf(`${cause.kind}\n${cause.detail}`);
      if (marks.has(own)) return undefined;
      // There are only so many kinds: this bounds the list.
      const mark = marks.size < CAUSES_MAX ? own : markOf(cause.kind);
      if (marks.has(mark)) return undefined;
      marks.add(mark);
      return { id: eventId('observer.error', mark, window), windowStartMs: window * WINDOW_MS };
    },
    told: () => ({ window, marks: [...marks].slice(0, CAUSES_MAX) }),
  };
}

function markOf(cause: string): string {
  return createHash('sha256').update(cause).digest('hex').slice(0, 16);
}
