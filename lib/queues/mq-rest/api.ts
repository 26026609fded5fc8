import type { IncomingAnswer } from '../../platform/http-client.ts';
import type { QueueNames } from '../queue-names.ts';
import type { QueueReading } from '../queue-depths.ts';
import type { Answered } from './verdict.ts';

/** One request to a web server; the rest (server, login, headers, limits) is the asker's. */
export interface Question {
  readonly method: 'GET' | 'POST';
  /** Path and query, percent-encoded. */
  readonly path: string;
  /** JSON. */
  readonly body?: string;
  /** The part of the time that is left which it may take, above 0; all of it when not given. */
  readonly timeShare?: number;
}

/**
 * Asks one web server, signed in, within the time that is left.
 * @throws {HttpFailure} there was no complete answer.
 */
export type Ask = (question: Question) => Promise<IncomingAnswer>;

/** What is asked for besides the depths. */
export interface Extras {
  readonly oldestMessageAge: boolean;
  readonly openInputCount: boolean;
}

/** What an alias queue stands for. */
export interface Alias {
  /** The queue behind it. */
  readonly target: string;
  /** Nobody can get messages by this name (`GET(DISABLED)`), whatever its target says. */
  readonly getInhibited: boolean;
}

/** One of MQ's ways to read depths over HTTP. Each remembers what its server refuses. */
export interface QueueApi {
  readonly name: 'v1' | 'mqsc';
  /** Queues that hold messages and are wanted. The answer is kept as it came: `pick` can be called with other names again. */
  readonly depths: (ask: Ask, extras: Extras) => Promise<Answered<DepthAnswer>>;
  /** Alias queues by name. With a warning there may be more. */
  readonly aliases: (ask: Ask) => Promise<Answered<ReadonlyMap<string, Alias>>>;
  /** Whether there is a queue of that name, of whatever kind; `undefined` when the answer does not tell. */
  readonly exists: (ask: Ask, queue: string) => Promise<Answered<boolean | undefined>>;
}

export interface DepthAnswer {
  readonly pick: (names: QueueNames) => ReadonlyMap<string, QueueReading>;
}
