import { readText } from './read-text.ts';
import { MqError, type MessageQueue } from './message-queue.ts';
import type { Settings } from './settings.ts';
import { withinTime } from './within-time.ts';

const REQUEST_MS_MAX = 30_000;
const OTHER_BYTES_MAX = 256 * 1024;
/** Before each further try. What cannot be reached for longer is for the next run. */
const RETRY_DELAYS_MS = [500, 2_000];
const MESSAGE_ID = /^[0-9a-f]{48}$/i;

interface Answer {
  readonly status: number;
  /** Which message the answer holds, as the MQ web server says it; `undefined` when it is no text of a message. */
  readonly messageId: string | undefined;
  /** `undefined` when it is larger than it may be. */
  readonly text: string | undefined;
}

/** An answer, or why there was none. */
type Outcome = Answer | string;

/**
 * A queue over the messaging REST API of MQ, version 2. Requests are repeated when the server does not answer or is not
 * well; a DELETE, too: it names a message by its id, which is taken to be unique. `stop` ends reading, never confirming.
 */
export function createRestQueue(
  settings: Settings,
  { stop, pause }: { readonly stop: AbortSignal; readonly pause: (ms: number) => Promise<unknown> },
): MessageQueue {
  const { restUrl, queueManager, queue, user, password, messageBytesMax } = settings;
  const base = `${restUrl}/ibmmq/rest/v2/messaging/qmgr/${encodeURIComponent(queueManager)}/queue/${encodeURIComponent(queue)}`;
  const headers = {
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    'ibm-mq-rest-csrf-token': 'order-consumer',
  };

  const once = (method: string, path: string, bytesMax: number): Promise<Answer> => {
    const ended = method === 'DELETE' ? undefined : stop;
    return withinTime(REQUEST_MS_MAX, ended, async (signal) => {
      // A redirect would carry the password elsewhere.
      const response = await fetch(`${base}/${path}`, { method, headers, signal, redirect: 'error' });
      const text = await readText(response, bytesMax);
      return { status: response.status, messageId: messageIdOf(response.headers), text };
    });
  };
  const send = async (
    method: string,
    path: string,
    bytesMax = OTHER_BYTES_MAX,
    delaysMs: readonly number[] = RETRY_DELAYS_MS,
  ): Promise<Outcome> => {
    const outcome = await once(method, path, bytesMax).catch(causeOf);
    if (typeof outcome !== 'string' && !isPassing(outcome.status)) return outcome;
    const [delayMs, ...later] = delaysMs;
    if (delayMs === undefined || (stop.aborted && method !== 'DELETE')) return outcome;
    await pause(delayMs);
    return send(method, path, bytesMax, later);
  };

  return {
    list: async (limit) => {
      const outcome = await send('GET', `messagelist?limit=${limit}`);
      if (typeof outcome === 'string' || outcome.status !== 200) throw failure('GET', outcome);
      return idsIn(outcome.text);
    },
    browse: async (id) => {
      const outcome = await send('GET', `message?messageId=${id}`, messageBytesMax);
      if (isMessage(outcome, id))
        return outcome.text === undefined
          ? { kind: 'unreadable', why: `it is larger than MAX_MESSAGE_BYTES (${messageBytesMax})` }
          : { kind: 'message', message: { id, text: outcome.text } };
      const status = typeof outcome === 'string' ? undefined : outcome.status;
      if (status === 204) return { kind: 'gone' };
      if (status === 501) return { kind: 'unreadable', why: 'it is no text; the REST API gives only text' };
      const error = failure('GET', outcome);
      // Each further request would count against the account.
      if (status === 401) throw error;
      return { kind: 'refused', why: error.message };
    },
    confirm: async (id) => {
      const outcome = await send('DELETE', `message?messageId=${id}`, messageBytesMax);
      if (isMessage(outcome, id)) return true;
      if (typeof outcome === 'string' || outcome.status !== 204) throw failure('DELETE', outcome);
      return false;
    },
  };
}

/** Anything between may answer 200, too: the header and the type are those that IBM documents for a message. */
function messageIdOf(headers: Headers): string | undefined {
  if (!/^text\/plain\s*(;|$)/i.test(headers.get('content-type') ?? '')) return undefined;
  return headers.get('ibm-mq-md-messageid')?.toLowerCase();
}

function isMessage(outcome: Outcome, id: string): outcome is Answer & { readonly messageId: string } {
  return typeof outcome !== 'string' && outcome.status === 200 && outcome.messageId === id.toLowerCase();
}

/** Whether the same request may succeed later. 501 is about the message. */
function isPassing(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

function idsIn(text: string | undefined): readonly string[] {
  const { messages } = parsed(text) as { readonly messages?: unknown };
  const ids = Array.isArray(messages)
    ? messages.map((entry: unknown) => (entry as { readonly messageId?: unknown } | null)?.messageId)
    : [undefined];
  if (ids.every((id): id is string => typeof id === 'string' && MESSAGE_ID.test(id))) return ids;
  throw new MqError('MQ answered a list of messages that is none: is MQ_REST_URL the MQ web server?');
}

function parsed(text: string | undefined): object {
  try {
    return Object(JSON.parse(text ?? '')) as object;
  } catch {
    return {};
  }
}

/** An error with what to do about it. Of an answer it says the status and MQ's own number, never more. */
function failure(method: string, outcome: Outcome): MqError {
  if (typeof outcome === 'string')
    return new MqError(`${method}: MQ did not answer (${outcome}); look at MQ_REST_URL and the network`);
  const number = /\bMQWB\d{4}E\b/.exec(outcome.text ?? '')?.[0];
  const what = `${method}: MQ answered ${outcome.status}${number === undefined ? '' : ` ${number}`}`;
  const advice: Readonly<Record<number, string>> = {
    200: 'that is not the message; is MQ_REST_URL the MQ web server, and nothing in between?',
    401: 'MQ_USER or MQ_PASSWORD is wrong',
    403: 'MQ_USER needs the role MQWebUser, and authority to browse and get from the queue',
    404: 'there is no such queue manager or queue on this server',
  };
  return new MqError(`${what}: ${advice[outcome.status] ?? 'look at the log of the MQ web server'}`);
}

/** Why there was no answer. fetch itself says only that it failed. */
function causeOf(error: unknown): string {
  const { cause = error } = Object(error) as { readonly cause?: unknown };
  const { code, message } = Object(cause) as { readonly code?: unknown; readonly message?: unknown };
  return String(code ?? message ?? cause);
}
