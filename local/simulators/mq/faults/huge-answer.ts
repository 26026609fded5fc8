import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { jsonAnswer } from '../rest/rest-answer.ts';

/** Sends so many queues, each with one message, without having them all in memory. */
export async function sendHuge(response: ServerResponse, queues: number, isCommand: boolean): Promise<void> {
  response.writeHead(200, jsonAnswer(200, '').headers);
  // The reader may have had enough in the middle; that is its right.
  await pipeline(Readable.from(hugeList(queues, isCommand)), response).catch(() => undefined);
}

function* hugeList(queues: number, isCommand: boolean): Generator<string> {
  const perPiece = 1000;
  yield isCommand ? '{"commandResponse": [' : '{"queue": [';
  for (let first = 0; first < queues; first += perPiece) {
    const numbers = Array.from({ length: Math.min(perPiece, queues - first) }, (_, index) => first + index);
    const items = numbers.map((number) => JSON.stringify(itemOf(`HUGE.${number}`, isCommand), null, 2));
    yield `${first === 0 ? '' : ','}${items.join(',')}`;
  }
  yield isCommand ? '], "overallCompletionCode": 0, "overallReasonCode": 0}' : ']}';
}

function itemOf(queue: string, isCommand: boolean): unknown {
  return isCommand
    ? { completionCode: 0, reasonCode: 0, parameters: { queue, type: 'QLOCAL', curdepth: 1 } }
    : { name: queue, type: 'local', status: { currentDepth: 1 } };
}
