import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';
import type { Reply } from './send-request.ts';

const ADMIN = 'admin-token-00000001';
const PAGE = 'https://actuator.example';
const PREFLIGHT = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,content-type',
};
const corsOf = ({ headers }: Reply): readonly string[] =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

let observer: Observer;
beforeAll(async () => {
  // What the host does not look at, as on a platform: there tokens are the functions' business alone.
  observer = await startObserver({
    env: { ALLOW_ANONYMOUS: '1' },
    functionEnv: { ADMIN_TOKENS: ADMIN, DASHBOARD_ORIGIN: PAGE },
  });
});
afterAll(() => observer.stop());

describe('with DASHBOARD_ORIGIN', () => {
  it('a browser is told without a token what the page of that origin may send', async () => {
    const reply = await observer.send('OPTIONS', '/register', { headers: { origin: PAGE, ...PREFLIGHT } });
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect(reply.headers).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': 'authorization, content-type, if-match, if-none-match',
    });
    expect(reply.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('that page reads answers and refusals, and still needs a token', async () => {
    const refused = await observer.send('GET', '/register', { headers: { origin: PAGE } });
    expect(refused).toMatchObject({ status: 401, headers: { 'access-control-allow-origin': PAGE } });
    const headers = { origin: PAGE, authorization: `Bearer ${ADMIN}` };
    expect(await observer.send('GET', '/register', { headers })).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': PAGE, vary: 'origin' },
    });
  });

  it.each([{ origin: 'https://evil.example' }, { origin: 'null' }, {}])(
    'pages of other origins, and who sends none, get no leave: %j',
    async (origin) => {
      const preflight = await observer.send('OPTIONS', '/register', { headers: { ...origin, ...PREFLIGHT } });
      expect([preflight.status, corsOf(preflight)]).toEqual([405, []]);
      const headers = { ...origin, authorization: `Bearer ${ADMIN}` };
      const reply = await observer.send('GET', '/register', { headers });
      expect([reply.status, corsOf(reply), reply.headers['vary']]).toEqual([200, [], 'origin']);
    },
  );

  it.each(['/admin/export', '/admin/flush', '/notify', '/actuator/overview'])(
    '%s is out of the reach of any page',
    async (path) => {
      const headers = { origin: PAGE, ...PREFLIGHT };
      expect(corsOf(await observer.send('OPTIONS', path, { headers }))).toEqual([]);
    },
  );
});

it.each(['*', 'http://actuator.example', 'https://actuator.example/dashboard'])(
  'DASHBOARD_ORIGIN may not be %s',
  async (origin) => {
    await expect(startObserver({ env: { DASHBOARD_ORIGIN: origin } })).rejects.toThrow(/DASHBOARD_ORIGIN/);
  },
);
