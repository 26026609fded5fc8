/** What is wrong with one field of a request. `field` is a path such as `when.depth_at_least`. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** The closed list of what can go wrong with a call. Each is a stable URN on the wire. */
export type ProblemCode =
  | 'invalid-request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'precondition-failed'
  | 'too-large'
  | 'unsupported-media-type'
  | 'misconfigured'
  | 'internal'
  | 'unavailable';

const TABLE: Readonly<Record<ProblemCode, { readonly status: number; readonly title: string }>> = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'A token is needed' },
  forbidden: { status: 403, title: 'This is not allowed' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'This path does not know this method' },
  'precondition-failed': { status: 412, title: 'The condition of the request does not hold' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is neither JSON nor a form' },
  misconfigured: { status: 500, title: 'The configuration is not valid' },
  internal: { status: 500, title: 'Something went wrong inside' },
  unavailable: { status: 503, title: 'Not possible at the moment' },
};

/** An answer that says what went wrong (RFC 9457), before it is put on the wire. */
export interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** The `application/problem+json` body of a problem. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
}

export function problemBody(problem: Problem): ProblemBody {
  const { status, title } = TABLE[problem.code];
  return {
    type: `urn:mq-observer:problem:${problem.code}`,
    title,
    status,
    detail: problem.detail,
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
  };
}

/** Ends a call with a problem from wherever it is noticed; `serve` turns it into the answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem, options: { readonly cause?: unknown } = {}) {
    super(problem.detail, options);
    this.problem = problem;
  }
}
