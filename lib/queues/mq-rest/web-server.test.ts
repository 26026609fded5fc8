import { describe, expect, it } from 'vitest';
import type { OutgoingRequest } from '../../platform/http-client.ts';
import { secret } from '../../platform/secret.ts';
import { settings, depthsOver, messageOf, codeOf, ONE_QUEUE, type Reply } from './mq-rest-test-support.ts';

describe('a login by token', () => {
  const ltpa = [
    settings('QM1', { login: { kind: 'ltpa', user: 'observer', password: secret('pa:ss wörd') } }),
  ];
  const cookie = (value: string): Reply => ({
    status: 204,
    headers: { 'set-cookie': `other=1; Path=/, LtpaToken2_x7=${value}; Path=/; Secure; HttpOnly` },
  });
  const EXPIRED = { status: 401, value: { error: [{ msgId: 'MQWB0112E' }] } };
  const cookiesOf = (requests: readonly OutgoingRequest[]): unknown[] =>
    requests.map(({ headers }) => headers['cookie']);

  it('is kept, and renewed once when it has run out', async () => {
    const replies = [cookie('one='), { value: ONE_QUEUE }, EXPIRED, cookie('two'), { value: ONE_QUEUE }];
    const { read, requests } = depthsOver(replies, ltpa);
    expect(codeOf(await read())).toBe('read');
    expect(codeOf(await read())).toBe('read');
    expect(cookiesOf(requests)).toEqual([
      undefined,
      'LtpaToken2_x7=one=',
      'LtpaToken2_x7=one=',
      undefined,
      'LtpaToken2_x7=two',
    ]);
    expect(requests[0]).toMatchObject({
      ...{ method: 'POST', url: 'https://mq.example:9443/ibmmq/rest/v1/login' },
      body: JSON.stringify({ username: 'observer', password: 'pa:ss wörd' }),
    });
    expect(requests.some(({ headers }) => 'authorization' in headers)).toBe(false);
  });

  it.each([
    { status: 302, headers: { location: '/login.html' } },
    { status: 403, value: { error: [{ msgId: 'MQWB0112E' }] } },
    { status: 200, headers: { 'content-type': 'text/html' } },
  ])('has run out, too, when a page asks for one or it is not taken: %j', async (over) => {
    const replies = [cookie('one'), { value: ONE_QUEUE }, over, cookie('two'), { value: ONE_QUEUE }];
    const { read, requests } = depthsOver(replies, ltpa);
    await read();
    expect(codeOf(await read())).toBe('read');
    expect(cookiesOf(requests).slice(2)).toEqual(['LtpaToken2_x7=one', undefined, 'LtpaToken2_x7=two']);
  });

  it('is renewed once and not more, and not at all for a role that is missing', async () => {
    const page = { status: 302 };
    const over = depthsOver([cookie('one'), { value: ONE_QUEUE }, page, cookie('two'), page], ltpa);
    await over.read();
    expect(codeOf(await over.read())).toBe('rejected');
    expect(over.requests).toHaveLength(5);
    const noRole = { status: 403, value: { error: [{ msgId: 'MQWB0108E' }] } };
    const kept = depthsOver([cookie('one'), { value: ONE_QUEUE }, noRole], ltpa);
    await kept.read();
    expect(codeOf(await kept.read())).toBe('rejected');
    expect(kept.requests).toHaveLength(3);
  });

  it('with a wrong password ends with the one try', async () => {
    const { read, requests } = depthsOver([{ status: 401 }], ltpa);
    const reading = await read();
    expect(codeOf(reading)).toBe('rejected');
    expect(messageOf(reading)).toContain('ADMIN_PASSWORD');
    expect(requests).toHaveLength(1);
  });

  it('that is refused as soon as it was given is not asked for again', async () => {
    const { read, requests } = depthsOver([cookie('one'), EXPIRED], ltpa);
    expect(codeOf(await read())).toBe('rejected');
    expect(requests).toHaveLength(2);
  });

  it('without a cookie is no login', async () => {
    const { read } = depthsOver([{ status: 204 }], ltpa);
    expect(messageOf(await read())).toContain('without an LTPA cookie');
  });
});
