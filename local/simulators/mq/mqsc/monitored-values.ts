import { monitoringOf, type Queue } from '../model.ts';
import type { MqscContext, MqscValue } from './mqsc-context.ts';

/** Attributes of a queue's status whose JSON type nobody has seen, or that are known only where queues are monitored. */

const AGE_SECONDS_MAX = 999_999_999;

/** `uncom`: NO or YES on distributed platforms, a number on z/OS, or what the switch says. */
export function uncommittedAttribute(queue: Queue, { exchange }: MqscContext): MqscValue {
  const count = queue.uncommittedPuts + queue.uncommittedGets;
  switch (exchange.switches.uncomAs) {
    case 'yesNo':
      return count > 0 ? 'YES' : 'NO';
    case 'number':
      return count;
    case 'string':
      return String(count);
    case 'array':
      return [queue.uncommittedPuts, queue.uncommittedGets];
    case 'missing':
      return undefined;
  }
}

/** `msgage` in seconds. */
export function ageAttribute(queue: Queue, context: MqscContext): MqscValue {
  if (!isMonitored(queue, context)) return unknown(context);
  const sinceMs = context.exchange.nowMs - (queue.oldestPutAtMs ?? context.exchange.nowMs);
  const age = Math.min(Math.max(Math.floor(sinceMs / 1000), 0), AGE_SECONDS_MAX);
  switch (context.exchange.switches.msgageAs) {
    case 'number':
      return age;
    case 'string':
      return String(age);
    case 'array':
      return [age];
    case 'missing':
      return undefined;
  }
}

/** `qtime`: the short and the long sample in microseconds. */
export function queueTimeAttribute(queue: Queue, context: MqscContext): MqscValue {
  if (!isMonitored(queue, context)) return unknown(context);
  switch (context.exchange.switches.qtimeAs) {
    case 'array':
      return [3275, 3275];
    case 'string':
      return '3275,3275';
    case 'number':
      return 3275;
    case 'missing':
      return undefined;
  }
}

/** One half of a time in the queue manager's zone: `yyyy-mm-dd` or `hh.mm.ss`. */
export function dateAttribute(
  queue: Queue,
  atMs: number | undefined,
  half: 'date' | 'time',
  context: MqscContext,
): MqscValue {
  if (!isMonitored(queue, context) || atMs === undefined) return unknown(context);
  const shown = new Date(atMs + (context.exchange.distortion.clockShiftMs ?? 0));
  const { timeZone } = context.qmgr;
  if (half === 'date') return shown.toLocaleDateString('sv-SE', { timeZone });
  return shown.toLocaleTimeString('sv-SE', { timeZone }).replaceAll(':', '.');
}

function isMonitored(queue: Queue, { qmgr }: MqscContext): boolean {
  return monitoringOf(qmgr, queue) !== 'off';
}

function unknown({ exchange }: MqscContext): MqscValue {
  return exchange.switches.mqscUnknownAs === 'blank' ? '' : undefined;
}
