import type { CallOutcome } from '../instances/call-outcome.ts';
import { readCallResult, type GatewayAnswer } from './call-result.ts';
import { platformProblem } from './platform-problem.ts';

/** The platform's limit on what a function may return, as JSON. */
export const RESULT_BYTES_MAX = 5 * 1024 * 1024;

/** The HTTP answer to a call, with the status codes that the platform uses for what goes wrong around a function. */
export function answerOfOutcome(name: string, outcome: CallOutcome): GatewayAnswer {
  switch (outcome.kind) {
    case 'returned':
      return answerOfResult(name, outcome.json);
    case 'unserialisable':
      return platformProblem(
        'invalid-result',
        `${name} returned something that JSON cannot hold: ${outcome.cause}`,
      );
    case 'timed-out':
      return platformProblem('timed-out', `${name} was ended after ${outcome.limitMs / 1000} seconds.`);
    // What was thrown is for the log: it may name what callers should not learn.
    case 'threw':
      return platformProblem('function-failed', `${name} threw instead of answering; the log has the cause.`);
    case 'crashed':
      return platformProblem(
        'function-failed',
        `${name} ended while it was answering; the log has the cause.`,
      );
    case 'refused':
      return outcome.reason === 'busy'
        ? platformProblem('too-many-calls', `${name} is busy; try again later.`, { 'retry-after': '1' })
        : platformProblem('stopping', 'No new calls are taken.', { 'retry-after': '5' });
  }
}

function answerOfResult(name: string, json: string): GatewayAnswer {
  if (Buffer.byteLength(json) > RESULT_BYTES_MAX)
    return platformProblem('answer-too-large', `${name} returned more than ${RESULT_BYTES_MAX} bytes.`);
  const reading = readCallResult(JSON.parse(json));
  if (reading.kind === 'invalid')
    return platformProblem('invalid-result', `${name} returned an invalid result: ${reading.detail}.`);
  const { answer, statusWasSet } = reading;
  if (!statusWasSet) return answer;
  return { ...answer, headers: { ...answer.headers, 'x-faas-actionstatus': String(answer.status) } };
}
