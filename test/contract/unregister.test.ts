import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';
import type { TestRequest } from './send-request.ts';

let observer: Observer;
let notify: string;

beforeAll(async () => {
  observer = await startObserver();
  notify = observer.target().url;
});
beforeEach(() => observer.reset());
afterAll(() => observer.stop());

const fields = (id: string): Record<string, string> => ({ id, qmgr: 'QM1', queue: 'DEV.QUEUE.1', notify });
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'content-type': 'application/json' };
const ids = async (): Promise<readonly string[]> => (await observer.list()).map(({ id }) => id);

describe('unregistering', () => {
  it.each<[string, string, TestRequest]>([
    ['case 14: no content type, the id in the query', '/register?ID=X', {}],
    ['case 14: no content type, a JSON body', '/register', { body: '{"id":"X"}' }],
    ['case 14: no content type, a form body', '/register', { body: 'ID=X' }],
    ['case 15: a JSON body', '/register', { json: { id: 'X' } }],
    ['case 15: a JSON body with the key in upper case', '/register', { json: { ID: 'X' } }],
    ['case 16: the query of a form', '/register?ID=X', { headers: FORM }],
    ['case 16: the query in lower case', '/register?id=X', { headers: FORM }],
    ['case 17: a form body', '/register', { form: { ID: 'X' } }],
    ['case 17: a form body in lower case', '/register', { form: { id: ' X ' } }],
    ['the path', '/register/X', {}],
  ])('takes the id from: %s', async (_name, path, request) => {
    const registered = await observer.register(fields('X'));
    await observer.register(fields('Y'));
    const reply = await observer.send('DELETE', path, request);
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('application/json');
    expect(reply.json).toEqual(registered);
    expect(await ids()).toEqual(['Y']);
    expect(await observer.find('X')).toBeUndefined();
  });

  it('case 17: means it: the target is woken no more', async () => {
    const app = observer.target();
    observer.mq.put('QM1', 'DEV.QUEUE.1', 1);
    await observer.register({ ...fields('X'), notify: app.url });
    await observer.notify();
    expect(app.wakeUps.length).toBe(1);
    await observer.send('DELETE', '/register', { form: { ID: 'X' } });
    await observer.notify();
    expect(app.wakeUps.length).toBe(1);
  });

  it('case 18, as the contract has it: answers 404 for an unknown id', async () => {
    await observer.register(fields('Y'));
    const replies = [
      await observer.send('DELETE', '/register', { json: { id: 'X' } }),
      await observer.send('DELETE', '/register', { form: { ID: 'X' } }),
      await observer.send('DELETE', '/register/X'),
      await observer.send('DELETE', `/register/${'x'.repeat(300)}`),
      await observer.send('GET', '/register/X'),
    ];
    for (const { status, json } of replies) {
      expect(status).toBe(404);
      expect(json).toMatchObject({ type: 'urn:mq-observer:problem:not-found', status: 404 });
    }
    expect(await ids()).toEqual(['Y']);
  });

  it('case 19: without any id answers 400, invents none, and removes nothing', async () => {
    await observer.register(fields('Y'));
    for (const request of [
      { json: {} },
      { json: { id: '' } },
      { form: { ID: ' ' } },
      { headers: FORM },
      {},
    ]) {
      const reply = await observer.send('DELETE', '/register', request);
      expect(reply).toMatchObject({ status: 400, json: { detail: 'ID needs to be specified' } });
    }
    expect(await ids()).toEqual(['Y']);
  });

  it('case 19: says why the body cannot be read, then that the id is missing', async () => {
    const reply = await observer.send('DELETE', '/register', { body: '{"id":', headers: JSON_TYPE });
    expect(reply.status).toBe(400);
    expect(reply.json['detail']).toMatch(/^The body is not valid JSON.*\nID needs to be specified$/);
  });
});

describe('flushing', () => {
  it('case 21: counts and drops all, those in quarantine too, and is content with none', async () => {
    await observer.importAll([
      fields('A'),
      fields('B'),
      { ...fields('C'), failcount: 10, backoff: '2999-01-01T00:00:00Z' },
    ]);
    const first = await observer.send('DELETE', '/admin/flush');
    expect(first).toMatchObject({ status: 200, json: { message: '3 registrations dropped' } });
    expect(await ids()).toEqual([]);
    const second = await observer.send('DELETE', '/admin/flush');
    expect(second).toMatchObject({ status: 200, json: { message: '0 registrations dropped' } });
  });

  it('case 21: leaves nothing behind that a registration of the same id would inherit', async () => {
    await observer.importAll([{ ...fields('A'), failcount: 10, backoff: '2999-01-01T00:00:00Z' }]);
    await observer.send('DELETE', '/admin/flush');
    expect(await observer.register(fields('A'))).toMatchObject({
      failcount: 0,
      backoff: '0001-01-01T00:00:00Z',
    });
  });
});

describe('paths and methods', () => {
  it.each([
    ['case 20', '/register', 'GET, POST, DELETE', ['PUT', 'PATCH', 'OPTIONS']],
    ['case 20', '/register/X', 'GET, DELETE', ['PUT', 'POST', 'OPTIONS']],
    ['case 22', '/admin/flush', 'DELETE', ['GET', 'POST', 'PUT']],
    ['case 24', '/notify', 'POST', ['GET', 'PUT', 'DELETE']],
    ['new', '/admin/export', 'GET', ['POST', 'DELETE']],
    ['new', '/admin/import', 'POST', ['GET', 'DELETE']],
    ['cycles', '/functions/notify-cycle', 'POST', ['GET', 'DELETE']],
  ])(
    '%s, as the contract has it: %s takes %s, other methods are answered 405',
    async (_case, path, allow, no) => {
      for (const method of no) {
        const reply = await observer.send(method, path);
        expect(reply.status).toBe(405);
        expect(reply.headers.allow).toBe(allow);
        expect(reply.json).toMatchObject({ type: 'urn:mq-observer:problem:method-not-allowed', status: 405 });
      }
    },
  );

  it.each(['/', '/nope', '/register/', '/register/X/Y', '/admin', '/admin/flush/', '//register', '/health'])(
    'case 23: nothing is at %s',
    async (path) => {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const reply = await observer.send(method, path);
        expect(reply.status).toBe(404);
        expect(reply.headers['content-type']).toBe('application/problem+json');
        expect(reply.json['detail']).toBe('Page not found');
      }
    },
  );

  it('case 24: /notify swallows whatever it is sent', async () => {
    for (const request of [{ json: { any: 'thing' } }, { form: { a: 'b' } }, { body: 'x' }, {}]) {
      const reply = await observer.send('POST', '/notify', request);
      expect(reply).toMatchObject({ status: 200, json: { message: 'Received' } });
    }
  });

  it('case 24: /notify can be registered as a target, to try oneself out', async () => {
    observer.mq.put('QM1', 'DEV.QUEUE.1', 1);
    const { id } = await observer.register({ ...fields('me'), notify: `${observer.url}/notify` });
    const { decisions } = await observer.notify();
    expect(decisions).toEqual([{ id, reason: 'woken', depth: 1, attempts: 1 }]);
  });
});
