import type { Clock } from '../../../lib/platform/clock.ts';
import type { HandlerResult } from './handler-result.ts';

/** Answers a repeated request as the first one was answered, so that a retry does not run a handler twice. */
export interface KnownAnswers {
  /** Gives what is known under `key`, or what `work` gives now. A failure is not remembered. */
  readonly once: (request: RepeatableRequest, work: Work) => Promise<HandlerResult>;
}

/** A request, as far as it is told from others. */
export interface RepeatableRequest {
  readonly key: string;
  /** When its sender stops waiting, epoch milliseconds. */
  readonly untilMs: number;
}

/** What gives an answer; it can ask whether anybody still waits for that: who sent the request, or repeated it since. */
export type Work = (isWaitedFor: () => boolean) => Promise<HandlerResult>;

/** The clock, and how much is remembered. */
export interface KnownAnswersDeps {
  readonly clock: Clock;
  /** How long a success is remembered. */
  readonly keepMs: number;
  /** How many of them; the oldest go first. */
  readonly answersMax: number;
}

/** Begins with nothing known. */
export function createKnownAnswers({ clock, keepMs, answersMax }: KnownAnswersDeps): KnownAnswers {
  const running = new Map<string, Promise<HandlerResult>>();
  const waitedForUntilMs = new Map<string, number>();
  const answered = new Map<string, { readonly result: HandlerResult; readonly untilMs: number }>();
  // Kept in the order of their end, which is the order in which they go.
  const forget = (): void => {
    for (const [key, { untilMs }] of answered) {
      if (answered.size <= answersMax && untilMs > clock.nowMs()) return;
      answered.delete(key);
    }
  };
  const runAndKeep = async (key: string, work: Work): Promise<HandlerResult> => {
    try {
      const result = await work(() => clock.nowMs() < (waitedForUntilMs.get(key) ?? 0));
      if (result.kind === 'succeeded') answered.set(key, { result, untilMs: clock.nowMs() + keepMs });
      return result;
    } finally {
      running.delete(key);
      waitedForUntilMs.delete(key);
    }
  };
  return {
    once: ({ key, untilMs }, work) => {
      forget();
      const known = answered.get(key);
      if (known !== undefined) return Promise.resolve(known.result);
      waitedForUntilMs.set(key, Math.max(untilMs, waitedForUntilMs.get(key) ?? 0));
      const before = running.get(key);
      if (before !== undefined) return before;
      const now = runAndKeep(key, work);
      running.set(key, now);
      return now;
    },
  };
}
