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
  readonly explanation: string;
  readonly action: string;
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

/** `{"queue": […]}` or the like under `status`, formatted as MQ formats it: the list's items start on the bracket's line. */
export function listAnswer(status: number, key: string, items: readonly unknown[]): RestAnswer {
  const list = items.map((item) => JSON.stringify(item, null, 2)).join(',');
  return jsonAnswer(status, `{"${key}": [${list}]}`);
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
