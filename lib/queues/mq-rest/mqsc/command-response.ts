import { fieldOf, isJsonObject, parseJsonAnswer } from '../json-answer.ts';
import { wholeNumber } from '../queue-facts.ts';

/** What came of a command, read from a body whose status was 200: that alone is no success. */
export type CommandResponse =
  | {
      readonly kind: 'response';
      /** The attributes of each object, in the order of the answer. */
      readonly objects: readonly unknown[];
      /** What each failed part says. */
      readonly failures: readonly CommandFailure[];
      /** The queue manager said that there is nothing of that name, or nothing that matches. */
      readonly isNotFound: boolean;
    }
  | { readonly kind: 'unreadable'; readonly reason: string };

export interface CommandFailure {
  readonly reasonCode: number;
  /** `AMQ8405I` and so on, if there is one. */
  readonly messageId: string | undefined;
  /** The server's own words: looked at, never shown. */
  readonly text: string;
}

/** Nothing of that name, or nothing that matches. */
const NOT_FOUND = 2085;
/** Some part of the command failed; which one, its part says. */
const SOME_FAILED = 3008;
/** Overall reasons that say no more than the parts do. */
const NO_FAILURES = new Set([0, NOT_FOUND, SOME_FAILED]);
const MESSAGE_ID = /\b(?:AMQ|MQWB|CSQ)[A-Z0-9]{4,6}\b/;

/** Reads the answer of `runCommandJSON`. Total. That nothing matched is no failure. */
export function parseCommandResponse(body: Uint8Array, contentType: string | undefined): CommandResponse {
  const answer = parseJsonAnswer(body, contentType);
  if (answer.kind === 'not-json') return unreadable(answer.reason);
  const list = fieldOf(answer.value, 'commandResponse') ?? undefined;
  const completion = codeOf(answer.value, 'overallCompletionCode');
  const reason = codeOf(answer.value, 'overallReasonCode') ?? 0;
  if (!isJsonObject(answer.value) || (list === undefined && completion === undefined))
    return unreadable('it is JSON, but not the response to a command');
  if (list !== undefined && !Array.isArray(list)) return unreadable('its "commandResponse" is not a list');
  const items: readonly unknown[] = list ?? [];
  const objects = items.map((item) => fieldOf(item, 'parameters')).filter(isJsonObject);
  const failures = items.map(failureOf).filter((failure) => failure !== undefined);
  if (items.length > 0 && objects.length === 0 && failures.length === 0)
    return unreadable('the items of its "commandResponse" have no "parameters"');
  if (objects.length > 0 && !objects.some((object) => typeof fieldOf(object, 'queue') === 'string'))
    return unreadable('no object of its "commandResponse" has a name');
  const isEmpty = items.length === 0;
  const isWholeFailure = !NO_FAILURES.has(reason) || (isEmpty && reason === 0 && (completion ?? 0) !== 0);
  const whole = isWholeFailure ? [{ reasonCode: reason, messageId: undefined, text: '' }] : [];
  const saysNotFound =
    failures.some(({ reasonCode }) => reasonCode === NOT_FOUND) ||
    reason === NOT_FOUND ||
    (isEmpty && reason === SOME_FAILED);
  return {
    kind: 'response',
    objects,
    failures: [...whole, ...failures.filter(({ reasonCode }) => reasonCode !== NOT_FOUND)],
    isNotFound: objects.length === 0 && saysNotFound,
  };
}

/** A code, if there is one; -1 is one that is no number, and no success. */
function codeOf(value: unknown, key: string): number | undefined {
  const code = fieldOf(value, key) ?? undefined;
  return code === undefined ? undefined : (wholeNumber(code) ?? -1);
}

function failureOf(item: unknown): CommandFailure | undefined {
  const completion = wholeNumber(fieldOf(item, 'completionCode')) ?? 0;
  const reasonCode = wholeNumber(fieldOf(item, 'reasonCode')) ?? 0;
  if (completion < 2 && isJsonObject(fieldOf(item, 'parameters'))) return undefined;
  if (completion === 0 && reasonCode === 0 && isJsonObject(item)) return undefined;
  const message = fieldOf(item, 'message');
  const text = (Array.isArray(message) ? message : [message])
    .filter((line) => typeof line === 'string')
    .join(' ');
  return { reasonCode, messageId: MESSAGE_ID.exec(text)?.[0], text };
}

function unreadable(reason: string): CommandResponse {
  return { kind: 'unreadable', reason };
}
