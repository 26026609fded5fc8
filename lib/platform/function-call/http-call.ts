import type { Problem } from '../problem.ts';

/** A call of a function as it was meant: an HTTP request. */
export interface HttpCall {
  /** Upper case. */
  readonly method: string;
  /** As in the URL, still percent-encoded, `/` for the root. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The query as it was sent, without `?`. */
  readonly rawQuery: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a handler answers: a JSON value with a status, or a problem. */
export type HttpAnswer =
  | { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly problem: Problem };

/** The function result that Code Engine turns back into HTTP. */
export interface FunctionAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}
