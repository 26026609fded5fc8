import type { Answer } from './api.ts';

export type Failure = Exclude<Answer<unknown>, { kind: 'ok' }>;

/** Why there is nothing new to show. */
export function troubleWords(answer: Failure, hasToken: boolean): string {
  if (answer.kind === 'unreachable')
    return 'The observer cannot be reached. What is shown is what was known last; it is tried again every ten seconds.';
  if (answer.kind === 'odd') return `${oddWords(answer)} What is shown is what was known last.`;
  if (answer.status === 401 && !hasToken)
    return 'An admin token is needed to see more than this. It is kept in the memory of this page only.';
  if (answer.status === 401) return 'The observer does not know this token. Type in an admin token.';
  return answer.detail;
}

/** Why an action of `register` came to nothing; `registerUrl` is empty where that is asked on the page's own origin. */
export function failureWords(answer: Failure, registerUrl: string): string {
  if (answer.kind === 'refused')
    return answer.status === 404 && answer.detail === UNKNOWN_PATH ? NOT_HERE : answer.detail;
  if (answer.kind === 'odd') return oddWords(answer);
  return registerUrl === ''
    ? 'The observer cannot be reached.'
    : `${registerUrl} cannot be reached, or its DASHBOARD_ORIGIN is not ${location.origin}.`;
}

function oddWords({ status }: { readonly status: number }): string {
  return `The answer (status ${status}) is none that the observer gives: something in between may have given it, or it was cut off.`;
}

/** What every function answers to a path that it does not have. */
const UNKNOWN_PATH = 'Page not found';
const NOT_HERE =
  'The function register is not on this origin. Set DASHBOARD_REGISTER_URL for actuator and DASHBOARD_ORIGIN for register.';
