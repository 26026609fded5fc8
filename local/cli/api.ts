import { createHttpClient, HttpFailure, type OutgoingRequest } from '../../lib/platform/http-client.ts';
import { textAt } from './answers.ts';
import { CommandError } from './command-error.ts';
import { hasForm, type Form } from './forms.ts';
import { isShallow } from './nesting.ts';

/** Where the observer is, and who is calling. */
export interface ApiOptions {
  /** Without a slash at its end. */
  readonly url: string;
  /** Where its function actuator is: on Code Engine it has a URL of its own. Without a slash at its end. */
  readonly actuatorUrl: string;
  readonly token: string | undefined;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query, encoded. */
  readonly path: string;
  /** What a success is known by. */
  readonly form: Form;
  /** What is sent, as JSON. */
  readonly json?: unknown;
  /** The ETag that the registration must still have. */
  readonly ifMatch?: string;
  /** A minute when not given. */
  readonly timeoutMs?: number;
  /** A status that is an answer although it is no success. */
  readonly alsoTaken?: number;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly etag: string | undefined;
}

/** The observer answered with a problem, or not at all. */
export class ApiError extends CommandError {
  /** What it answered with; `undefined` for no answer. */
  readonly status: number | undefined;
  /** It may be called again after so many milliseconds, as it says itself. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: ApiErrorOptions = {}) {
    super(1, message, options);
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

interface ApiErrorOptions {
  readonly cause?: unknown;
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
}

/** An observer that can be asked. */
export interface Api {
  /** @throws {ApiError} for anything but a success with JSON of its form, and JSON with the status that is also taken. */
  readonly call: (request: ApiRequest) => Promise<ApiAnswer>;
  /** Closes kept connections. */
  readonly close: () => void;
}

const TIMEOUT_MS = 60_000;
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const DETAIL_LENGTH_MAX = 2_000;

/** Reaches one observer over HTTP. */
export function createApi({ url, actuatorUrl, token }: ApiOptions): Api {
  const client = createHttpClient();
  const send = async (request: ApiRequest) => {
    const base = isForActuator(request) ? actuatorUrl : url;
    try {
      return await client.send(outgoing(base, token, request));
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      throw new ApiError(`${base} cannot be reached: ${error.message}. ${whereToSay(request)}`, {
        cause: error,
      });
    }
  };
  return {
    call: async (request) => {
      const { status, headers, body, truncated } = await send(request);
      const asked = `${request.method} ${request.path}`;
      if (truncated) throw new ApiError(`${asked} was answered with more than can be taken.`);
      const answer = parsed(body.toString('utf8'));
      const isSuccess = status >= 200 && status < 300;
      if (!isSuccess && status !== request.alsoTaken)
        throw new ApiError(`${asked} was answered with ${status}: ${detailOf(answer, status, request)}`, {
          status,
          retryAfterMs: retryAfterMsOf(headers['retry-after']),
        });
      if (!answer.ok)
        throw new ApiError(`${asked} was answered with something that is not JSON. ${whereToSay(request)}`);
      if (!isShallow(answer.json) || (isSuccess && !hasForm(answer.json, request.form)))
        throw new ApiError(
          `${asked} was answered with something that is not understood. ${whereToSay(request)}`,
        );
      return { status, body: answer.json, etag: headers['etag'] };
    },
    close: client.close,
  };
}

function isForActuator({ path }: ApiRequest): boolean {
  return path.startsWith('/actuator/');
}

function whereToSay(request: ApiRequest): string {
  return isForActuator(request)
    ? 'Is it the observer? --actuator-url or MQ_OBSERVER_ACTUATOR_URL says where its function actuator is, --url or MQ_OBSERVER_URL where one address serves all.'
    : 'Is it the observer? --url or MQ_OBSERVER_URL says where it is.';
}

function outgoing(url: string, token: string | undefined, request: ApiRequest): OutgoingRequest {
  const { method, path, json, ifMatch, timeoutMs = TIMEOUT_MS } = request;
  return {
    method,
    url: `${url}${path}`,
    headers: {
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    timeoutMs,
    answerBytesMax: ANSWER_BYTES_MAX,
  };
}

type Parsed = { readonly ok: true; readonly json: unknown } | { readonly ok: false; readonly text: string };

function parsed(text: string): Parsed {
  try {
    return { ok: true, json: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, text };
  }
}

/** The observer gives whole seconds; a date is none that it gives. */
function retryAfterMsOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) * 1_000 : undefined;
}

/** What a problem says, in one line; what is no problem document is said as it is. */
function detailOf(answer: Parsed, status: number, request: ApiRequest): string {
  const said = answer.ok ? (textAt(answer.json, 'detail') ?? textAt(answer.json, 'title')) : answer.text;
  const detail = (said ?? 'no reason was given').trim().slice(0, DETAIL_LENGTH_MAX).replaceAll('\n', '; ');
  if (status === 401) return `${detail} MQ_OBSERVER_TOKEN holds the token to call with.`;
  return status === 404 && isForActuator(request) ? `${detail}. ${whereToSay(request)}` : detail;
}
