import { asFault } from '../fault.ts';
import { SimulatorError } from '../../shared/simulator-error.ts';
import type { ControlRequest } from './control-request.ts';
import type { MqControl } from './mq-control.ts';

/** Sets the fault of a queue manager, or adds one with conditions when there are any. */
export function addFault(control: MqControl, { query }: ControlRequest): unknown {
  const text = query.get('fault') ?? '';
  if (text === '') throw new SimulatorError(400, 'the query parameter fault is missing');
  const fault = asFault(text);
  const qmgr = query.get('qmgr') ?? undefined;
  const isConditional = ['path', 'calls', 'probability', 'seed'].some((parameter) => query.has(parameter));
  if (qmgr !== undefined && !isConditional) control.setFault(qmgr, fault);
  else
    control.addFault({
      fault,
      ...(qmgr === undefined ? {} : { qmgr }),
      ...(query.has('path') ? { path: query.get('path') ?? '' } : {}),
      ...numberOf(query, 'calls'),
      ...numberOf(query, 'probability'),
      ...numberOf(query, 'seed'),
    });
  return control.faults();
}

/** Takes away the faults of the queue managers that are named, or all. */
export function clearFaults(control: MqControl, { query }: ControlRequest): unknown {
  if (!query.has('qmgr')) control.clearFaults();
  for (const qmgr of query.getAll('qmgr')) control.setFault(qmgr, undefined);
  return control.faults();
}

function numberOf(
  query: URLSearchParams,
  parameter: 'calls' | 'probability' | 'seed',
): Readonly<Record<string, number>> {
  const text = query.get(parameter);
  if (text === null) return {};
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(text)) throw new SimulatorError(400, `${parameter} is a number`);
  return { [parameter]: Number(text) };
}
