import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMqSimulator, type MqSimulator } from '../mq-simulator.ts';
import { askRest, messageIds, type Answered, type Asked } from '../testing/rest-caller.ts';

const APP = { authorization: `Basic ${btoa('app:app')}` };
const CSRF = { 'ibm-mq-rest-csrf-token': '' };

let simulator: MqSimulator;
beforeEach(async () => {
  simulator = await startMqSimulator({
    queueManagers: [
      {
        name: 'QM1',
        preload: false,
        queues: {
          ORDERS: 0,
          FULL: { maximumDepth: 0 },
          STOPPED: { depth: 2, inhibitGet: true, inhibitPut: true },
          ALIAS: { type: 'alias', targetName: 'ORDERS' },
          REMOTE: { type: 'remote', remoteQueue: 'X', remoteQueueManager: 'Y' },
          SECRET: 1,
        },
      },
      { name: 'OLD', versionLevel: '9.1.0' },
    ],
    users: [
      { name: 'mqreader', password: 'mqreader' },
      {
        name: 'app',
        password: 'app',
        role: 'MQWebUser',
        queues: ['ORDERS', 'FULL', 'STOPPED', 'ALIAS', 'REMOTE'],
      },
    ],
  });
});
afterEach(() => simulator.close());

const ask = (target: string, asked: Asked = {}, version = 2): Promise<Answered> =>
  askRest(simulator, `/v${version}/messaging/qmgr/QM1/queue/${target}`, {
    headers: { ...APP, ...CSRF },
    ...asked,
  });
const message = (queue = 'ORDERS', query = ''): string => `${queue}/message${query}`;
const put = (body: unknown, queue = 'ORDERS'): Promise<Answered> =>
  ask(message(queue), {
    method: 'POST',
    headers: { ...APP, ...CSRF, 'content-type': 'application/json' },
    body,
  });
const idOf = ({ headers }: Answered): string => headers.get('ibm-mq-md-messageid') ?? '';
const get = (query = '', queue = 'ORDERS'): Promise<Answered> =>
  ask(message(queue, query), { method: 'DELETE' });
const reportedDepth = async (queue: string): Promise<unknown> => {
  const target = `/v1/admin/qmgr/QM1/queue/${queue}?status=status.currentDepth`;
  return (await askRest(simulator, target)).value;
};
const depthIs = (currentDepth: number): object => ({ queue: [{ status: { currentDepth } }] });
const reasonOf = ({ value }: Answered): unknown =>
  (value as { error: readonly { reasonCode: number }[] }).error[0]?.reasonCode;

describe('a message', () => {
  it('is put, browsed and got, and the depth follows', async () => {
    const [first, second] = [await put('one'), await put('two')];
    expect([first.status, first.text]).toEqual([201, '']);
    expect(idOf(first)).toMatch(/^[0-9a-f]{48}$/);
    expect(await reportedDepth('ORDERS')).toMatchObject(depthIs(2));

    const browsed = await ask(message());
    expect([browsed.status, browsed.text, idOf(browsed)]).toEqual([200, '"one"', idOf(first)]);
    expect(browsed.headers.get('content-type')).toBe('text/plain;charset=utf-8');
    expect(await reportedDepth('ORDERS')).toMatchObject(depthIs(2));

    const got = await get();
    expect([got.text, idOf(got)]).toEqual(['"one"', idOf(first)]);
    expect(await reportedDepth('ORDERS')).toMatchObject(depthIs(1));
    expect(idOf(await get())).toBe(idOf(second));
    expect((await get()).status).toBe(204);
    expect((await ask(message())).status).toBe(204);
  });

  it('is found by its id or correlation id', async () => {
    await put('one');
    const wanted = await put('two');
    const byId = `?messageId=${idOf(wanted).toUpperCase()}`;
    expect((await ask(message('ORDERS', byId))).text).toBe('"two"');
    expect((await get(byId)).text).toBe('"two"');
    expect((await get(byId)).status).toBe(204);

    const correlation = 'ab'.repeat(24);
    const headers = { ...APP, ...CSRF, 'content-type': 'text/plain', 'ibm-mq-md-correlationId': correlation };
    await ask(message(), { method: 'POST', headers, body: 'three' });
    const third = await get(`?correlationId=${correlation}`);
    expect([third.text, third.headers.get('ibm-mq-md-correlationid')]).toEqual(['"three"', correlation]);
  });

  it('has an id with a prefix in the third version', async () => {
    await put('one');
    const id = idOf(await ask(message(), {}, 3));
    expect(id).toMatch(/^ID:[0-9a-f]{48}$/);
    expect((await ask(message('ORDERS', `?messageId=${id}`), {}, 3)).text).toBe('"one"');
    expect((await ask(message('ORDERS', `?messageId=${id}`), {}, 2)).status).toBe(400);
  });

  it('that is no text stays, and is listed', async () => {
    const id = simulator.putMessage('QM1', 'ORDERS', { text: 'bytes', format: 'MQDEAD' });
    const refused = await get();
    expect([refused.status, messageIds(refused)]).toEqual([501, ['MQWB0309E']]);
    const { value } = await ask('ORDERS/messagelist');
    expect(value).toEqual({ messages: [{ format: 'MQDEAD', messageId: id }] });
  });

  it('goes through an alias', async () => {
    await put('one', 'ALIAS');
    expect(simulator.depth('QM1', 'ORDERS')).toBe(1);
    expect((await get('', 'ALIAS')).text).toBe('"one"');
  });

  it('is waited for, and is there for one of those who wait', async () => {
    const waiting = [get('?wait=5000'), get('?wait=200')];
    await expect.poll(() => simulator.journal('QM1').length).toBe(2);
    await put('late');
    const statuses = (await Promise.all(waiting)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 204]);
  });

  it('is not taken away for a caller who has left', async () => {
    const leaving = new AbortController();
    const url = `${simulator.restBaseUrl}/ibmmq/rest/v2/messaging/qmgr/QM1/queue/ORDERS/message?wait=60000`;
    const left = fetch(url, { method: 'DELETE', headers: { ...APP, ...CSRF }, signal: leaving.signal });
    await expect.poll(() => simulator.journal('QM1').length).toBe(1);
    leaving.abort();
    await expect(left).rejects.toThrow('aborted');
    await put('late');
    expect((await get('?wait=100')).text).toBe('"late"');
  });
});

describe('the list of messages', () => {
  it('has ten unless told otherwise, oldest first, with those that were put by hand', async () => {
    const { value: none } = await ask('ORDERS/messagelist');
    expect(none).toEqual({ messages: [] });
    const id = idOf(await put('one'));
    simulator.put('QM1', 'ORDERS', 11);
    const lengthOf = async (query: string): Promise<number> => {
      const { value } = await ask(`ORDERS/messagelist${query}`);
      const { messages } = value as { messages: readonly { messageId: string }[] };
      expect(messages[0]?.messageId).toBe(id);
      return messages.length;
    };
    expect(await lengthOf('')).toBe(10);
    expect(await lengthOf('?limit=100')).toBe(12);
    expect(await lengthOf(`?messageId=${id}`)).toBe(1);
  });

  it('of a queue that is inhibited for getting is empty', async () => {
    expect((await ask('STOPPED/messagelist')).value).toEqual({ messages: [] });
  });
});

describe('the messaging REST API refuses', () => {
  it.each([
    [message('ORDERS', '?messageId=1'), 400],
    [message('ORDERS', '?limit=1'), 400],
    [message('ORDERS', '?wait=1'), 400],
    ['ORDERS/messagelist?limit=-1', 400],
    [message('REMOTE'), 400],
    [message('SECRET'), 403],
    [message('MISSING'), 404],
    [message('STOPPED'), 405],
  ])('%s with %i', async (target, status) => {
    expect((await ask(target)).status).toBe(status);
  });

  it('a queue that takes nothing, and what is no text', async () => {
    expect(reasonOf(await put('x', 'STOPPED'))).toBe(2051);
    expect(reasonOf(await put('x', 'FULL'))).toBe(2053);
    const headers = { ...APP, ...CSRF, 'content-type': 'image/png' };
    expect((await ask(message(), { method: 'POST', headers, body: 'x' })).status).toBe(415);
    expect(simulator.depth('QM1', 'ORDERS')).toBe(0);
  });

  it('administrators, callers without the CSRF header, and other methods', async () => {
    const administrator = await askRest(simulator, '/v2/messaging/qmgr/QM1/queue/ORDERS/message');
    expect([administrator.status, messageIds(administrator)]).toEqual([403, ['MQWB0108E']]);
    expect(messageIds(await ask(message(), { method: 'DELETE', headers: APP }))).toEqual(['MQWB0100E']);
    expect((await ask(message(), { method: 'PATCH' })).headers.get('allow')).toBe('GET, POST, DELETE');
    const old = await askRest(simulator, '/v2/messaging/qmgr/OLD/queue/DEV.QUEUE.1/message', {
      headers: { ...APP, ...CSRF },
    });
    expect(old.status).toBe(404);
  });
});
