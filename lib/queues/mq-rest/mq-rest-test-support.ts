import { seededRandomness } from '../../../test/support/seeded-randomness.ts';
import type { QueueManagerSettings } from '../../platform/configuration/configuration.ts';
import type { HttpClient, OutgoingRequest } from '../../platform/http-client.ts';
import { secret } from '../../platform/secret.ts';
import type { QueueManagerReading, Wanted } from '../queue-depths.ts';
import { createMqRestQueueDepths } from './mq-rest-queue-depths.ts';

export const TRUST = { allowSelfSigned: false, ca: undefined, certificate: undefined };
/** The settings of a queue manager with the queue resource. */
export const settings = (qmgr: string, more: Partial<QueueManagerSettings> = {}): QueueManagerSettings => ({
  qmgr,
  baseUrls: ['https://mq.example:9443'],
  api: 'v1',
  login: { kind: 'basic', user: 'observer', password: secret('pa:ss wörd') },
  gateway: undefined,
  trust: TRUST,
  ...more,
});
export const WANTED = { names: new Set(['Q', 'X*']), oldestMessageAge: false, openInputCount: false };

/** What the scripted client answers; an empty list of queues when nothing is given. */
export interface Reply {
  readonly status?: number;
  readonly value?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly fails?: Error;
  readonly tookMs?: number;
  readonly truncated?: boolean;
}

/** A client that answers from a list, and a clock that each answer moves. */
export function scripted(replies: readonly Reply[]) {
  const requests: OutgoingRequest[] = [];
  let nowMs = 1000;
  const client: HttpClient = {
    send: (request) => {
      const reply = replies[requests.length] ?? { fails: new Error('asked too often') };
      requests.push(request);
      nowMs += reply.tookMs ?? 0;
      if (reply.fails !== undefined) return Promise.reject(reply.fails);
      const { status = 200, value = { queue: [] }, truncated = false } = reply;
      const headers = { 'content-type': 'application/json', ...reply.headers };
      return Promise.resolve({ status, headers, body: Buffer.from(JSON.stringify(value)), truncated });
    },
    close: () => undefined,
  };
  return { client, requests, nowMs: () => nowMs };
}

/** Depths over a client that answers from a list: what was asked, and a reading. */
export function depthsOver(replies: readonly Reply[], queueManagers = [settings('QM1')]) {
  const { client, requests, nowMs } = scripted(replies);
  const depths = createMqRestQueueDepths({
    queueManagers,
    http: () => client,
    timeoutMs: 10_000,
    nowMs,
    random: seededRandomness(1),
  });
  return {
    requests,
    depths,
    read: (qmgr = 'QM1', wanted: Wanted = WANTED, signal = new AbortController().signal) =>
      depths.read(qmgr, wanted, signal),
  };
}

export const messageOf = (reading: QueueManagerReading): string =>
  reading.kind === 'failed' ? reading.message : 'read';
export const codeOf = (reading: QueueManagerReading): string =>
  reading.kind === 'failed' ? reading.code : 'read';

/** The answer that holds the queue `Q` with two messages. */
export const ONE_QUEUE = { queue: [{ name: 'Q', type: 'local', status: { currentDepth: 2 } }] };
/** Host and path of each request, without scheme, port and query. */
export const pathsOf = (requests: readonly OutgoingRequest[]): readonly string[] =>
  requests.map(({ url }) =>
    String(url)
      .replace(/^https:\/\/([a-z.]+):?\d*\/ibmmq\/rest/, '$1')
      .replace(/\?.*/, ''),
  );

export const queuesOf = (reading: QueueManagerReading): unknown =>
  reading.kind === 'read' ? [...reading.queues.values()] : reading;
