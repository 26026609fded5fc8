/** One answer of the API, ready to be sent. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' };

/** A value as JSON under `status`. */
export function jsonAnswer(status: number, value: unknown): ApiAnswer {
  return { status, headers: JSON_TYPE, body: JSON.stringify(value) };
}

/** A status and nothing else. */
export function emptyAnswer(status: number): ApiAnswer {
  return { status, headers: {}, body: '' };
}

/** The request cannot be met. Thrown where the answer is made, and answered in the API's error form. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What the API says of something that is not there. */
export function notFound(): ApiError {
  return new ApiError(404, 'resource_not_found', 'Resource not found.');
}

/** An error in the API's form. `trace` names the request. */
export function errorAnswer({ status, code, message }: ApiError, trace: string): ApiAnswer {
  const errors = [{ code, message }];
  return jsonAnswer(status, { errors, trace: `codeengine-api-${trace}`, status_code: status });
}
