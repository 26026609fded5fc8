import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../../lib/platform/clock.ts';
import type { ParsedFault } from './fault.ts';
import { errorAnswer, htmlAnswer, jsonAnswer, type RestAnswer } from './rest-answer.ts';
import { badParameter } from './rest-errors.ts';

/** Sends an answer as it is. */
export function sendAnswer(response: ServerResponse, { status, headers, body }: RestAnswer): void {
  response.writeHead(status, { ...headers, 'Content-Length': String(Buffer.byteLength(body)) });
  response.end(body);
}

/** What sending under a fault takes. */
export interface FaultySending {
  readonly fault: ParsedFault;
  readonly response: ServerResponse;
  /** The right answer, made when it is sent. */
  readonly answer: () => RestAnswer;
  readonly filtered: boolean;
  readonly clock: Clock;
  /** Aborted when the simulator closes. */
  readonly closing: AbortSignal;
}

/** Sends what the fault makes of the right answer. Resolves when nothing is left to do. */
export async function sendFaultyAnswer(sending: FaultySending): Promise<void> {
  const { fault, response, answer } = sending;
  switch (fault.kind) {
    case 'status':
      return sendAnswer(response, statusAnswer(fault.status));
    case 'html':
      return sendAnswer(
        response,
        htmlAnswer(fault.status, `<html><body><h1>${fault.status}</h1></body></html>`),
      );
    case 'slow':
      await sending.clock.sleep(fault.delayMs, sending.closing);
      return sendAnswer(response, answer());
    case 'hang':
      return undefined;
    case 'reset':
      return reset(response, fault.inBody ? answer() : undefined);
    case 'truncate':
      return sendAnswer(response, cutInTheMiddle(answer()));
    case 'notjson':
      return sendAnswer(response, jsonAnswer(200, 'MQ REST API'));
    case 'wrongShape':
      return sendAnswer(response, jsonAnswer(200, fault.body));
    case 'huge':
      return sendHuge(response, fault.queues);
    case 'nofilter':
      return sendAnswer(
        response,
        sending.filtered ? badParameter('filter', 'it cannot be used here') : answer(),
      );
  }
}

function statusAnswer(status: number): RestAnswer {
  if (status >= 300 && status < 400)
    return { status, headers: { Location: '/ibmmq/console/login.html?from=rest' }, body: '' };
  if (status === 204) return { status, headers: {}, body: '' };
  return errorAnswer(status, {
    message: `The simulator was told to answer ${status}.`,
    explanation: 'A fault is set on this queue manager.',
    action: 'Take the fault away.',
  });
}

function cutInTheMiddle(answer: RestAnswer): RestAnswer {
  return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
}

function reset(response: ServerResponse, answer: RestAnswer | undefined): void {
  if (answer === undefined) return void response.socket?.resetAndDestroy();
  const length = String(Buffer.byteLength(answer.body));
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': length });
  response.write(cutInTheMiddle(answer).body, () => response.socket?.resetAndDestroy());
}

async function sendHuge(response: ServerResponse, queues: number): Promise<void> {
  response.writeHead(200, jsonAnswer(200, '').headers);
  // The reader may have had enough in the middle; that is its right.
  await pipeline(Readable.from(hugeList(queues)), response).catch(() => undefined);
}

function* hugeList(queues: number): Generator<string> {
  const perPiece = 1000;
  yield '{"queue": [';
  for (let first = 0; first < queues; first += perPiece) {
    const numbers = Array.from({ length: Math.min(perPiece, queues - first) }, (_, index) => first + index);
    const items = numbers.map((number) =>
      JSON.stringify({ name: `HUGE.${number}`, type: 'local', status: { currentDepth: 1 } }, null, 2),
    );
    yield `${first === 0 ? '' : ','}${items.join(',')}`;
  }
  yield ']}';
}
