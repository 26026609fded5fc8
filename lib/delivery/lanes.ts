import { createDispatcher, type Leave } from './dispatcher.ts';

/** Where work waits for its turn. */
export interface Lanes {
  /**
   * Calls `start` as soon as there is a slot of the host, with what gives it back. What is `slow` has a lane of its own, so
   * that many hosts that hang cannot fill the other. In its lane, what has a higher `priority` goes first.
   */
  readonly enter: (host: string, slow: boolean, start: (leave: Leave) => void, priority?: number) => void;
}

export interface LaneLimits {
  /** At once in all, not counting the slow lane. */
  readonly atOnce: number;
  readonly perHost: number;
}

/** Part of the slots that the slow lane has besides: small, for what waits there will most likely wait in vain. */
const SLOW_SHARE = 1 / 8;

export function createLanes({ atOnce, perHost }: LaneLimits): Lanes {
  const normal = createDispatcher({ atOnce, perHost });
  const slowAtOnce = Math.max(1, Math.floor(atOnce * SLOW_SHARE));
  const slowLane = createDispatcher({ atOnce: slowAtOnce, perHost: Math.min(perHost, 2) });
  return { enter: (host, slow, start, priority) => (slow ? slowLane : normal).enter(host, start, priority) };
}
