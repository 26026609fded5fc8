import { describe, expect, it } from 'vitest';
import { problemBody, ProblemError, type ProblemCode } from './problem.ts';

const STATUSES: Readonly<Record<ProblemCode, number>> = {
  'invalid-request': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  misconfigured: 500,
  internal: 500,
  unavailable: 503,
};

describe('a problem', () => {
  it.each(Object.entries(STATUSES) as [ProblemCode, number][])('%s is %i', (code, status) => {
    const body = problemBody({ code, detail: 'what' });
    expect(body).toEqual({
      type: `urn:mq-observer:problem:${code}`,
      title: expect.stringMatching(/^[A-Z].+/) as string,
      status,
      detail: 'what',
    });
  });

  it('tells the fields, and keeps its headers out of the body', () => {
    const errors = [{ field: 'qmgr', message: 'is wrong' }];
    const body = problemBody({ code: 'invalid-request', detail: 'what', errors, headers: { allow: 'GET' } });
    expect(Object.keys(body)).toEqual(['type', 'title', 'status', 'detail', 'errors']);
    expect(body.errors).toEqual(errors);
  });

  it('can be thrown, with what caused it', () => {
    const cause = new Error('why');
    const error = new ProblemError({ code: 'not-found', detail: 'what' }, { cause });
    expect([error.message, error.problem.code, error.cause]).toEqual(['what', 'not-found', cause]);
  });
});
