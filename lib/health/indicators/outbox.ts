import type { Events } from '../../events/events.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Indicator } from '../health.ts';

/** An event that waits longer than this tells of an endpoint that does not take events, or of cycles that do not come. */
const AGE_MS_MAX = 15 * 60_000;

/** Lifecycle events leave: none waits for longer than a quarter of an hour. */
export function outboxIndicator({ backlogs }: Pick<Events, 'backlogs'>, clock: Clock): Indicator {
  return {
    name: 'outbox',
    check: async () => {
      const endpoints = (await backlogs()).map(({ endpoint, pending, oldestMs }) => ({
        endpoint,
        pending,
        ...(oldestMs === undefined ? {} : { oldest_age_ms: Math.max(0, clock.nowMs() - oldestMs) }),
      }));
      const isLate = endpoints.some(({ oldest_age_ms: ageMs = 0 }) => ageMs > AGE_MS_MAX);
      return {
        status: isLate ? 'DOWN' : 'UP',
        ...(endpoints.length === 0 ? {} : { details: { endpoints } }),
      };
    },
  };
}
