import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepingLogger } from '../../../test/support/test-store.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { ObjectStoreError, type ObjectStoreErrorCode } from '../../object-store/object-store.ts';
import { DamagedObjectError, StoreContendedError } from '../../store/store-context.ts';
import { ProblemError, type ProblemBody } from '../problem.ts';
import { encodeAnswer } from './encode-answer.ts';
import type { FunctionAnswer } from './http-call.ts';
import { serve, type Handler } from './serve.ts';

const clock = createVirtualClock();
const served = (handle: Handler) => {
  const { log, lines } = keepingLogger(clock);
  return { main: serve(handle, { log, clock }), lines };
};
/** What the platform makes of a problem's body: the base64 text decoded. */
const problemIn = (answer: FunctionAnswer): ProblemBody =>
  JSON.parse(Buffer.from(String(answer.body), 'base64').toString('utf8')) as ProblemBody;
const failingWith =
  (error: unknown): Handler =>
  async () => {
    throw error;
  };
const thrown = async (
  error: unknown,
): Promise<{ readonly answer: FunctionAnswer; readonly lines: readonly string[] }> => {
  const { main, lines } = served(failingWith(error));
  return { answer: await main({ __ce_path: '/register' }), lines };
};

describe('an answer', () => {
  it('of JSON is a value, with its headers', () => {
    const body = { a: [1] };
    expect(encodeAnswer({ status: 200, body, headers: { etag: '"x"' } })).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json', etag: '"x"' },
      body,
    });
  });

  it('that is a problem is base64 of its JSON, as of every type that is neither JSON nor text', () => {
    const answer = encodeAnswer({
      problem: { code: 'method-not-allowed', detail: 'größe', headers: { allow: 'GET' } },
    });
    expect(answer).toMatchObject({
      statusCode: 405,
      headers: { 'content-type': 'application/problem+json', allow: 'GET' },
    });
    expect(problemIn(answer)).toMatchObject({ status: 405, detail: 'größe' });
  });
});

describe('what a handler throws', () => {
  it.each<[string, unknown, number, string]>([
    ['a problem', new ProblemError({ code: 'precondition-failed', detail: 'x' }), 412, 'precondition-failed'],
    ['a damaged object', new DamagedObjectError('meta.json', 'not JSON'), 503, 'unavailable'],
    ['a lost race', new StoreContendedError('meta.json'), 503, 'unavailable'],
    ...(['unavailable', 'throttled', 'denied', 'no-bucket', 'refused'] as const).map(
      (code: ObjectStoreErrorCode): [string, unknown, number, string] => [
        `a store that is ${code}`,
        new ObjectStoreError(code, 'secret-bucket'),
        503,
        'unavailable',
      ],
    ),
    ['a bug', new TypeError('undefined is not a function, hunter2'), 500, 'internal'],
    ['a text', 'hunter2', 500, 'internal'],
    ['nothing', undefined, 500, 'internal'],
    ['null', null, 500, 'internal'],
    ['an object without a prototype', Object.create(null), 500, 'internal'],
  ])('is answered: %s', async (_, error, status, code) => {
    const { answer } = await thrown(error);
    expect(answer.statusCode).toBe(status);
    expect(problemIn(answer)).toMatchObject({ status, type: `urn:mq-observer:problem:${code}` });
    expect(JSON.stringify(problemIn(answer))).not.toMatch(/hunter2|secret-bucket|stack/);
  });

  it('is answered with when to come back if the store is to blame', async () => {
    const { answer } = await thrown(new ObjectStoreError('unavailable', 'x'));
    expect(answer.headers['retry-after']).toBe('5');
  });

  it('is in the log with its cause if it was not the caller who was wrong', async () => {
    const bug = await thrown(new Error('outer', { cause: new Error('inner') }));
    expect(bug.lines[0]).toContain('Error: outer <- Error: inner');
    const wrong = await thrown(new ProblemError({ code: 'not-found', detail: 'x' }));
    expect(wrong.lines.some((line) => line.includes('"warn"'))).toBe(false);
  });

  it('is caught although the handler threw before it could promise anything', async () => {
    const { main } = served(() => {
      throw new Error('at once');
    });
    expect((await main({})).statusCode).toBe(500);
  });

  it('can also be an answer that is none', async () => {
    const { main } = served((() => Promise.resolve(undefined)) as unknown as Handler);
    expect((await main({})).statusCode).toBe(500);
  });
});

describe('main', () => {
  it('never throws and never rejects, whatever it is called with and whatever the handler does', async () => {
    const handlers: readonly Handler[] = [
      async (call) => ({ status: 200, body: call.path }),
      (call) => Promise.reject(new Error(call.path)),
      async (call) => ({ problem: { code: 'not-found', detail: call.rawQuery } }),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.anything(),
        fc.anything({ withNullPrototype: true }),
        fc.nat(3),
        async (params, error, which) => {
          const { main } = served(handlers[which] ?? failingWith(error));
          const answer = await main(params);
          expect(answer.statusCode).toBeGreaterThanOrEqual(200);
          expect(answer.headers['content-type']).toMatch(/^application\/(problem\+)?json$/);
        },
      ),
    );
  });

  it('leaves one line of what was called and how it ended, without headers and body', async () => {
    const { main, lines } = served(async () => ({ status: 204, body: '' }));
    await main({
      __ce_method: 'GET',
      __ce_path: '/x',
      __ce_headers: { Authorization: 'Bearer hunter2' },
      __ce_body: 'aHVudGVyMg==',
    });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'debug',
      method: 'GET',
      path: '/x',
      status: 204,
      durationMs: 0,
    });
    expect(lines[0]).not.toMatch(/hunter2|aHVudGVyMg/);
  });
});
