import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../../lib/platform/clock.ts';
import type { ParsedFault } from '../fault.ts';
import { jsonAnswer, type RestAnswer } from '../rest/rest-answer.ts';
import type { Switches } from '../switches.ts';
import {
  bentAnswer,
  hangAnswer,
  noCommandResponse,
  pageAnswer,
  partialGroupAnswer,
  statusAnswer,
  tooManyAnswer,
  wrongShapeAnswer,
} from './fault-answers.ts';
import { sendHuge } from './huge-answer.ts';

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
  /** Whether the request is a command, whose answers have another shape. */
  readonly isCommand: boolean;
  readonly clock: Clock;
  readonly fraction: () => number;
  readonly hangMs: number;
  readonly hangEnds: Switches['hangEnds'];
  /** Aborted when the simulator closes. */
  readonly closing: AbortSignal;
}

/** Sends what the fault makes of the right answer. Resolves when nothing is left to do. */
export async function sendFaultyAnswer(sending: FaultySending): Promise<void> {
  const { fault, response, answer, isCommand } = sending;
  switch (fault.kind) {
    case 'status':
      return sendAnswer(response, statusAnswer(fault.value, fault.isEmpty));
    case 'html':
      return sendAnswer(response, pageAnswer(fault.value));
    case 'slow':
      await pause(sending, fault.value);
      return sendAnswer(response, answer());
    case 'slowBody':
      return trickle(sending, fault.value);
    case 'hang':
      return hang(sending);
    case 'reset':
      return reset(response, fault.when, answer);
    case 'truncate':
      return sendAnswer(response, cut(answer(), sending.fraction()));
    case 'notjson':
      return sendAnswer(response, jsonAnswer(200, 'MQ REST API'));
    case 'wrongShape':
      return sendAnswer(response, wrongShapeAnswer(fault.shape, isCommand));
    case 'huge':
      return sendHuge(response, fault.value, isCommand);
    case 'qsgPartial':
      return sendAnswer(response, partialGroupAnswer());
    case 'rate':
      return sendAnswer(response, tooManyAnswer());
    case 'emptyCommandResponse':
      return sendAnswer(response, isCommand ? noCommandResponse() : answer());
    default:
      return sendAnswer(response, bentAnswer(fault.kind, answer()));
  }
}

async function pause({ clock, closing, response }: FaultySending, ms: number): Promise<void> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  response.once('close', leave);
  await clock.sleep(ms, AbortSignal.any([closing, gone.signal]));
  response.off('close', leave);
}

async function hang(sending: FaultySending): Promise<void> {
  const answer = hangAnswer(sending.hangEnds);
  if (answer === undefined) return;
  await pause(sending, sending.hangMs);
  if (!sending.closing.aborted) sendAnswer(sending.response, answer);
}

async function trickle(sending: FaultySending, ms: number): Promise<void> {
  const { response, answer, closing } = sending;
  const { status, headers, body } = answer();
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'Content-Length': String(bytes.length) });
  const pieces = 10;
  const perPiece = Math.ceil(bytes.length / pieces);
  for (let from = 0; from < bytes.length; from += perPiece) {
    response.write(bytes.subarray(from, from + perPiece));
    await pause(sending, ms / pieces);
    if (closing.aborted || response.destroyed) return;
  }
  response.end();
}

/** Cuts somewhere inside the body, never at its ends. */
function cut(answer: RestAnswer, fraction: number): RestAnswer {
  const length = 1 + Math.floor(fraction * Math.max(answer.body.length - 1, 0));
  return { ...answer, body: answer.body.slice(0, length) };
}

function reset(response: ServerResponse, when: 'before' | 'body' | 'after', answer: () => RestAnswer): void {
  const destroy = (): void => void response.socket?.resetAndDestroy();
  if (when === 'before') return destroy();
  const whole = answer();
  if (when === 'after') {
    response.once('finish', () => setImmediate(destroy));
    return sendAnswer(response, whole);
  }
  const length = String(Buffer.byteLength(whole.body));
  response.writeHead(whole.status, { ...whole.headers, 'Content-Length': length });
  response.write(cut(whole, 0.5).body, destroy);
}
