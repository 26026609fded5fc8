import type { AttemptResult, NoAnswerCode } from '../../channel.ts';
import { parseRetryAfter } from '../../response-classification.ts';
import { HttpFailure } from '../../../platform/http-client.ts';
import { SignInFailure } from './sign-in-failure.ts';

/** Why a call of the API failed, in words for reports. */
export type CallFailure =
  | { readonly kind: 'no-answer'; readonly code: NoAnswerCode; readonly message: string }
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** What the API says of it, with its code: cut, no control characters, no token. */
      readonly said: string;
      readonly message: string;
      readonly mayPass: boolean;
      readonly retryAfterMs?: number;
    }
  /** We cannot sign in, for now or at all: the API was not asked, no target is to blame, and none has failed. */
  | { readonly kind: 'no-token'; readonly message: string };

const NETWORK_CODES: readonly (readonly [RegExp, NoAnswerCode])[] = [
  [/^(ENOTFOUND|EAI_AGAIN|ETIMEOUT)$/, 'dns'],
  [/^(ECONNABORTED|ETIMEDOUT|ERR_CANCELED)$/, 'timeout'],
  [/^(ECONNRESET|EPIPE)$/, 'reset'],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'connect'],
  [/CERT|TLS|SSL|^EPROTO$|^UNABLE_TO_/, 'tls'],
];

/** Tells a failed call by what is to be done about it. `where` names the API that was asked, without its address. Total. */
export function failureOf(error: unknown, where: string, nowMs: number): CallFailure {
  if (error instanceof SignInFailure) return { kind: 'no-token', message: `no token: ${whyNoToken(error)}` };
  if (error instanceof HttpFailure)
    return { kind: 'no-answer', code: error.code, message: `${where}: ${error.message}` };
  const status = statusOf(error);
  if (status === undefined) return noAnswer(error, where);
  const said = whatIsSaid(fieldOf(error, 'result'));
  const advice = saysFull(status, said) ? '' : adviceOn(status);
  return {
    kind: 'answered',
    status,
    said,
    message: `${where} answered ${status}${said === '' ? '' : `: ${said}`}${advice}`,
    mayPass: status === 408 || status === 429 || status >= 500,
    ...retryAfterOf(error, nowMs),
  };
}

/** The status of the answer that an error stands for; none where there was no answer. */
export function statusOf(error: unknown): number | undefined {
  const status = fieldOf(error, 'status');
  return typeof status === 'number' ? status : undefined;
}

/** The API may answer otherwise another time, or nobody knows. */
export function mayPass(failure: CallFailure): boolean {
  return failure.kind === 'no-answer' || (failure.kind === 'answered' && failure.mayPass);
}

/** What is said of a request that cannot be met as it is. */
const UNFIT: ReadonlySet<number> = new Set([400, 422]);
// Which status and code these come with is documented for 404 alone: the words decide, where the status does not.
const GONE = /not[\s_-]?found|does not exist/i;
const FULL =
  /(?:quota|limit|maximum)[^.]{0,40}(?<![a-z])runs?(?![a-z])|(?<![a-z])runs?(?![a-z])[^.]{0,40}(?:quota|limit|maximum)/i;
const JOB_RUNS = /(?<![a-z])job[\s_-]?runs(?![a-z])/i;
/** Other things that runs have only so much of, and how often may be asked: fewer runs would not help. */
const NOT_OF_RUNS = /(?<![a-z])(?:instances?|v?cpus?|memory|storage|rate|requests?)(?![a-z])/i;
const FULL_STATUSES: ReadonlySet<number> = new Set([403, 409, 429]);
/** These say so much else that the words have to be plain. */
const FULL_STATUSES_IN_WORDS: ReadonlySet<number> = new Set([400, 422, 503]);
const CLASH =
  /already[\s_-]?exist|exists?[\s_-]already|conflict|duplicate|\bname\b[^.]{0,40}(in use|taken|unique)/i;

/** The project, the job or the run is not there. */
export function isGone(failure: CallFailure): boolean {
  if (failure.kind !== 'answered') return false;
  const { status, said } = failure;
  return status === 404 || status === 410 || (UNFIT.has(status) && GONE.test(said));
}

/** The project holds as many runs as it may. */
export function isQuota(failure: CallFailure): boolean {
  return failure.kind === 'answered' && saysFull(failure.status, failure.said);
}

function saysFull(status: number, said: string): boolean {
  if (!FULL.test(said) || NOT_OF_RUNS.test(said)) return false;
  return FULL_STATUSES.has(status) || (FULL_STATUSES_IN_WORDS.has(status) && JOB_RUNS.test(said));
}

/** There is a run of that name already. */
export function isClash(failure: CallFailure): boolean {
  if (failure.kind !== 'answered' || isQuota(failure)) return false;
  return failure.status === 409 || (UNFIT.has(failure.status) && CLASH.test(failure.said));
}

/** What a failed call means for an attempt. */
export function resultOf(failure: CallFailure): AttemptResult {
  if (failure.kind === 'no-answer')
    return { kind: 'no-answer', code: failure.code, message: failure.message };
  if (failure.kind === 'no-token') return { kind: 'misconfigured', message: failure.message };
  const { message, retryAfterMs } = failure;
  return {
    kind: 'refused',
    message,
    mayPass: failure.mayPass,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function noAnswer(error: unknown, where: string): CallFailure {
  const code = fieldOf(error, 'statusText');
  if (typeof code !== 'string')
    return { kind: 'no-answer', code: 'protocol', message: `${where}: ${brief(messageOf(error))}` };
  const known = NETWORK_CODES.find(([form]) => form.test(code))?.[1] ?? 'protocol';
  return { kind: 'no-answer', code: known, message: `${where} gave no complete answer (${brief(code)})` };
}

function whyNoToken({ status, code, said }: SignInFailure): string {
  if (status === undefined)
    return code === undefined
      ? `${brief(said)}; create the function with --trusted-profiles-enabled`
      : `IAM gave no complete answer (${code})`;
  const passes = status === 408 || status === 429 || status >= 500;
  const advice = passes ? '' : '; check the API key or the trusted profile, and whether it is locked';
  return `IAM answered ${status}${said === '' ? '' : ` ${said}`}${advice}`;
}

function adviceOn(status: number): string {
  if (status === 401)
    return '; the token was refused, a fresh one as well: does its owner belong to the account of the project?';
  if (status === 403)
    return '; give the API key or the trusted profile the role Writer on the project (service codeengine)';
  return '';
}

function retryAfterOf(error: unknown, nowMs: number): { readonly retryAfterMs?: number } {
  const given = fieldOf(fieldOf(error, 'headers'), 'retry-after');
  const retryAfterMs = typeof given === 'string' ? parseRetryAfter(given, nowMs) : undefined;
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

/** `code: message` of the first error in the API's envelope. */
function whatIsSaid(body: unknown): string {
  const errors = fieldOf(body, 'errors');
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const texts = [fieldOf(first, 'code'), fieldOf(first, 'message')];
  return brief(texts.filter((text) => typeof text === 'string' && text !== '').join(': '));
}

const WORDS_MAX = 200;

/** A text from outside for a report: one line, cut, without what looks like a token. */
function brief(text: string): string {
  const safe = text
    .slice(0, 10 * WORDS_MAX)
    .replace(/\beyJ[\w-]+(\.[\w-]*)*/g, '***')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return safe.length > WORDS_MAX ? `${safe.slice(0, WORDS_MAX)}…` : safe;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'the call failed';
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
