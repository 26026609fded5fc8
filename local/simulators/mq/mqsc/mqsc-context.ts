import type { QueueManager } from '../model.ts';
import type { RestExchange } from '../rest/rest-exchange.ts';

/** What an attribute of a queue depends on beside the queue. */
export interface MqscContext {
  readonly qmgr: QueueManager;
  readonly exchange: RestExchange;
}

/** Undefined: not on an object of this kind, or left out. */
export type MqscValue = string | number | readonly (string | number)[] | undefined;
export type MqscAttributes<T> = Readonly<Record<string, (object: T, context: MqscContext) => MqscValue>>;
