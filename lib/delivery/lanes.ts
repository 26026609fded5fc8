import { createDispatcher, type Dispatcher } from './dispatcher.ts';

/** Where work waits for its turn. */
export interface Lanes {
  /**
   * Runs `work` for a host. What is `slow` has a lane of its own, so that many hosts that hang cannot fill the other. In
   * its lane, what has a higher `priority` goes first.
   */
  readonly run: <T>(host: string, slow: boolean, work: () => Promise<T>, priority?: number) => Promise<T>;
}

export interface LaneLimits {
  /** At once in all, not counting the slow lane. */
  readonly atOnce: number;
  readonly perHost: number;
}

/** Part of the slots that the slow lane has besides: small, for what waits there will most likely wait in vain. */
const SLOW_SHARE = 1 / 8;

export function createLanes({ atOnce, perHost }: LaneLimits): Lanes {
  const normal: Dispatcher = createDispatcher({ atOnce, perHost });
  const slowAtOnce = Math.max(1, Math.floor(atOnce * SLOW_SHARE));
  const slowLane: Dispatcher = createDispatcher({ atOnce: slowAtOnce, perHost: Math.min(perHost, 2) });
  return { run: (host, slow, work, priority) => (slow ? slowLane : normal).run(host, work, priority) };
}
