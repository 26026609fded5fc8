import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMqSimulator, type MqSimulator } from '../mq-simulator.ts';

let simulator: MqSimulator;
beforeEach(async () => {
  simulator = await startMqSimulator({
    queueManagers: [{ name: 'QM1', queues: { SMALL: { maximumDepth: 5 } } }],
  });
});
afterEach(() => simulator.close());

async function call(method: string, target: string, body?: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const init = body === undefined ? { method } : { method, body: text };
  const response = await fetch(`${simulator.controlUrl}/_emu${target}`, init);
  return { status: response.status, value: await response.json() };
}

const QUEUE = '/qmgr/QM1/queue/DEV.QUEUE.1';

describe('the control API', () => {
  it('puts and takes messages, one when not told how many', async () => {
    const path = { qmgr: 'QM1', queue: 'DEV.QUEUE.1' };
    expect(await call('POST', `${QUEUE}/put?n=3`)).toEqual({
      status: 200,
      value: { ...path, put: 3, depth: 3 },
    });
    expect(await call('POST', `${QUEUE}/put`)).toEqual({ status: 200, value: { ...path, put: 1, depth: 4 } });
    expect(await call('POST', `${QUEUE}/get`)).toEqual({ status: 200, value: { ...path, got: 1, depth: 3 } });
    expect(await call('POST', `${QUEUE}/get?n=9`)).toEqual({
      status: 200,
      value: { ...path, got: 3, depth: 0 },
    });
    expect(simulator.depth('QM1', 'DEV.QUEUE.1')).toBe(0);
  });

  it('adds queues and queue managers, and changes them', async () => {
    expect((await call('PUT', '/qmgr/QM.2')).value).toEqual({
      'QM.2': { state: 'running', depths: { 'AMQ.REPLY.64F0C1E222B30540': 2 } },
    });
    expect((await call('PUT', '/qmgr/QM.2/queue/A%2FB', { depth: 2 })).value).toMatchObject({
      name: 'A/B',
      depth: 2,
    });
    expect((await call('PUT', '/qmgr/QM.2', { state: 'ended' })).value).toMatchObject({
      'QM.2': { state: 'ended', depths: { 'A/B': 2 } },
    });
    expect((await call('GET', '/qmgr/QM.2/queue/A%2FB')).value).toMatchObject({
      type: 'local',
      maximumDepth: 5000,
    });
    const zone = { timeZone: 'Europe/Berlin', monq: 'low' };
    await call('PUT', '/qmgr/QM.2', zone);
    expect((await call('GET', '/qmgr/QM.2')).value).toMatchObject({ ...zone, name: 'QM.2', state: 'ended' });
    expect((await call('PUT', '/qmgr/QM.2', { timeZone: 'Mars' })).status).toBe(400);
    expect((await call('PUT', '/qmgr/QM.2', { versionLevel: 'new' })).status).toBe(400);
  });

  it('sets faults and takes them away', async () => {
    simulator.addQueueManager({ name: 'QM2' });
    expect((await call('POST', '/faults?qmgr=QM1&fault=hang')).value).toEqual({ QM1: 'hang' });
    expect((await call('POST', '/faults?qmgr=QM2&fault=slow:20')).value).toEqual({
      QM1: 'hang',
      QM2: 'slow:20',
    });
    expect((await call('DELETE', '/faults?qmgr=QM1')).value).toEqual({ QM2: 'slow:20' });
    expect((await call('DELETE', '/faults')).value).toEqual({});
    expect((await call('GET', '/faults')).value).toEqual({});
  });

  it('leaves messages pending, ends that, and lets some expire', async () => {
    const depthAfter = async (action: string) =>
      ((await call('POST', `${QUEUE}/${action}`)).value as { depth: unknown }).depth;
    expect(await depthAfter('put?n=4&commit=false')).toBe(4);
    expect(await depthAfter('commit')).toBe(4);
    expect(await depthAfter('get?n=3&commit=false')).toBe(1);
    expect(await depthAfter('backout')).toBe(4);
    expect(await depthAfter('expire?n=2')).toBe(4);
    expect((await call('GET', QUEUE)).value).toMatchObject({ depth: 2, expired: 2 });
  });

  it('sets faults for some requests', async () => {
    const rule = { fault: 'status:503', qmgr: 'QM1', path: '/mqsc', calls: 2, probability: 0.5, seed: 7 };
    const query = 'fault=status:503&qmgr=QM1&path=/mqsc&calls=2&probability=0.5&seed=7';
    expect((await call('POST', `/faults?${query}`)).value).toEqual({});
    await call('POST', '/faults?fault=cookieRename');
    expect((await call('GET', '/faults/rules')).value).toEqual([{ fault: 'cookieRename' }, rule]);
    await call('DELETE', '/faults?qmgr=QM1');
    expect((await call('GET', '/faults/rules')).value).toEqual([{ fault: 'cookieRename' }]);
  });

  it('shows the body of commands, and of nothing else', async () => {
    const rest = `${simulator.restBaseUrl}/ibmmq/rest/v1`;
    await fetch(`${rest}/admin/action/qmgr/QM1/mqsc`, { method: 'POST', body: '{"a":1}' });
    await fetch(`${rest}/login`, {
      method: 'POST',
      body: '{"password":"secret"}',
      headers: { cookie: 'LtpaToken2=x' },
    });
    const { value } = await call('GET', '/journal');
    expect(value).toMatchObject([{ body: '{"a":1}' }, { headers: { cookie: '***' } }]);
    expect(JSON.stringify(value)).not.toContain('secret');
  });

  it('shows and clears the journal', async () => {
    await fetch(`${simulator.restBaseUrl}/ibmmq/rest/v1/admin/qmgr/QM1/queue`);
    expect((await call('GET', '/journal')).value).toMatchObject([{ number: 1, qmgr: 'QM1' }]);
    expect((await call('GET', '/journal?qmgr=QM2')).value).toEqual([]);
    await call('DELETE', '/journal');
    expect((await call('GET', '/journal')).value).toEqual([]);
  });

  it('says what there is', async () => {
    const { value } = await call('GET', '');
    expect(value).toMatchObject({ queueManagers: { QM1: { state: 'running' } }, faults: {} });
    expect(JSON.stringify(value)).toContain('POST /_emu/qmgr/*/queue/*/put');
  });

  it.each([
    ['POST', `${QUEUE}/put?n=0`, 400, 'n is "0"'],
    ['POST', `${QUEUE}/put?n=x`, 400, 'n is "x"'],
    ['POST', `${QUEUE}/put?n=1e3`, 400, 'n is "1e3"'],
    ['POST', '/qmgr/QM1/queue/SMALL/put?n=6', 409, 'full'],
    ['POST', '/qmgr/QM1/queue/DEV.ALIAS/put', 409, 'stands for DEV.QUEUE.1'],
    ['POST', '/qmgr/QM1/queue/NONE/put', 404, 'there are:'],
    ['POST', '/qmgr/QM9/queue/DEV.QUEUE.1/put', 404, 'QM1'],
    ['GET', '/qmgr/QM9', 404, '"QM9"'],
    ['PUT', '/qmgr/A%20B', 400, 'not a queue manager name'],
    ['POST', '/faults?qmgr=QM1&fault=nope', 400, 'truncate'],
    ['POST', '/faults?fault=hang&calls=x', 400, 'calls is a number'],
    ['POST', '/faults?fault=wrongHost', 409, 'needs TLS'],
    ['POST', `${QUEUE}/put?commit=x`, 400, 'commit is'],
    ['POST', '/faults?qmgr=QM1', 400, 'fault is missing'],
    ['POST', '/faults?qmgr=QM9&fault=hang', 404, 'QM9'],
    ['PATCH', '/faults', 405, 'GET and POST and DELETE'],
    ['GET', '/nothing', 404, 'GET /_emu'],
    ['GET', '/qmgr/QM1/queue', 404, 'GET /_emu'],
  ])('refuses %s %s with %i', async (method, target, expected, words) => {
    const { status, value } = await call(method, target);
    expect(status).toBe(expected);
    expect(value).toEqual({ error: expect.stringContaining(words) });
  });

  it.each([
    ['{', 'not a JSON object'],
    ['[]', 'not a JSON object'],
    [{ depth: '3', type: 'cluster' }, 'depth: a whole number is needed; type: one of'],
    [{ size: 3 }, 'size: not known'],
    [{ constructor: 3 }, 'constructor: not known'],
    [{ depth: -1 }, 'whole number from 0'],
    [{ type: 'alias', depth: 1 }, 'only local queues'],
    [{ expired: -1 }, 'expired of NEW'],
    [{ monq: 'often' }, 'monq: one of qmgr'],
    ['x'.repeat(65 * 1024), 'at most'],
  ])('refuses the definition %.40j of a queue', async (body, words) => {
    const { status, value } = await call('PUT', '/qmgr/QM1/queue/NEW', body);
    expect([400, 413]).toContain(status);
    expect(value).toEqual({ error: expect.stringContaining(words) });
    expect((await call('GET', '/qmgr/QM1/queue/NEW')).status).toBe(404);
  });
});
