import { describe, expect, it } from 'vitest';
import { keysOf, loaded, problemsOf } from './configuration-test-support.ts';
import type { Environment } from './setting-reader.ts';

/** The queue managers as `name@url user:password`. */
function slots(env: Environment, document?: unknown): readonly string[] {
  return loaded(env, document).queueManagers.map(({ qmgr, baseUrls, login }) => {
    const signsIn = login.kind === 'basic' ? `${login.user}:${login.password.reveal()}` : login.kind;
    return `${qmgr}@${baseUrls.join()} ${signsIn}`;
  });
}

const HOST = 'https://mq.example.com';

describe('the order of sources', () => {
  const file = {
    MQ_ENDPOINTS: [
      {
        QMGR: 'F0',
        MQ_REST_HOST: 'https://f0',
        MQ_REST_PORT: '9440',
        ADMIN_USER: 'fu',
        ADMIN_PASSWORD: 'fp',
      },
      { QMGR: 'F1', MQ_REST_HOST: 'https://f1' },
    ],
  };

  it('is the file, then names without a suffix for slot 0, then names with a suffix', () => {
    expect(slots({}, file)).toEqual(['F0@https://f0:9440 fu:fp', 'F1@https://f1:9440 fu:fp']);
    expect(slots({ QMGR: 'E', ADMIN_USER: 'eu' }, file)).toEqual([
      'E@https://f0:9440 eu:fp',
      'F1@https://f1:9440 eu:fp',
    ]);
    expect(
      slots({ QMGR: 'E', QMGR0: 'E0', MQ_REST_PORT: '1', MQ_REST_PORT0: '2', QMGR1: 'E1' }, file),
    ).toEqual(['E0@https://f0:2 fu:fp', 'E1@https://f1:2 fu:fp']);
  });

  it('takes an empty variable for none', () => {
    expect(slots({ QMGR: '', QMGR0: ' ', MQ_REST_HOST1: '' }, file)).toEqual(slots({}, file));
  });

  it('fills blanks from slot 0 as it is after overriding, key by key', () => {
    const env = {
      QMGR: 'A',
      MQ_REST_HOST: HOST,
      MQ_REST_PORT0: '9443',
      ADMIN_USER: 'u',
      ADMIN_PASSWORD: 'p',
    };
    expect(slots({ ...env, QMGR1: 'B', QMGR2: 'C', ADMIN_USER2: 'u2' })).toEqual([
      `A@${HOST}:9443 u:p`,
      `B@${HOST}:9443 u:p`,
      `C@${HOST}:9443 u2:p`,
    ]);
  });
});

describe('slots', () => {
  it('keep to themselves: slot 5 has its own host although slot 0 was overridden', () => {
    const document = {
      MQ_ENDPOINTS: [0, 1, 2, 3, 4, 5].map((index) => ({
        QMGR: `F${index}`,
        MQ_REST_HOST: `https://f${index}`,
        MQ_REST_PORT: `944${index}`,
      })),
    };
    expect(slots({ QMGR5: 'E5' }, document)[5]).toBe('E5@https://f5:9445 :');
    const overridden = { MQ_REST_HOST0: 'https://e0', MQ_REST_PORT0: '9999', ADMIN_USER1: 'u1', QMGR5: 'E5' };
    const result = slots(overridden, document);
    expect(result[0]).toBe('F0@https://e0:9999 :');
    expect(result[1]).toBe('F1@https://f1:9441 u1:');
    expect(result[2]).toBe('F2@https://f2:9442 :');
    expect(result[5]).toBe('E5@https://f5:9445 :');
  });

  it('may come from the environment alone, with gaps', () => {
    expect(slots({ QMGR2: 'B', MQ_REST_HOST2: HOST, QMGR19: 'S', MQ_REST_HOST19: 'http://s:9080' })).toEqual([
      `B@${HOST} :`,
      'S@http://s:9080 :',
    ]);
    expect(slots({ QMGR: 'A', MQ_REST_HOST: HOST }, { MQ_ENDPOINTS: [] })).toEqual([`A@${HOST} :`]);
    expect(slots({ QMGR: 'A', MQ_REST_HOST: HOST }, {})).toEqual([`A@${HOST} :`]);
  });

  it('are 20 in the environment; those beyond are remarked on', () => {
    const configuration = loaded({ QMGR0: 'A', MQ_REST_HOST: HOST, QMGR20: 'B' });
    expect(configuration.queueManagers).toHaveLength(1);
    expect(configuration.warnings).toEqual([
      'QMGR20: has no effect: slots are numbered 0 to 19; env.json may list more',
    ]);
  });

  it('may be more in the file, and all of those can be overridden', () => {
    const document = {
      MQ_ENDPOINTS: Array.from({ length: 25 }, (_, index) => ({ QMGR: `F${index}`, MQ_REST_HOST: HOST })),
    };
    const result = slots({ QMGR24: 'E24', QMGR25: 'E25' }, document);
    expect(result).toHaveLength(25);
    expect(result[24]).toBe(`E24@${HOST} :`);
  });

  it('are none when nothing or only blanks are given', () => {
    expect(slots({})).toEqual([]);
    expect(slots({}, { MQ_ENDPOINTS: [{}, { QMGR: ' ', MQ_REST_HOST: '' }, null] })).toEqual([]);
  });

  it('need a name or a host of their own: a user alone is no queue manager', () => {
    const configuration = loaded({ QMGR: 'A', MQ_REST_HOST: HOST, ADMIN_USER4: 'u4' });
    expect(configuration.queueManagers).toHaveLength(1);
    expect(configuration.warnings).toEqual([
      'ADMIN_USER4: has no effect: slot 4 has neither QMGR nor MQ_REST_HOST',
    ]);
  });

  it('may use slot 0 only to share a host and a user', () => {
    const configuration = loaded({
      MQ_REST_HOST: HOST,
      ADMIN_USER: 'u',
      ADMIN_PASSWORD: 'p',
      QMGR1: 'B',
      QMGR2: 'C',
    });
    expect(configuration.queueManagers).toMatchObject([
      { qmgr: 'B', login: { user: 'u' } },
      { qmgr: 'C', login: { user: 'u' } },
    ]);
    expect(configuration.warnings).toEqual([]);
  });

  it('count once a name: the first one wins, the other is remarked on', () => {
    const configuration = loaded(
      { QMGR0: 'A', MQ_REST_HOST0: HOST, MQ_REST_HOST7: 'https://other' },
      { MQ_ENDPOINTS: [{}, { QMGR: 'A', MQ_REST_HOST: 'https://again' }, { QMGR: 'a' }] },
    );
    expect(configuration.queueManagers.map(({ qmgr, baseUrls }) => [qmgr, ...baseUrls])).toEqual([
      ['A', HOST],
      ['a', HOST],
    ]);
    expect(configuration.warnings).toEqual([
      'MQ_ENDPOINTS[1].QMGR: names "A" as slot 0 does; slot 1 is not used',
      'MQ_ENDPOINTS[7].QMGR: names "A" as slot 0 does; slot 7 is not used',
    ]);
  });

  it('may have an entry of API and GATEWAY_QMGR each, in any case and as in MQ', () => {
    const env = { QMGR: 'A', MQ_REST_HOST: HOST, QMGR1: 'B', QMGR2: 'C', GATEWAY_QMGR1: 'Gw.1', API2: 'v1' };
    const waysOf = (given: Environment, document?: unknown) =>
      loaded(given, document).queueManagers.map(({ api, gateway }) => [api, gateway]);
    expect(waysOf(env)).toEqual([
      ['auto', undefined],
      ['auto', 'Gw.1'],
      ['v1', undefined],
    ]);
    expect(waysOf({ ...env, API: 'MQSC', GATEWAY_QMGR: 'G' })).toEqual([
      ['mqsc', 'G'],
      ['mqsc', 'Gw.1'],
      ['v1', 'G'],
    ]);
    expect(waysOf(env, { MQ_ENDPOINTS: [{}, { api: 'V1', gateway_qmgr: 'F' }] })[1]).toEqual(['v1', 'Gw.1']);
    expect(keysOf({ ...env, API1: 'v2', GATEWAY_QMGR2: 'no name' })).toEqual(['API1', 'GATEWAY_QMGR2']);
  });
});

describe('ALLOW_SELF_SIGNED', () => {
  const env = { QMGR: 'A', MQ_REST_HOST: HOST, QMGR1: 'B' };
  const allowedBy = (given: Environment, document?: unknown): readonly boolean[] =>
    loaded({ ...env, ...given }, document).queueManagers.map(({ trust }) => trust.allowSelfSigned);

  it('holds for all slots', () => {
    expect(allowedBy({})).toEqual([false, false]);
    expect(allowedBy({ ALLOW_SELF_SIGNED: '1' })).toEqual([true, true]);
    expect(allowedBy({ ALLOW_SELF_SIGNED: 'false' })).toEqual([false, false]);
  });

  it("gives way to a slot's own, in both directions", () => {
    expect(allowedBy({ ALLOW_SELF_SIGNED: '1', ALLOW_SELF_SIGNED1: 'no' })).toEqual([true, false]);
    expect(allowedBy({ ALLOW_SELF_SIGNED: '0', ALLOW_SELF_SIGNED1: '1' })).toEqual([false, true]);
    const document = { MQ_ENDPOINTS: [{ ALLOW_SELF_SIGNED: false }, { ALLOW_SELF_SIGNED: true }] };
    expect(allowedBy({ ALLOW_SELF_SIGNED: '1' }, document)).toEqual([false, true]);
    expect(loaded({ ...env, ALLOW_SELF_SIGNED0: '1' }).delivery.allowSelfSigned).toBe(false);
  });

  it('of slot 0 is taken over like its other keys', () => {
    expect(allowedBy({ ALLOW_SELF_SIGNED0: '1' })).toEqual([true, true]);
    expect(allowedBy({ ALLOW_SELF_SIGNED0: '1', ALLOW_SELF_SIGNED1: '0' })).toEqual([true, false]);
  });
});

describe('mistakes', () => {
  const env = { QMGR: 'A', MQ_REST_HOST: HOST };

  it.each(['QM-1', 'QM 1', 'QM1!', 'ä', 'Q'.repeat(49)])('QMGR=%j is a problem', (QMGR) => {
    expect(keysOf({ ...env, QMGR })).toEqual(['QMGR']);
  });

  it.each(['Q', 'Q'.repeat(48), 'a.b/c_d%1'])('QMGR=%j is a name', (QMGR) => {
    expect(loaded({ ...env, QMGR }).queueManagers[0]?.qmgr).toBe(QMGR);
  });

  it('say that the scheme is missing', () => {
    expect(problemsOf({ ...env, MQ_REST_HOST: 'mq.example.com' })).toEqual([
      {
        key: 'MQ_REST_HOST',
        message: 'is "mq.example.com", without a scheme; expected http:// or https:// before the host',
      },
    ]);
  });

  it.each(['0', '65536', '-1', '9443a', '94 43', '1e3'])('MQ_REST_PORT=%j is a problem', (MQ_REST_PORT) => {
    expect(keysOf({ ...env, MQ_REST_PORT })).toEqual(['MQ_REST_PORT']);
  });

  it('are reported under the key that was given, once, however many slots take it over', () => {
    expect(keysOf({ ...env, MQ_REST_HOST: 'x', QMGR1: 'B', QMGR2: 'C', ADMIN_USER2: 'a:b' })).toEqual([
      'MQ_REST_HOST',
      'ADMIN_USER2',
    ]);
    expect(keysOf({}, { MQ_ENDPOINTS: [{}, { QMGR: 'A', MQ_REST_HOST: 'ftp://x' }] })).toEqual([
      'MQ_ENDPOINTS[1].MQ_REST_HOST',
    ]);
  });

  it('include a slot that has a name and no host anywhere, or a host and no name', () => {
    expect(problemsOf({ QMGR3: 'A' })).toEqual([
      {
        key: 'MQ_ENDPOINTS[3].MQ_REST_HOST',
        message:
          'is not set; expected, here or in the environment variable MQ_REST_HOST3, because other keys of this slot are set',
      },
    ]);
    expect(keysOf({ MQ_REST_HOST: HOST })).toEqual(['MQ_ENDPOINTS[0].QMGR']);
  });

  it('include what HTTP basic authentication cannot carry', () => {
    expect(keysOf({ ...env, ADMIN_USER: 'a:b', ADMIN_PASSWORD: 'line\n' })).toEqual([
      'ADMIN_USER',
      'ADMIN_PASSWORD',
    ]);
  });

  it('do not include blanks around a password: they may belong to it', () => {
    expect(slots({ ...env, ADMIN_USER: ' me ', ADMIN_PASSWORD: ' p w ' })).toEqual([`A@${HOST} me: p w `]);
  });
});

describe('what slot 0 lends to a slot with a server of its own', () => {
  it('is not what only its own server is like; and a password lent to another user is remarked on', () => {
    const configuration = loaded({
      ...{ QMGR0: 'A', MQ_REST_HOST0: 'https://a.example', ADMIN_USER0: 'alice', ADMIN_PASSWORD0: 'x' },
      ...{ ALLOW_SELF_SIGNED0: 'true', GATEWAY_QMGR0: 'GW' },
      ...{ QMGR1: 'B', MQ_REST_HOST1: 'https://b.example', ADMIN_USER1: 'bob' },
      QMGR2: 'C',
    });
    expect(configuration.queueManagers.map(({ gateway, trust }) => [gateway, trust.allowSelfSigned])).toEqual(
      [
        ['GW', true],
        [undefined, false],
        ['GW', true],
      ],
    );
    expect(configuration.warnings.join()).toContain(
      "ADMIN_USER1: has no ADMIN_PASSWORD beside it: slot 0's is used",
    );
  });
});
