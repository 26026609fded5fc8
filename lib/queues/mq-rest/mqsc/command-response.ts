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
const MESSAGE_ID = /\b(?:AMQ|MQWB|CSQ)[A-Z0-9]{4,6}\b/;

/** Reads the answer of `runCommandJSON`. Total. That nothing matched is no failure: there are no objects then. */
export function parseCommandResponse(body: Uint8Array, contentType: string | undefined): CommandResponse {
  const answer = parseJsonAnswer(body, contentType);
  if (answer.kind === 'not-json') return unreadable(answer.reason);
  const list = fieldOf(answer.value, 'commandResponse') ?? undefined;
  const overall = {
    completion: wholeNumber(fieldOf(answer.value, 'overallCompletionCode')),
    reason: wholeNumber(fieldOf(answer.value, 'overallReasonCode')),
  };
  if (!isJsonObject(answer.value) || (list === undefined && overall.completion === undefined))
    return unreadable('it is JSON, but not the response to a command');
  if (list !== undefined && !Array.isArray(list)) return unreadable('its "commandResponse" is not a list');
  const items: readonly unknown[] = list ?? [];
  const objects = items.map((item) => fieldOf(item, 'parameters')).filter(isJsonObject);
  const failures = items.map(failureOf).filter((failure) => failure !== undefined);
  if (items.length > 0 && objects.length === 0 && failures.length === 0)
    return unreadable('the items of its "commandResponse" have no "parameters"');
  const isWholeFailure = (overall.completion ?? 0) > 1 && items.length === 0;
  const own = isWholeFailure ? [{ reasonCode: overall.reason ?? 0, messageId: undefined, text: '' }] : [];
  const counted = [...failures, ...own].filter(
    ({ reasonCode }) => reasonCode !== NOT_FOUND && !(isWholeFailure && reasonCode === SOME_FAILED),
  );
  return { kind: 'response', objects, failures: counted };
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
