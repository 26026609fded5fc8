import type { Clock } from '../../lib/platform/clock.ts';
import type { FaultPlan, Moment } from './faulty-object-store.ts';

/** A process that stands still until it is told to go on. */
export interface Pause {
  readonly plan: FaultPlan;
  /** Resolves when the process stands still. */
  readonly reached: Promise<void>;
  readonly isReached: () => boolean;
  readonly resume: () => void;
}

/** Stops a process at one call: that call is held back, or its answer; and no other call begins. */
export function pauseAt(index: number, when: Moment): Pause {
  let resume = (): void => undefined;
  let announce = (): void => undefined;
  let standsStill = false;
  const resumed = new Promise<void>((resolve) => (resume = resolve));
  const reached = new Promise<void>((resolve) => (announce = resolve));
  const until = (): Promise<void> => {
    standsStill = true;
    announce();
    return resumed;
  };
  return {
    reached,
    isReached: () => standsStill,
    resume,
    plan: (call) => {
      if (call.index < index) return undefined;
      return { kind: 'waits', when: call.index === index ? when : 'before', until };
    },
  };
}

/** A clock that stands still with its process and never learns of the time that passed. */
export function stoppedBy(pause: Pause, clock: Clock): Clock {
  let lastMs = clock.nowMs();
  return { ...clock, nowMs: () => (pause.isReached() ? lastMs : (lastMs = clock.nowMs())) };
}
