import type { Clock } from '../../platform/clock.ts';
import type { QueueManagerReading } from '../../queues/queue-depths.ts';
import type { PassedDepths } from '../../store/passed-depths.ts';
import { encodeReadings } from './encoded-readings.ts';

export interface PassOnDeps {
  readonly passedDepths: PassedDepths;
  readonly clock: Clock;
  /** The id of the cycle that asked. */
  readonly cycle: string;
}

/** Time between two parts: the first comes soon, since as a rule it is all there is. */
const FIRST_MS = 200;
const PAUSE_MS_MAX = 2_000;
/** Queues of one part: far below what an object may have. */
const QUEUES_MAX = 50_000;

/**
 * Passes readings on as they come, so that nobody waits for a queue manager that takes its time but those who need it.
 * Resolves when all are stored.
 * @throws {ObjectStoreError} what was not stored by then nobody gets to see.
 */
export async function passOnDepths(
  { passedDepths, clock, cycle }: PassOnDeps,
  asking: readonly Promise<{ readonly qmgr: string; readonly reading: QueueManagerReading }>[],
): Promise<void> {
  const ready: (readonly [string, QueueManagerReading])[] = [];
  const ended = new AbortController();
  const all = Promise.all(
    asking.map(async (one) => {
      const { qmgr, reading } = await one;
      ready.push([qmgr, reading]);
    }),
  ).finally(() => ended.abort());
  for (let index = 0, pauseMs = FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
    await clock.sleep(pauseMs, ended.signal);
    const isAll = ended.signal.aborted;
    if (isAll) await all;
    while (ready.length > 0 || isAll) {
      const readings = encodeReadings(takePart(ready));
      const last = isAll && ready.length === 0;
      await passedDepths.write(index++, { cycle, last, readings });
      if (last) return;
    }
  }
}

/** Takes as many readings as one part may have, at least one. */
function takePart(
  ready: (readonly [string, QueueManagerReading])[],
): ReadonlyMap<string, QueueManagerReading> {
  let queues = 0;
  const count = ready.findIndex(([, reading], index) => {
    queues += reading.kind === 'read' ? reading.queues.size : 0;
    return index > 0 && queues > QUEUES_MAX;
  });
  return new Map(ready.splice(0, count === -1 ? ready.length : count));
}
