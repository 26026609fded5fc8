import type { HttpAnswer } from '../platform/function-call/http-call.ts';

/** A question to an endpoint: what follows its name in the path, decoded. What that means is the endpoint's business. */
export interface Question {
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  /** The caller may see everything. */
  readonly isAdmin: boolean;
}

/** One `/actuator/{name}`. */
export interface Endpoint {
  /** True: callers without a token are answered, too, and must be told nothing that is confidential. */
  readonly isOpen: boolean;
  /** `undefined`: there is nothing of that name. */
  readonly answer: (question: Question) => Promise<HttpAnswer | undefined>;
}

/** The endpoints by name. */
export type Endpoints = ReadonlyMap<string, Endpoint>;
