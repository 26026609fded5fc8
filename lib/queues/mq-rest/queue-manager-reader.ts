import type { QueueManagerSettings } from '../../platform/configuration/configuration.ts';
import { HttpFailure, type HttpClient, type IncomingAnswer } from '../../platform/http-client.ts';
import type { QueueManagerReading } from '../queue-depths.ts';
import { judgeFailedAnswer } from './failed-answer.ts';
import { judgeFailedExchange } from './failed-exchange.ts';
import { failedReading, type Asked } from './failed-reading.ts';
import { parseQueueList } from './queue-list.ts';
import { depthQuery, queueResourceUrl, withoutCredentials } from './queue-resource-url.ts';

/** What reading one queue manager takes. */
export interface QueueManagerReaderDeps {
  readonly settings: QueueManagerSettings;
  readonly http: HttpClient;
  /** The limit of one reading, a second request included. */
  readonly timeoutMs: number;
  /** Milliseconds since any fixed moment. */
  readonly nowMs: () => number;
}

/** An answer has no paging and no limit: one body holds every queue that matches. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

interface Outcome {
  readonly reading: QueueManagerReading;
  readonly filterRefused: boolean;
}

/**
 * Makes the function that reads one queue manager. It sends one request; only when the server refuses the filter it
 * asks once more without, and remembers that. Never rejects.
 */
export function createQueueManagerReader(
  deps: QueueManagerReaderDeps,
): (signal: AbortSignal) => Promise<QueueManagerReading> {
  const url = queueResourceUrl(deps.settings.baseUrl, deps.settings.qmgr);
  const asked: Asked = { qmgr: deps.settings.qmgr, url: withoutCredentials(url) };
  let filterTaken = true;

  const ask = async (filtered: boolean, timeoutMs: number, signal: AbortSignal): Promise<Outcome> => {
    try {
      return judge(asked, await get(deps, `${url}?${depthQuery(filtered)}`, timeoutMs, signal));
    } catch (error) {
      return { reading: failedReading(asked, judgeFailedExchange(error)), filterRefused: false };
    }
  };

  return async (signal) => {
    const startedMs = deps.nowMs();
    const first = await ask(filterTaken, deps.timeoutMs, signal);
    if (!filterTaken || !first.filterRefused) return first.reading;
    const leftMs = Math.max(1, Math.ceil(deps.timeoutMs - (deps.nowMs() - startedMs)));
    const second = await ask(false, leftMs, signal);
    // Only an answer proves that the filter was the trouble.
    if (second.reading.kind === 'read') filterTaken = false;
    return second.reading;
  };
}

function get(
  { http, settings }: QueueManagerReaderDeps,
  url: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<IncomingAnswer> {
  if (signal.aborted) throw new HttpFailure('aborted', 'the reading was called off before it began');
  const credentials = Buffer.from(`${settings.user}:${settings.password.reveal()}`, 'utf8').toString(
    'base64',
  );
  const headers = {
    accept: 'application/json',
    authorization: `Basic ${credentials}`,
    // Not needed for GET; some proxies drop blank headers, so it carries a word.
    'ibm-mq-rest-csrf-token': 'mq-observer',
    // One request a cycle: by the next one a kept connection may be dead without either side knowing.
    connection: 'close',
  };
  return http.send({ method: 'GET', url, headers, timeoutMs, answerBytesMax: ANSWER_BYTES_MAX, signal });
}

function judge(asked: Asked, answer: IncomingAnswer): Outcome {
  if (answer.status !== 200) {
    const { filterRefused, ...verdict } = judgeFailedAnswer(answer);
    return { reading: failedReading(asked, verdict), filterRefused };
  }
  return { reading: readAnswer(asked, answer), filterRefused: false };
}

function readAnswer(asked: Asked, answer: IncomingAnswer): QueueManagerReading {
  const unreadable = (reason: string, toDo: string): QueueManagerReading =>
    failedReading(asked, {
      code: 'unreadable',
      what: `HTTP 200, but the answer cannot be read: ${reason}.`,
      toDo,
    });
  if (answer.truncated)
    return unreadable(
      `it is longer than ${ANSWER_BYTES_MAX / 1024 / 1024} MiB`,
      'Check what answers there; so many queues with messages on one queue manager cannot be observed.',
    );
  const list = parseQueueList(answer.body, answer.headers['content-type']);
  return list.kind === 'queues'
    ? { kind: 'read', queues: list.queues }
    : unreadable(
        list.reason,
        'Check that MQ_REST_HOST and MQ_REST_PORT lead to the MQ web server itself, with no proxy or console in front of it.',
      );
}
