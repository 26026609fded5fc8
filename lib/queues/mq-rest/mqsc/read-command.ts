import type { IncomingAnswer } from '../../../platform/http-client.ts';
import { mentions } from '../error-report.ts';
import type { Scope } from '../less-each-time.ts';
import { judgeReasonCode } from '../reason-code.ts';
import { judgeRefusal, refusedPart } from '../refused-part.ts';
import { tooLong, unreadableAnswer } from '../unreadable-answer.ts';
import { answered, failed, type Answered, type Refused } from '../verdict.ts';
import { parseCommandResponse, type CommandFailure } from './command-response.ts';

/** What a command displayed. */
export interface Displayed {
  /** The attributes of each object. */
  readonly objects: readonly unknown[];
  /** The queue manager said that nothing matches. */
  readonly isNotFound: boolean;
}

const OBJECT_DAMAGED = 2101;

/**
 * Reads the answer to a command of this scope. Parts that failed beside others that did not are warnings; so is a damaged
 * queue, also when nothing else matches.
 */
export function readCommand(answer: IncomingAnswer, scope: Scope): Answered<Displayed> {
  if (answer.status !== 200) return failed(judgeRefusal(answer, scope));
  if (answer.truncated) return failed(tooLong());
  const response = parseCommandResponse(answer.body, answer.headers['content-type']);
  if (response.kind === 'unreadable') return failed(unreadableAnswer(response.reason));
  const { objects, failures, isNotFound } = response;
  const [first] = failures;
  if (first === undefined) return answered({ objects, isNotFound });
  const refused = failures.map((failure) => refusedBy(failure, scope)).find((part) => part !== undefined);
  if (refused === undefined && (objects.length > 0 || failures.every(isDamaged)))
    return answered({ objects, isNotFound: false }, [partlyFailed(failures)]);
  const verdict = judgeReasonCode(first.reasonCode, first.messageId);
  return failed(refused === undefined ? verdict : { ...verdict, refused });
}

/** A syntax error, or an attribute that cannot be displayed: which part of the command it may mean. */
function refusedBy({ messageId = '', text }: CommandFailure, scope: Scope): Refused | undefined {
  const speaksOf = (words: readonly string[]): boolean => mentions(text, words);
  if (messageId.startsWith('MQWB0120')) return refusedPart({ about: 'attributes', speaksOf }, scope);
  return /^AMQ(?:8405|8496)/.test(messageId) ? refusedPart({ about: 'command', speaksOf }, scope) : undefined;
}

function isDamaged({ reasonCode, messageId }: CommandFailure): boolean {
  return reasonCode === OBJECT_DAMAGED || messageId?.startsWith('AMQ8149') === true;
}

function partlyFailed(failures: readonly CommandFailure[]): string {
  const ids = new Set(failures.map(({ messageId, reasonCode }) => messageId ?? `reason code ${reasonCode}`));
  return `some queues could not be displayed (${[...ids].slice(0, 5).join(', ')})`;
}
