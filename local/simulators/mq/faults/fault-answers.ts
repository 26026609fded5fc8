import type { ParsedFault } from '../fault.ts';
import {
  errorAnswer,
  htmlAnswer,
  isJson,
  jsonAnswer,
  listAnswer,
  withJson,
  type RestAnswer,
} from '../rest/rest-answer.ts';
import type { Switches } from '../switches.ts';
import { WRONG_COMMAND_SHAPES, WRONG_SHAPES, type WrongShape } from './wrong-shapes.ts';

export function statusAnswer(status: number, isEmpty: boolean): RestAnswer {
  if (status >= 300 && status < 400)
    return { status, headers: { Location: '/ibmmq/console/login.html?from=rest' }, body: '' };
  if (isEmpty || status === 204) return { status, headers: {}, body: '' };
  return errorAnswer(status, {
    message: `The simulator was told to answer ${status}.`,
    explanation: 'A fault is set on this queue manager.',
    action: 'Take the fault away.',
  });
}

export function pageAnswer(status: number): RestAnswer {
  return htmlAnswer(status, `<html><body><h1>${status}</h1></body></html>`);
}

export function wrongShapeAnswer(shape: WrongShape, isCommand: boolean): RestAnswer {
  return jsonAnswer(200, (isCommand ? WRONG_COMMAND_SHAPES : WRONG_SHAPES)[shape]);
}

/** What is left when the web server gives up on a request; undefined when it never does. */
export function hangAnswer(ends: Switches['hangEnds']): RestAnswer | undefined {
  if (ends === 'never') return undefined;
  return ends === '504' ? pageAnswer(504) : statusAnswer(500, false);
}

export function tooManyAnswer(): RestAnswer {
  return { ...pageAnswer(429), headers: { 'Content-Type': 'text/html', 'Retry-After': '1' } };
}

export function partialGroupAnswer(): RestAnswer {
  const error = { type: 'pcf', msgId: 'MQWB0004E', message: 'MQWB0004E: An internal error occurred.' };
  const codes = { completionCode: 2, reasonCode: 2161, qmgrName: 'MQ22' };
  return listAnswer(500, 'error', [{ ...error, ...codes }], { success: [{ qmgrName: 'MQ21' }] });
}

export function noCommandResponse(): RestAnswer {
  return listAnswer(200, 'commandResponse', [], { overallCompletionCode: 0, overallReasonCode: 0 });
}

/** The right answer as the fault has it; the same where the fault bends nothing in it. */
export function bentAnswer(kind: ParsedFault['kind'], answer: RestAnswer): RestAnswer {
  if (!isJson(answer)) return answer;
  if (kind === 'upperKeys') return withJson(answer, (value) => withKeys(value, (key) => key.toUpperCase()));
  if (kind !== 'overAllTypo') return answer;
  const respelled = (key: string): string => (key === 'overallReasonCode' ? 'overAllReasonCode' : key);
  return withJson(answer, (value) => withKeys(value, respelled));
}

function withKeys(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => withKeys(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [rename(key), withKeys(inner, rename)]),
  );
}
