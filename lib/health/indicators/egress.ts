import type { Indicator } from '../health.ts';

/** The guard that keeps wake-ups off private addresses holds in this runtime. */
export function egressIndicator(problem: () => Promise<string | undefined>): Indicator {
  return {
    name: 'egress',
    check: async () => {
      const reason = await problem();
      return reason === undefined ? { status: 'UP' } : { status: 'DOWN', details: { reason } };
    },
  };
}
