import { SimulatorError } from '../../shared/simulator-error.ts';
import type { ControlRequest } from './control-request.ts';
import type { MqControl, UnitOfWork } from './mq-control.ts';

/** The requests that move messages. Each answers the depth after. */

export function put(control: MqControl, { qmgr, queue, query }: ControlRequest): unknown {
  const messages = countOf(query);
  return { qmgr, queue, put: messages, depth: control.put(qmgr, queue, messages, workOf(query)) };
}

export function get(control: MqControl, { qmgr, queue, query }: ControlRequest): unknown {
  const got = control.get(qmgr, queue, countOf(query), workOf(query));
  return { qmgr, queue, got, depth: control.depth(qmgr, queue) };
}

export function commitPending(control: MqControl, { qmgr, queue }: ControlRequest): unknown {
  return { qmgr, queue, depth: control.commit(qmgr, queue) };
}

export function backOutPending(control: MqControl, { qmgr, queue }: ControlRequest): unknown {
  return { qmgr, queue, depth: control.backOut(qmgr, queue) };
}

export function expire(control: MqControl, { qmgr, queue, query }: ControlRequest): unknown {
  return { qmgr, queue, depth: control.expire(qmgr, queue, countOf(query)) };
}

function workOf(query: URLSearchParams): UnitOfWork {
  const text = query.get('commit') ?? 'true';
  if (text !== 'true' && text !== 'false') throw new SimulatorError(400, 'commit is true or false');
  return { commit: text === 'true' };
}

function countOf(query: URLSearchParams): number {
  const text = query.get('n') ?? '1';
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
    throw new SimulatorError(
      400,
      `n is ${JSON.stringify(text)}; a whole number from 1 to 999999999 is needed`,
    );
  return Number(text);
}
