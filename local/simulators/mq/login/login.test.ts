import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMqSimulator, type MqSimulator } from '../mq-simulator.ts';
import { askRest, display, messageIds, SIGNED_IN, type Answered } from '../testing/rest-caller.ts';

const LIST = '/v1/admin/qmgr/QM1/queue';
const RIGHT = { username: 'mqreader', password: 'mqreader' };
const NO_HEADERS = {};

let nowMs = 0;
let simulator: MqSimulator;
beforeEach(async () => {
  nowMs = 1_000;
  simulator = await startMqSimulator({
    clock: { nowMs: () => nowMs, sleep: () => Promise.resolve() },
    cookieLifetimeMs: 5_000,
    queueManagers: [
      { name: 'QM1', preload: false, queues: { 'A.1': 1, 'A.2': 2, B: 3 } },
      { name: 'FAR', gatewayOnly: true },
      { name: 'ENDED', state: 'ended' },
    ],
    users: [
      { name: 'mqreader', password: 'mqreader' },
      { name: 'app', password: 'app', role: 'MQWebUser', queues: ['A.*'] },
    ],
  });
});
afterEach(() => simulator.close());

const logIn = (body: unknown = RIGHT): Promise<Answered> =>
  askRest(simulator, '/v2/login', { method: 'POST', headers: NO_HEADERS, body });
const cookieOf = ({ headers }: Answered): string => (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const withCookie = (cookie: string, headers = NO_HEADERS): Promise<Answered> =>
  askRest(simulator, LIST, { headers: { ...headers, cookie } });
const names = ({ value }: Answered): readonly string[] =>
  (value as { queue: readonly { name: string }[] }).queue.map(({ name }) => name);

describe('a login', () => {
  it('gives a cookie with a suffix, which signs in', async () => {
    const login = await logIn();
    expect(login.status).toBe(204);
    expect(login.headers.get('set-cookie')).toMatch(
      /^LtpaToken2_\d+=[^;]+; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    );
    const cookie = cookieOf(login);
    expect((await withCookie(`other=1; ${cookie}`)).status).toBe(200);
    const who = await askRest(simulator, '/v3/login', { headers: { cookie } });
    expect(who.value).toEqual({ user: [{ name: 'mqreader', role: ['MQWebAdminRO'] }] });
  });

  it('ends by itself, by logging out, and with a restart, which gives the cookie another name', async () => {
    const expired = cookieOf(await logIn());
    nowMs += 5_000;
    expect(messageIds(await withCookie(expired))).toEqual(['MQWB0112E']);

    const ended = cookieOf(await logIn());
    const logOut = { method: 'DELETE', headers: { cookie: ended, 'ibm-mq-rest-csrf-token': '' } };
    expect((await askRest(simulator, '/v1/login', logOut)).status).toBe(204);
    expect((await withCookie(ended)).status).toBe(401);

    const renamed = cookieOf(await logIn());
    simulator.addFault({ fault: 'cookieRename', calls: 1 });
    expect(messageIds(await withCookie(renamed))).toEqual(['MQWB0112E']);
    const again = cookieOf(await logIn());
    expect(again.split('=')[0]).not.toBe(renamed.split('=')[0]);
    expect((await withCookie(again)).status).toBe(200);
  });

  it('is refused with a wrong password or body', async () => {
    const wrong = await logIn({ ...RIGHT, password: 'x' });
    expect([wrong.status, messageIds(wrong)]).toEqual([401, ['MQWB0104E']]);
    expect((await logIn({ username: 'mqreader' })).status).toBe(400);
  });

  it('that expired wins over a right password, or not', async () => {
    expect(messageIds(await withCookie('LtpaToken2_1=x', SIGNED_IN))).toEqual(['MQWB0112E']);
    simulator.setSwitches({ expiredCookieWithBasic: 'takesBasic' });
    expect((await withCookie('LtpaToken2_1=x', SIGNED_IN)).status).toBe(200);
  });

  it('ends when told, and passwords change', async () => {
    const cookie = cookieOf(await logIn());
    simulator.addFault({ fault: 'cookieExpire', calls: 1 });
    expect((await withCookie(cookie)).status).toBe(401);
    simulator.addFault({ fault: 'rotatePassword:new', calls: 1 });
    expect(messageIds(await askRest(simulator, LIST))).toEqual(['MQWB0105E']);
    expect((await logIn({ ...RIGHT, password: 'new' })).status).toBe(204);
  });
});

describe('a command', () => {
  const qlocal = { qualifier: 'qlocal', responseParameters: ['curdepth'] };

  it('needs the CSRF header, of any value', async () => {
    const without = await display(simulator, 'QM1', qlocal, { headers: SIGNED_IN });
    expect([without.status, messageIds(without)]).toEqual([403, ['MQWB0100E']]);
    const blank = await display(simulator, 'QM1', qlocal, {
      headers: { ...SIGNED_IN, 'ibm-mq-rest-csrf-token': '' },
    });
    expect(blank.status).toBe(200);
    simulator.setSwitches({ csrfRequired: 'no' });
    expect((await display(simulator, 'QM1', qlocal, { headers: SIGNED_IN })).status).toBe(200);
  });

  it('of nobody is 401 before it is 403', async () => {
    const answered = await display(simulator, 'QM1', qlocal, { headers: NO_HEADERS });
    expect(messageIds(answered)).toEqual(['MQWB0104E']);
  });

  it('that changes something needs another role', async () => {
    const answered = await display(simulator, 'QM1', { ...qlocal, command: 'clear', name: 'B' });
    expect([answered.status, messageIds(answered)]).toEqual([403, ['MQWB0108E']]);
  });
});

describe('a user with the role MQWebUser', () => {
  const headers = { authorization: `Basic ${btoa('app:app')}`, 'ibm-mq-rest-csrf-token': 'x' };

  it('sees what was granted', async () => {
    expect(names(await askRest(simulator, LIST, { headers }))).toEqual(['A.1', 'A.2']);
    expect(messageIds(await askRest(simulator, `${LIST}/B`, { headers }))).toEqual(['MQWB0103E']);
    const all = await display(simulator, 'QM1', { qualifier: 'qlocal', name: '*' }, { headers });
    expect(all.value).toMatchObject({ commandResponse: [{}, {}], overallReasonCode: 0 });
    const one = await display(simulator, 'QM1', { qualifier: 'qlocal', name: 'B' }, { headers });
    expect(one.value).toMatchObject({ commandResponse: [{ reasonCode: 2035 }] });
  });

  it('is refused the list, where the switch says so', async () => {
    simulator.setSwitches({ mqWebUserList: 'fails' });
    expect(messageIds(await askRest(simulator, LIST, { headers }))).toEqual(['MQWB0103E']);
  });
});

describe('a gateway', () => {
  const through = (gateway: string, qmgr: string): Promise<Answered> =>
    askRest(simulator, `/v1/admin/qmgr/${qmgr}/queue`, {
      headers: { ...SIGNED_IN, 'ibm-mq-rest-gateway-qmgr': gateway },
    });

  it('is named in the answer, and is the only way to some', async () => {
    expect((await askRest(simulator, '/v1/admin/qmgr/FAR/queue')).status).toBe(404);
    const answered = await through('QM1', 'FAR');
    expect(answered.status).toBe(200);
    expect(answered.headers.get('ibm-mq-rest-gateway-qmgr')).toBe('QM1');
  });

  it('has to exist and to run', async () => {
    expect((await through('NONE', 'FAR')).status).toBe(404);
    expect((await through('ENDED', 'FAR')).status).toBe(503);
  });
});
