import type { Clock } from '../../../lib/platform/clock.ts';
import type { MqControl } from './control/mq-control.ts';
import { SimulatorError } from '../shared/simulator-error.ts';

/** Messages that arrive on one queue, again and again. */
export interface TrafficSource {
  readonly qmgr: string;
  readonly queue: string;
  /** From the start to the first arrival, and between two. */
  readonly everyMs: number;
  /** Messages per arrival (1). */
  readonly messages?: number;
  /** Nothing arrives while so many messages wait (100): nobody may be there to take them. */
  readonly depthMax?: number;
}

/** What arrived. `depth` is the queue's depth after. */
export interface Arrival {
  readonly qmgr: string;
  readonly queue: string;
  readonly messages: number;
  readonly depth: number;
}

/** What traffic takes. */
export interface TrafficDeps {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly sources: readonly TrafficSource[];
  /** Called after each arrival. */
  readonly onArrival?: (arrival: Arrival) => void;
}

/** Traffic that goes on until it is stopped. */
export interface Traffic {
  /** Resolves when nothing will arrive any more. */
  readonly stop: () => Promise<void>;
}

/** Lets messages arrive on a simulator's queues, each source at its own pace. */
export function startTraffic(simulator: Pick<MqControl, 'put' | 'depth'>, deps: TrafficDeps): Traffic {
  const stopping = new AbortController();
  const running = deps.sources.map(async (source) => {
    for (;;) {
      await deps.clock.sleep(source.everyMs, stopping.signal);
      if (stopping.signal.aborted) return;
      const arrival = arrive(simulator, source);
      if (arrival !== undefined) deps.onArrival?.(arrival);
    }
  });
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

function arrive(simulator: Pick<MqControl, 'put' | 'depth'>, source: TrafficSource): Arrival | undefined {
  const { qmgr, queue, messages = 1, depthMax = 100 } = source;
  try {
    if (simulator.depth(qmgr, queue) + messages > depthMax) return undefined;
    return { qmgr, queue, messages, depth: simulator.put(qmgr, queue, messages) };
  } catch (error) {
    // Somebody took the queue away, or made it an alias. It may come back.
    if (error instanceof SimulatorError) return undefined;
    throw error;
  }
}
