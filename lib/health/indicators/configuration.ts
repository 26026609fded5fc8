import type { Indicator } from '../health.ts';

/** The configuration was taken; without one, no call comes this far. What it remarks stops nothing. */
export function configurationIndicator(warnings: readonly string[]): Indicator {
  return {
    name: 'configuration',
    check: async () => (warnings.length === 0 ? { status: 'UP' } : { status: 'UP', details: { warnings } }),
  };
}
