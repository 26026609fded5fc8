import type { QueueManagerLogin, QueueManagerSettings } from '../../platform/configuration/configuration.ts';
import { HttpFailure, type HttpClient, type IncomingAnswer } from '../../platform/http-client.ts';
import type { Ask, Question } from './api.ts';
import { parseErrorReport } from './error-report.ts';
import { judgeFailedAnswer } from './failed-answer.ts';
import { isJsonType } from './json-answer.ts';
import { createLtpaSession, readLtpaCookie } from './login/ltpa-session.ts';
import { withoutCredentials } from './shown-url.ts';
import { ANSWER_BYTES_MAX } from './unreadable-answer.ts';
import type { Verdict } from './verdict.ts';

/** One web server of a queue manager, and how we are signed in there. */
export interface WebServer {
  /** As it may be shown. */
  readonly shownUrl: string;
  /**
   * Makes what asks within limits, signed in. A kept login that has run out is renewed once.
   *
   * What it makes throws `HttpFailure` when there was no complete answer, and `LoginFailedError`.
   */
  readonly asker: (limits: AskLimits) => Ask;
}

export interface AskLimits {
  /** Milliseconds that are left for what is asked. */
  readonly leftMs: () => number;
  readonly signal: AbortSignal;
}

/** The server answered, and did not let us in. */
export class LoginFailedError extends Error {
  override readonly name = 'LoginFailedError';
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.what);
    this.verdict = verdict;
  }
}

type Headers = Readonly<Record<string, string>>;

export function createWebServer(
  baseUrl: string,
  { login, gateway }: QueueManagerSettings,
  http: HttpClient,
): WebServer {
  const always: Headers = {
    accept: 'application/json',
    // Needed for POST only; some proxies drop blank headers, so it carries a word.
    'ibm-mq-rest-csrf-token': 'mq-observer',
    ...(gateway === undefined ? {} : { 'ibm-mq-rest-gateway-qmgr': gateway }),
  };

  const sender =
    ({ leftMs, signal }: AskLimits) =>
    (question: Question, own: Headers): Promise<IncomingAnswer> => {
      if (signal.aborted) throw new HttpFailure('aborted', 'the reading was called off before it began');
      const { method, path, body, timeShare = 1 } = question;
      return http.send({
        ...{ method, url: `${baseUrl}${path}`, signal },
        headers: {
          ...always,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...own,
        },
        ...(body === undefined ? {} : { body }),
        // Whatever is asked here changes nothing.
        repeatable: true,
        timeoutMs: Math.max(1, Math.ceil(leftMs() * timeShare)),
        answerBytesMax: ANSWER_BYTES_MAX,
      });
    };

  const session = createLtpaSession();
  const asker = (limits: AskLimits): Ask => {
    const send = sender(limits);
    if (login.kind === 'certificate') return async (question) => send(question, {});
    if (login.kind === 'basic') {
      const authorization = basicAuthorization(login);
      return async (question) => send(question, { authorization });
    }
    const signIn = async (): Promise<string> => cookieOf(await send(loginQuestion(login), {}));
    return async (question) => {
      const cookie = await session.cookie(signIn);
      const answer = await send(question, { cookie: cookie.text });
      if (!isLoginOver(answer)) return answer;
      session.forget(cookie);
      // What was given only now and is refused all the same would be refused again.
      if (!cookie.isKept) return answer;
      return send(question, { cookie: (await session.cookie(signIn)).text });
    };
  };

  return { shownUrl: withoutCredentials(baseUrl), asker };
}

const COOKIE_REFUSED = 'MQWB0112E';

/** Whether an answer says that the login has run out: MQ by a 401 or 403, what stands before it by a login page. */
function isLoginOver({ status, headers, body }: IncomingAnswer): boolean {
  const contentType = headers['content-type'];
  if (status === 403) return parseErrorReport(body, contentType)?.msgId === COOKIE_REFUSED;
  return status === 401 || (status >= 300 && status < 400) || (status === 200 && !isJsonType(contentType));
}

type PasswordLogin = Extract<QueueManagerLogin, { readonly password: unknown }>;

/** A colon separates the two; the configuration sees to it that the user has none. */
function basicAuthorization({ user, password }: PasswordLogin): string {
  return `Basic ${Buffer.from(`${user}:${password.reveal()}`, 'utf8').toString('base64')}`;
}

function loginQuestion({ user, password }: PasswordLogin): Question {
  const body = JSON.stringify({ username: user, password: password.reveal() });
  return { method: 'POST', path: '/ibmmq/rest/v1/login', body };
}

/** @throws {LoginFailedError} */
function cookieOf(answer: IncomingAnswer): string {
  if (answer.status < 200 || answer.status > 299) throw new LoginFailedError(judgeFailedAnswer(answer));
  const cookie = readLtpaCookie(answer.headers['set-cookie']);
  if (cookie === undefined) throw new LoginFailedError(NO_COOKIE);
  return cookie;
}

const NO_COOKIE: Verdict = {
  code: 'unreadable',
  what: 'the login was answered without an LTPA cookie.',
  toDo: 'Check that MQ_REST_HOST leads to the MQ web server itself, and that it offers token logins (LOGIN basic does without).',
};
