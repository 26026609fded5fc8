import { describe, expect, it } from 'vitest';
import { keysOf, loaded, problemsOf } from './configuration-test-support.ts';
import type { Environment } from './setting-reader.ts';

/** The web servers of each queue manager. */
function serversOf(env: Environment, document?: unknown): readonly (readonly string[])[] {
  return loaded(env, document).queueManagers.map(({ baseUrls }) => baseUrls);
}

const HOST = 'https://mq.example.com';

describe('the port', () => {
  it.each([
    [{ MQ_REST_HOST: HOST }, HOST],
    [{ MQ_REST_HOST: `${HOST}/`, MQ_REST_PORT: '9443' }, `${HOST}:9443`],
    [{ MQ_REST_HOST: `${HOST}:9443` }, `${HOST}:9443`],
    [{ MQ_REST_HOST: `${HOST}:9443`, MQ_REST_PORT: '09443' }, `${HOST}:9443`],
    [{ MQ_REST_HOST: 'http://[::1]', MQ_REST_PORT: '9080' }, 'http://[::1]:9080'],
  ])('is joined to the host: %j', (env, baseUrl) => {
    expect(loaded({ QMGR: 'A', ...env }).queueManagers[0]?.baseUrls).toEqual([baseUrl]);
  });

  it('of slot 0 does not disturb a host that names its own', () => {
    const env = {
      QMGR: 'A',
      MQ_REST_HOST: HOST,
      MQ_REST_PORT: '9443',
      QMGR1: 'B',
      MQ_REST_HOST1: 'https://b:9444',
    };
    expect(serversOf(env)[1]).toEqual(['https://b:9444']);
  });

  it("of the slot wins over the one in slot 0's host", () => {
    const env = { QMGR: 'A', MQ_REST_HOST: `${HOST}:9443`, QMGR1: 'B', MQ_REST_PORT1: '9444' };
    expect(serversOf(env)).toEqual([[`${HOST}:9443`], [`${HOST}:9444`]]);
  });

  it('may not contradict the host', () => {
    expect(problemsOf({ QMGR: 'A', MQ_REST_HOST: `${HOST}:9443`, MQ_REST_PORT: '9444' })).toEqual([
      {
        key: 'MQ_REST_PORT',
        message: 'is not the port 9443 that MQ_REST_HOST ends in; expected one of the two',
      },
    ]);
  });
});

describe('several servers', () => {
  it('are tried in the order given; scheme and port may be left out, and blanks be around', () => {
    const MQ_REST_HOSTS = ' mq1.example.com, http://mq2.example.com:9080/ ,,[::1]:9445';
    expect(serversOf({ QMGR: 'A', MQ_REST_HOSTS })).toEqual([
      ['https://mq1.example.com', 'http://mq2.example.com:9080', 'https://[::1]:9445'],
    ]);
  });

  it('take MQ_REST_PORT where they name none, and count once', () => {
    const env = { QMGR: 'A', MQ_REST_HOSTS: 'a,b:9444,https://a:9443,A', MQ_REST_PORT: '9443' };
    expect(serversOf(env)).toEqual([['https://a:9443', 'https://b:9444']]);
  });

  it('win over the one server of the same slot, with a remark', () => {
    const env = { QMGR: 'A', MQ_REST_HOST: HOST, MQ_REST_HOSTS: 'a,b', QMGR1: 'B' };
    expect(serversOf(env)).toEqual([
      ['https://a', 'https://b'],
      ['https://a', 'https://b'],
    ]);
    expect(loaded(env).warnings).toEqual([
      'MQ_REST_HOST: has no effect: MQ_REST_HOSTS is set for slot 0, too',
    ]);
  });

  it("of slot 0 give way to a slot's one server, and slot 0's one server to a slot's several", () => {
    const list = { QMGR: 'A', MQ_REST_HOSTS: 'a,b', QMGR1: 'B', MQ_REST_HOST1: HOST, QMGR2: 'C' };
    expect(serversOf(list)).toEqual([['https://a', 'https://b'], [HOST], ['https://a', 'https://b']]);
    const one = { QMGR: 'A', MQ_REST_HOST: HOST, QMGR1: 'B', MQ_REST_HOSTS1: 'a,b' };
    expect(serversOf(one)).toEqual([[HOST], ['https://a', 'https://b']]);
    expect([...loaded(list).warnings, ...loaded(one).warnings]).toEqual([]);
  });

  it("of slot 0 take a slot's own port; a slot's own servers take the port of slot 0 where they name none", () => {
    const list = { QMGR: 'A', MQ_REST_HOSTS: 'a:1,b', QMGR1: 'B', MQ_REST_PORT1: '2' };
    expect(serversOf(list)[1]).toEqual(['https://a:2', 'https://b:2']);
    const own = { QMGR: 'A', MQ_REST_HOST: HOST, MQ_REST_PORT: '3', QMGR1: 'B', MQ_REST_HOSTS1: 'a:1,b' };
    expect(serversOf(own)[1]).toEqual(['https://a:1', 'https://b:3']);
  });

  it('are enough for a slot, as one server is', () => {
    const configuration = loaded({ MQ_REST_HOSTS: 'a,b', ADMIN_USER: 'u', QMGR3: 'D' });
    expect(configuration.queueManagers).toMatchObject([{ qmgr: 'D', baseUrls: ['https://a', 'https://b'] }]);
    expect(configuration.warnings).toEqual([]);
    expect(keysOf({ MQ_REST_HOSTS1: 'a,b' })).toEqual(['MQ_ENDPOINTS[1].QMGR']);
  });

  it('may be a list or a text in env.json, and the port a number', () => {
    const list = ['a', null, ' ', 'https://<your mq server>', 'b:1'];
    const document = { MQ_ENDPOINTS: [{ QMGR: 'A', MQ_REST_HOSTS: list, MQ_REST_PORT: 9443 }] };
    expect(serversOf({}, document)).toEqual([['https://a:9443', 'https://b:1']]);
    expect(serversOf({ MQ_REST_HOSTS: 'c' }, document)).toEqual([['https://c:9443']]);
    const text = { MQ_ENDPOINTS: [{ QMGR: 'A', MQ_REST_HOSTS: 'a,b' }] };
    expect(serversOf({}, text)).toEqual([['https://a', 'https://b']]);
    expect(keysOf({}, { MQ_ENDPOINTS: [{ QMGR: 'A', MQ_REST_HOSTS: ['a', 7], MQ_REST_PORT: 1.5 }] })).toEqual(
      ['MQ_ENDPOINTS[0].MQ_REST_HOSTS[1]', 'MQ_ENDPOINTS[0].MQ_REST_PORT'],
    );
  });

  it.each([
    [
      'a,ftp://b',
      'entry 2 is "ftp://b"; expected a comma-separated list, each entry a server such as https://mq.example.com: http or https, host, an optional port, no path',
    ],
    [',', 'names 0 servers; expected a comma-separated list of 1 to 8 servers'],
    ['a,b,c,d,e,f,g,h,i', 'names 9 servers; expected a comma-separated list of 1 to 8 servers'],
  ])('%j are a problem', (MQ_REST_HOSTS, message) => {
    expect(problemsOf({ QMGR: 'A', MQ_REST_HOSTS })).toEqual([{ key: 'MQ_REST_HOSTS', message }]);
  });

  it('may be eight', () => {
    expect(serversOf({ QMGR: 'A', MQ_REST_HOSTS: 'a,b,c,d,e,f,g,h' })[0]).toHaveLength(8);
  });
});
