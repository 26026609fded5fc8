import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';
import { sendTo } from './send-request.ts';

const REGISTER = 'register-token-0001';
const REGISTER_NEXT = 'register-token-0002';
const ADMIN = 'admin-token-00000001';
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

let observer: Observer;
let registration: Record<string, string>;

beforeAll(async () => {
  observer = await startObserver({
    env: { REGISTER_TOKENS: `${REGISTER}, ${REGISTER_NEXT}`, ADMIN_TOKENS: ADMIN },
  });
  registration = { id: 'X', qmgr: 'QM1', queue: 'DEV.QUEUE.1', notify: observer.target().url };
});
afterAll(() => observer.stop());

/** Every way in, with what each is for. */
const DOORS = [
  ['GET', '/register', 'register'],
  ['POST', '/register', 'register'],
  ['GET', '/register/X', 'register'],
  ['DELETE', '/register/X', 'register'],
  ['DELETE', '/register', 'register'],
  ['GET', '/admin/export', 'admin'],
  ['POST', '/admin/import', 'admin'],
  ['DELETE', '/admin/flush', 'admin'],
  ['POST', '/functions/notify-cycle', 'admin'],
  ['POST', '/functions/restore-cycle', 'admin'],
  ['POST', '/functions/persist', 'admin'],
] as const;

describe('with tokens', () => {
  it.each(DOORS)('%s %s is closed to callers without one, or with a wrong one', async (method, path) => {
    const wrong: readonly Record<string, string>[] = [
      {},
      bearer('wrong-token-00000000'),
      bearer(''),
      bearer(REGISTER.toUpperCase()),
      bearer(`${REGISTER}x`),
      { authorization: REGISTER },
      { authorization: `Basic ${REGISTER}` },
    ];
    for (const headers of wrong) {
      const reply = await observer.send(method, path, { headers });
      expect(reply.status).toBe(401);
      expect(reply.headers['www-authenticate']).toMatch(/^Bearer\b/);
      expect(reply.json).toMatchObject({ type: 'urn:mq-observer:problem:unauthenticated', status: 401 });
    }
  });

  it.each(DOORS.filter(([, , scope]) => scope === 'admin'))(
    '%s %s is closed to a token that may only register',
    async (method, path) => {
      const reply = await observer.send(method, path, { headers: bearer(REGISTER) });
      expect(reply.status).toBe(403);
      expect(reply.json).toMatchObject({ type: 'urn:mq-observer:problem:forbidden', status: 403 });
    },
  );

  it.each([
    ['a register token', REGISTER],
    ['the other one, as while tokens are changed', REGISTER_NEXT],
    ['an admin token', ADMIN],
  ])('%s registers, reads and unregisters', async (_name, token) => {
    const headers = bearer(token);
    const send = (method: string, path: string, json?: unknown) =>
      observer.send(method, path, { headers, json });
    expect((await send('POST', '/register', registration)).status).toBe(200);
    expect((await send('GET', '/register')).json['mq_requests']).toMatchObject([registration]);
    expect((await send('GET', '/register/X')).status).toBe(200);
    expect((await send('DELETE', '/register/X')).status).toBe(200);
  });

  it('an admin token exports, imports, flushes and runs cycles', async () => {
    const headers = bearer(ADMIN);
    const document = { mq_requests: [registration] };
    expect((await observer.send('POST', '/admin/import', { headers, json: document })).status).toBe(200);
    expect((await observer.send('GET', '/admin/export', { headers })).json['mq_requests']).toMatchObject([
      registration,
    ]);
    for (const cycle of ['notify-cycle', 'restore-cycle', 'persist'])
      expect((await observer.send('POST', `/functions/${cycle}`, { headers })).status).toBe(200);
    expect((await observer.send('DELETE', '/admin/flush', { headers })).status).toBe(200);
  });

  it('nobody needs one for /notify, nor to learn that nothing is there', async () => {
    expect((await observer.send('POST', '/notify')).status).toBe(200);
    expect((await observer.send('GET', '/')).status).toBe(404);
  });

  it('no token ever shows, in an answer or in a log', async () => {
    const answers = await Promise.all(
      [bearer(REGISTER), bearer(ADMIN), bearer('wrong-token-00000000')].map((headers) =>
        observer.send('DELETE', '/admin/flush', { headers }),
      ),
    );
    const said = [
      ...answers.map(({ text, headers }) => text + JSON.stringify(headers)),
      ...observer.lines,
    ].join();
    for (const token of [REGISTER, REGISTER_NEXT, ADMIN, 'wrong-token-00000000'])
      expect(said).not.toContain(token);
    expect(observer.lines.join()).toContain('admin-token-1');
  });
});

describe('without tokens', () => {
  it('the local host serves whoever is on this machine, but no page of another site', async () => {
    const open = await startObserver();
    try {
      expect((await open.send('GET', '/register')).status).toBe(200);
      expect((await open.send('DELETE', '/admin/flush')).status).toBe(200);
      for (const headers of [{ origin: 'https://evil.example' }, { host: 'evil.example' }])
        expect((await sendTo(open.url, 'DELETE', '/admin/flush', { headers })).status).toBe(403);
    } finally {
      await open.stop();
    }
  });

  it('it does not start on an address that others reach', async () => {
    await expect(startObserver({ env: { HOST: '0.0.0.0' } })).rejects.toThrow(/HOST.*REGISTER_TOKENS/);
  });

  it('a function where no host has opened it lets nobody in, and says what to set', async () => {
    const deployed = await startObserver({ functionEnv: { ALLOW_ANONYMOUS: '' } });
    try {
      for (const [method, path] of [
        ['GET', '/register'],
        ['DELETE', '/admin/flush'],
      ] as const) {
        const reply = await deployed.send(method, path, { headers: bearer(ADMIN) });
        expect(reply.status).toBe(403);
        expect(reply.json['detail']).toMatch(/REGISTER_TOKENS.*ADMIN_TOKENS.*ALLOW_ANONYMOUS=1/);
      }
    } finally {
      await deployed.stop();
    }
  });
});
