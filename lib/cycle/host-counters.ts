import type { AttemptResult } from '../delivery/channel.ts';
import { createDeliveryCounters, createHostScopes } from '../events/delivery-counters.ts';

/** Counts wake-ups by what shares slots: a host, a subject, the API that starts jobs. */
export interface HostCounters {
  readonly attempted: (host: string, result: AttemptResult) => void;
  /** A wake-up is over, however it ended. */
  readonly ended: (host: string) => void;
  readonly counted: () => Readonly<Record<string, number>>;
}

/** @param before the counters of earlier runs: the hosts that they name keep their names */
export function createHostCounters(before: Readonly<Record<string, number>>): HostCounters {
  const counters = createDeliveryCounters();
  const scopeOf = createHostScopes(before);
  return {
    attempted: (host, result) => {
      const scope = scopeOf(host);
      switch (result.kind) {
        case 'answered':
          return counters.answered(scope, result.status, result.status >= 200 && result.status < 300);
        case 'no-answer':
          return counters.unanswered(scope);
        case 'accepted':
          return counters.decided(scope, true);
        case 'refused':
        case 'impossible':
          return counters.decided(scope, false);
        case 'held':
        case 'misconfigured':
          return undefined;
      }
    },
    ended: (host) => counters.left(scopeOf(host), 1),
    counted: counters.counted,
  };
}
