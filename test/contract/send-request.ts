import http from 'node:http';

/** A request as a test writes it: one of the three bodies, or none. A content type is sent only where one is given. */
export interface TestRequest {
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** The body, where it is a JSON object. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Sends what `fetch` would not: any method, with a body or not, with a content type or not. */
export function sendTo(url: string, method: string, path: string, given: TestRequest = {}): Promise<Reply> {
  const body = given.json !== undefined ? JSON.stringify(given.json) : (formText(given.form) ?? given.body);
  const headers = {
    ...(given.json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(given.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    ...given.headers,
  };
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const request = http.request({ hostname, port, path, method, headers, agent: false });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = String(Buffer.concat(chunks));
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, headers: answered, text, json: objectOf(text) });
      });
    });
    request.end(body);
  });
}

function formText(form: TestRequest['form']): string | undefined {
  return form === undefined ? undefined : String(new URLSearchParams(form));
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
}
