import { DEPTH_MAX, reportedDepth, type Queue } from '../model.ts';
import { SimulatorError } from '../../shared/simulator-error.ts';

/** What is done to the messages of a local queue. Each answers the queue after; all throw {SimulatorError}. */

/** Puts `n` messages, all or none. */
export function putMessages(queue: Queue, n: number, commit: boolean, nowMs: number): Queue {
  checkLocal(queue);
  checkCount(n);
  if (queue.inhibitPut) throw new SimulatorError(409, `${queue.name} is inhibited for putting (2051)`);
  if (reportedDepth(queue) + n > queue.maximumDepth)
    throw new SimulatorError(
      409,
      `${queue.name} takes ${queue.maximumDepth} messages and has ${reportedDepth(queue)}: it is full`,
    );
  const more = commit ? { depth: queue.depth + n } : { uncommittedPuts: queue.uncommittedPuts + n };
  return { ...queue, ...more, lastPutAtMs: nowMs, oldestPutAtMs: queue.oldestPutAtMs ?? nowMs };
}

/** Takes up to `n` committed messages off; expired ones that are in the way are discarded. */
export function getMessages(
  queue: Queue,
  n: number,
  commit: boolean,
  nowMs: number,
): { readonly queue: Queue; readonly taken: number } {
  checkLocal(queue);
  checkCount(n);
  if (queue.inhibitGet) throw new SimulatorError(409, `${queue.name} is inhibited for getting (2016)`);
  const taken = Math.min(n, queue.depth);
  const after: Queue = {
    ...queue,
    depth: queue.depth - taken,
    expired: 0,
    uncommittedGets: queue.uncommittedGets + (commit ? 0 : taken),
    lastGetAtMs: taken > 0 ? nowMs : queue.lastGetAtMs,
  };
  return { queue: withoutAgeWhenEmpty(after), taken };
}

/** What was put becomes gettable, what was got is gone. */
export function commitMessages(queue: Queue): Queue {
  checkLocal(queue);
  const depth = queue.depth + queue.uncommittedPuts;
  return withoutAgeWhenEmpty({ ...queue, depth, uncommittedPuts: 0, uncommittedGets: 0 });
}

/** What was put is gone, what was got is back. */
export function backOutMessages(queue: Queue, nowMs: number): Queue {
  checkLocal(queue);
  const depth = queue.depth + queue.uncommittedGets;
  const after = { ...queue, depth, uncommittedPuts: 0, uncommittedGets: 0 };
  return withoutAgeWhenEmpty({ ...after, oldestPutAtMs: queue.oldestPutAtMs ?? queue.lastPutAtMs ?? nowMs });
}

/** Up to `n` committed messages expire: they still count, and nobody gets them. */
export function expireMessages(queue: Queue, n: number): Queue {
  checkLocal(queue);
  const gone = Math.min(checkCount(n), queue.depth);
  return { ...queue, depth: queue.depth - gone, expired: queue.expired + gone };
}

function withoutAgeWhenEmpty(queue: Queue): Queue {
  return reportedDepth(queue) === 0 ? { ...queue, oldestPutAtMs: undefined } : queue;
}

function checkLocal(queue: Queue): void {
  if (queue.type !== 'local') {
    const hint = queue.targetName === '' ? '' : `; it stands for ${queue.targetName}`;
    throw new SimulatorError(
      409,
      `${queue.name} is of type ${queue.type}: only local queues hold messages${hint}`,
    );
  }
  if (queue.damaged) throw new SimulatorError(409, `${queue.name} is damaged (2101)`);
}

function checkCount(n: number): number {
  if (Number.isSafeInteger(n) && n >= 1 && n <= DEPTH_MAX) return n;
  throw new SimulatorError(400, `a number of messages is a whole number from 1 to ${DEPTH_MAX}`);
}
