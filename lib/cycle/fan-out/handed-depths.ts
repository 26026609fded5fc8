import type { Clock, Randomness } from '../../platform/clock.ts';
import type { QueueDepths, QueueManagerReading } from '../../queues/queue-depths.ts';
import type { PassedDepths } from '../../store/passed-depths.ts';
import { askedOf, type Asked, type Asks } from './asks.ts';
import { parseReadings } from './encoded-readings.ts';

export interface HandedDepthsDeps {
  readonly passedDepths: PassedDepths;
  /** Knows which queue managers there are, and answers for those that are not configured. */
  readonly queues: QueueDepths;
  readonly clock: Clock;
  readonly random: Randomness;
  /** The id of the cycle that asks the queue managers. */
  readonly cycle: string;
  /** What has not come by then is not waited for. */
  readonly untilMs: number;
}

/** Depths that another invocation reads: in a cycle that is split each queue manager is asked once, by the cycle itself. */
export interface HandedDepths extends QueueDepths {
  /** What was asked of which queue manager, for the next cycle. */
  readonly asks: () => Asks;
}

/** Between two looks for a part that is not there yet: whoever writes it does so every two seconds at most. */
const LOOK_MS = 250;
const LOOK_MS_MAX = 2_000;

export function createHandedDepths(deps: HandedDepthsDeps): HandedDepths {
  const { passedDepths, queues, clock, random, cycle, untilMs } = deps;
  const arrived = new Map<string, QueueManagerReading>();
  const waiting = new Map<string, ((reading: QueueManagerReading) => void)[]>();
  const asks = new Map<string, Asked>();
  let hindrance: string | undefined;
  let reading: Promise<void> | undefined;

  const readParts = async (signal: AbortSignal): Promise<void> => {
    for (let index = 0, pauseMs = LOOK_MS; ;) {
      const part = await passedDepths.read(index, cycle);
      if (part === undefined) {
        if (clock.nowMs() >= untilMs || signal.aborted) return;
        await clock.sleep(pauseMs, signal);
        pauseMs = Math.min(pauseMs * 1.5, LOOK_MS_MAX);
        continue;
      }
      for (const [qmgr, one] of parseReadings(part.readings)) {
        arrived.set(qmgr, one);
        for (const resolve of waiting.get(qmgr) ?? []) resolve(one);
        waiting.delete(qmgr);
      }
      if (part.last) return;
      index++;
      pauseMs = LOOK_MS;
    }
  };

  const readAll = async (signal: AbortSignal): Promise<void> => {
    try {
      await readParts(signal);
      hindrance = NOT_PASSED_ON;
    } catch {
      hindrance = STORE_FAILED;
    }
    for (const resolve of [...waiting.values()].flat()) resolve(failed(hindrance));
    waiting.clear();
  };

  const take = (qmgr: string, signal: AbortSignal): Promise<QueueManagerReading> => {
    reading ??= readAll(signal);
    const known = arrived.get(qmgr) ?? (hindrance === undefined ? undefined : failed(hindrance));
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve) => {
      waiting.set(qmgr, [...(waiting.get(qmgr) ?? []), resolve]);
    });
  };

  return {
    queueManagers: queues.queueManagers,
    read: async (qmgr, wanted, signal) => {
      if (!queues.queueManagers.includes(qmgr)) return queues.read(qmgr, wanted, signal);
      const taken = await take(qmgr, signal);
      asks.set(qmgr, askedOf(wanted, taken, random));
      return taken;
    },
    asks: () => asks,
  };
}

const NOT_PASSED_ON = 'the cycle that asks the queue managers did not pass its reading on in time';
const STORE_FAILED = 'its reading was passed on, and could not be read from the store';

function failed(message: string): QueueManagerReading {
  return { kind: 'failed', code: 'unavailable', message };
}
