import { describe, expect, it } from 'vitest';
import { keepingLogger } from '../../../test/support/test-store.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { ProblemError } from '../problem.ts';
import type { CrossOrigin } from './cross-origin.ts';
import { serve, type Handler } from './serve.ts';

const ORIGIN = 'https://actuator.example';
const ASKS = { 'Access-Control-Request-Method': 'DELETE', 'Access-Control-Request-Headers': 'authorization' };
const allowed: CrossOrigin = { origin: ORIGIN, paths: /^\/register(\/|$)/, methods: ['GET', 'DELETE'] };
const clock = createVirtualClock();

const answer = (
  given: {
    readonly headers: Readonly<Record<string, string>>;
    readonly method?: string;
    readonly path?: string;
  },
  crossOrigin: CrossOrigin | null = allowed,
  handle: Handler = async () => ({ status: 200, body: 'handled', headers: { etag: '"1"' } }),
) => {
  const deps = { log: keepingLogger(clock).log, clock };
  const main = serve(handle, crossOrigin === null ? deps : { ...deps, crossOrigin });
  const { method = 'GET', path = '/register', headers } = given;
  return main({ __ce_method: method, __ce_path: path, __ce_headers: headers });
};
const corsOf = ({ headers }: { readonly headers: Readonly<Record<string, string>> }) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

describe('a page of the origin that is allowed', () => {
  it('may read the answer and its ETag', async () => {
    expect(await answer({ headers: { Origin: ORIGIN } })).toMatchObject({
      statusCode: 200,
      headers: {
        'access-control-allow-origin': ORIGIN,
        'access-control-expose-headers': 'etag, retry-after',
        etag: '"1"',
        vary: 'origin',
      },
    });
  });

  it('may read why it was refused', async () => {
    const refuse = async (): Promise<never> => {
      throw new ProblemError({ code: 'unauthenticated', detail: 'Send a valid token.' });
    };
    expect(await answer({ headers: { Origin: ORIGIN } }, allowed, refuse)).toMatchObject({
      statusCode: 401,
      headers: { 'access-control-allow-origin': ORIGIN },
    });
  });

  it('is told beforehand what it may send, without a token and without asking the handler', async () => {
    expect(await answer({ method: 'OPTIONS', headers: { Origin: ORIGIN, ...ASKS } })).toMatchObject({
      statusCode: 204,
      body: '',
      headers: {
        'access-control-allow-origin': ORIGIN,
        'access-control-allow-methods': 'GET, DELETE',
        'access-control-allow-headers': 'authorization, content-type, if-match, if-none-match',
      },
    });
  });

  it('gets nothing of the sort on other paths, nor by an OPTIONS that is no preflight', async () => {
    for (const path of ['/admin/export', '/registered', '/'])
      expect(corsOf(await answer({ method: 'OPTIONS', path, headers: { Origin: ORIGIN, ...ASKS } }))).toEqual(
        [],
      );
    expect(await answer({ method: 'OPTIONS', headers: { Origin: ORIGIN } })).toMatchObject({
      body: 'handled',
    });
  });
});

describe('everybody else', () => {
  it.each([
    [{}],
    [{ Origin: 'null' }],
    [{ Origin: 'https://evil.example' }],
    [{ Origin: `${ORIGIN}.evil.example` }],
    [{ Origin: `${ORIGIN}/` }],
    [{ Origin: ORIGIN.toUpperCase() }],
  ])('gets the answer without a word on origins: %j', async (headers) => {
    for (const more of [{ method: 'GET' }, { method: 'OPTIONS', ...ASKS }]) {
      const { method, ...asks } = more;
      const answered = await answer({ method, headers: { ...headers, ...asks } });
      expect([answered.body, corsOf(answered), answered.headers['vary']]).toEqual(['handled', [], 'origin']);
    }
  });

  it('gets it also where no other origin is allowed', async () => {
    const answered = await answer({ method: 'OPTIONS', headers: { Origin: ORIGIN, ...ASKS } }, null);
    expect([answered.body, corsOf(answered), answered.headers['vary']]).toEqual(['handled', [], undefined]);
  });
});
