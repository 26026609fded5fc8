import type { Switches } from '../switches.ts';

/** One answer of the REST API, ready to be sent. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One entry of `{"error":[…]}`. `msgId` is missing where MQ's own is not known. */
export interface RestErrorReport {
  readonly msgId?: string;
  readonly message: string;
  readonly explanation?: string;
  readonly action?: string;
  readonly completionCode?: number;
  readonly reasonCode?: number;
  readonly type?: 'rest' | 'pcf';
}

const JSON_HEADERS = {
  'Content-Type': 'application/json;charset=utf-8',
  'Content-Language': 'en-US',
  'Cache-Control': 'no-cache, no-store, must-revalidate',
  'X-Content-Type-Options': 'nosniff',
  'X-Powered-By': 'Servlet/3.1',
};

/**
 * `{"queue": […]}` or the like under `status`, formatted as MQ formats it: the list's items start on the bracket's
 * line. `more` are members after the list.
 */
export function listAnswer(
  status: number,
  key: string,
  items: readonly unknown[],
  more: Readonly<Record<string, unknown>> = {},
): RestAnswer {
  const list = items.map((item) => JSON.stringify(item, null, 2)).join(',');
  const after = Object.entries(more).map(([name, value]) => `,\n"${name}": ${JSON.stringify(value)}`);
  return jsonAnswer(status, `{"${key}": [${list}]${after.join('')}}`);
}

/** A ready JSON text under `status`. */
export function jsonAnswer(status: number, body: string): RestAnswer {
  return { status, headers: JSON_HEADERS, body };
}

/** `{"error": [{…}]}` under `status`. */
export function errorAnswer(status: number, report: RestErrorReport): RestAnswer {
  return listAnswer(status, 'error', [{ completionCode: 0, reasonCode: 0, type: 'rest', ...report }]);
}

/** What a web server or a proxy says that is not MQ. */
export function htmlAnswer(status: number, body: string): RestAnswer {
  return { status, headers: { 'Content-Type': 'text/html;charset=utf-8' }, body };
}

/** A status and nothing else. */
export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): RestAnswer {
  const { 'Content-Type': _, ...common } = JSON_HEADERS;
  return { status, headers: { ...common, ...headers }, body: '' };
}

export function isJson({ headers }: RestAnswer): boolean {
  return headers['Content-Type']?.startsWith('application/json') ?? false;
}

/** The same answer with another JSON body. */
export function withJson(answer: RestAnswer, change: (value: unknown) => unknown): RestAnswer {
  const value: unknown = JSON.parse(answer.body);
  return { ...answer, body: JSON.stringify(change(value), null, 2) };
}

/** The answer in the form that the switches ask for. */
export function inFormOf(switches: Switches, answer: RestAnswer): RestAnswer {
  if (!isJson(answer)) return answer;
  const few =
    switches.errorFields === 'few' && answer.status >= 400 ? withJson(answer, withFewFields) : answer;
  const body = switches.bodyFormat === 'compact' ? JSON.stringify(JSON.parse(few.body)) : few.body;
  const headers =
    switches.contentType === 'plain' ? { ...few.headers, 'Content-Type': 'application/json' } : few.headers;
  return { ...few, headers, body };
}

function withFewFields(value: unknown): unknown {
  const { error = [], ...rest } = value as { error?: readonly Record<string, unknown>[] }; // made here
  return {
    ...rest,
    error: error.map((report) => ({ ...report, explanation: undefined, action: undefined })),
  };
}
