import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';
import type { Reply } from './send-request.ts';

let observer: Observer;
let notify: string;

beforeAll(async () => {
  observer = await startObserver({ env: { FAIL_LIMIT: '2' } });
  notify = observer.target().url;
});
beforeEach(() => observer.reset());
afterAll(() => observer.stop());

const SEVEN_KEYS = ['id', 'qmgr', 'queue', 'notify', 'failcount', 'backoff', 'last_updated'];
const FUTURE = '2999-01-01T00:00:00Z';
const entry = (id: string, more: object = {}): Record<string, unknown> => ({
  ...{ id, qmgr: 'QM1', queue: 'DEV.QUEUE.1', notify },
  ...more,
});
const exported = (): Promise<Reply> => observer.send('GET', '/admin/export');
const imported = (document: unknown): Promise<Reply> =>
  observer.send('POST', '/admin/import', { json: document });

describe('an export', () => {
  it('is the document of the original, the seven keys first in each entry', async () => {
    await observer.register(entry('A', { when: { depth_at_least: 2 } }));
    await observer.importAll([entry('B', { failcount: 2, backoff: FUTURE })]);
    const reply = await exported();
    expect(reply.status).toBe(200);
    expect(Object.keys(reply.json)).toEqual(['mq_requests', 'last_updated']);
    const entries = reply.json['mq_requests'] as readonly Record<string, unknown>[];
    const byId = new Map(entries.map((one) => [one['id'], one]));
    expect(Object.keys(byId.get('A') ?? {})).toEqual([...SEVEN_KEYS, 'when']);
    expect(byId.get('B')).toMatchObject({ failcount: 2, backoff: '2999-01-01T00:00:00.000Z' });
  });

  it('taken in again after a flush brings back everything as it was', async () => {
    await observer.register(entry('A', { when: { cooldown: 'PT1M' }, delivery: { attempts: 1 } }));
    await observer.importAll([
      entry('B', { failcount: 2, backoff: FUTURE }),
      entry('C', { failcount: 1, last_updated: '2026-01-01T00:00:00Z' }),
      entry('D', { state: 'retired', state_reason: 'gone' }),
    ]);
    const before = await observer.list();
    const { json } = await exported();
    await observer.reset();
    expect(await imported(json)).toMatchObject({ status: 200, json: { imported: 4, existing: 0 } });
    expect(await observer.list()).toEqual(before);
  });
});

describe('an import', () => {
  it('adds what is not there, by id, leaves the rest alone, and counts', async () => {
    const own = await observer.register(entry('A', { queue: 'DEV.QUEUE.2' }));
    const document = { mq_requests: [entry('A', { failcount: 1 }), entry('B'), entry('C', { qmgr: '?' })] };
    expect((await imported(document)).json).toEqual({
      imported: 1,
      existing: 1,
      repaired: 0,
      refused: [{ entry: 2, message: expect.stringMatching(/^qmgr /) as string }],
    });
    expect(await observer.find('A')).toEqual(own);
    expect((await observer.list()).map(({ id }) => id).toSorted()).toEqual(['A', 'B']);
    expect((await imported(document)).json).toMatchObject({ imported: 0, existing: 2 });
  });

  it('reads keys in any case, leaves out unknown ones, and takes null for an empty list', async () => {
    const odd = { ID: 'A', Qmgr: 'QM1', QUEUE: 'DEV.QUEUE.1', Notify: notify, FailCount: 1, color: 'red' };
    expect((await imported({ MQ_Requests: [odd], Other: 1 })).json).toMatchObject({
      imported: 1,
      refused: [],
    });
    const found = await observer.find('A');
    expect(found).toMatchObject({ qmgr: 'QM1', failcount: 1 });
    expect(found).not.toHaveProperty('color');
    expect((await imported({ mq_requests: null })).json).toMatchObject({ imported: 0, refused: [] });
  });

  it('gives an entry without a valid id the natural one', async () => {
    const { id } = await observer.register({ qmgr: 'QM1', queue: 'DEV.QUEUE.1', notify });
    await observer.reset();
    for (const bad of [undefined, '', null, 7, 'a\u0000']) {
      const { json } = await imported({ mq_requests: [{ ...entry('x'), id: bad }] });
      expect(json).toMatchObject({ refused: [] });
    }
    expect((await observer.list()).map((one) => one.id)).toEqual([id]);
  });

  it('keeps times with nanoseconds and offsets, as the original writes them, to the millisecond', async () => {
    const times = { backoff: '2999-01-01T02:00:00.123456789+02:00', last_updated: '2026-05-04T03:02:01.5Z' };
    await observer.importAll([entry('A', times)]);
    expect(await observer.find('A')).toMatchObject({
      backoff: '2999-01-01T00:00:00.123Z',
      last_updated: '2026-05-04T03:02:01.500Z',
    });
  });

  it.each([
    ['that is cut off', '{"mq_requests":[', 'not valid JSON'],
    ['of another form', '[]', '"mq_requests"'],
    ['whose list is none', '{"mq_requests":{}}', '"mq_requests"'],
    ['that its checksum does not fit', '{"mq_requests":[],"sha256":"00"}', 'checksum'],
  ])('of a document %s changes nothing and says why', async (_name, body, words) => {
    const reply = await observer.send('POST', '/admin/import', { body });
    expect(reply.status).toBe(400);
    expect(reply.json['detail']).toMatch(words);
    expect(await observer.list()).toEqual([]);
  });

  it('never takes a registration that is woken without the target check at the moment of dialling', async () => {
    await observer.importAll([entry('A', { notify: 'http://10.0.0.1/', delivery: { attempts: 1 } })]);
    observer.mq.put('QM1', 'DEV.QUEUE.1', 1);
    const { decisions } = await observer.notify();
    expect(decisions).toMatchObject([
      { id: 'A', reason: 'failed', detail: expect.stringMatching(/^blocked: .*private/) as string },
    ]);
  });
});

describe('headers of a delivery', () => {
  const SECRET = 'Bearer s3cret-of-the-application';
  const withHeaders = () =>
    entry('A', { delivery: { headers: { Authorization: SECRET, 'X-Own': 'value-1' } } });
  const masked = { headers: { Authorization: '***', 'X-Own': '***' } };

  it('reach the target and never show again: in no answer, no log and no file', async () => {
    const app = observer.target();
    expect((await observer.register({ ...withHeaders(), notify: app.url })).delivery).toEqual(masked);
    expect((await observer.find('A'))?.delivery).toEqual(masked);
    expect((await observer.list())[0]?.delivery).toEqual(masked);
    observer.mq.put('QM1', 'DEV.QUEUE.1', 1);
    const report = await observer.notify();
    expect(app.wakeUps.map(({ headers }) => [headers.authorization, headers['x-own']])).toEqual([
      [SECRET, 'value-1'],
    ]);
    await observer.persist();
    const removed = await observer.send('DELETE', '/register/A');
    const said = [
      JSON.stringify(report),
      removed.text,
      ...observer.lines,
      ...filesIn(observer.dataDir),
    ].join();
    expect(said).not.toContain('s3cret');
    expect(said).not.toContain('value-1');
  });

  it('survive an export and an import, encrypted', async () => {
    const app = observer.target();
    await observer.register({ ...withHeaders(), notify: app.url });
    const { json, text } = await exported();
    expect(text).not.toContain('s3cret');
    await observer.reset();
    expect((await imported(json)).json).toMatchObject({ imported: 1, refused: [] });
    observer.mq.put('QM1', 'DEV.QUEUE.1', 1);
    await observer.notify();
    expect(app.wakeUps.map(({ headers }) => headers.authorization)).toEqual([SECRET]);
  });

  it.each([
    ['what an answer showed', { 'X-Own': '***' }],
    ['what the observer sets itself', { 'Ce-Id': '1' }],
    ['the length of the body', { 'Content-Length': '1' }],
    ['a signature', { 'webhook-signature': 'v1,x' }],
    ['a name twice', { 'x-own': 'a', 'X-Own': 'b' }],
    ['a name that is none', { 'x y': 'a' }],
    ['a line break', { 'x-own': 'a\r\nx-other: b' }],
  ])('are refused when they hold %s', async (_name, headers) => {
    const reply = await observer.send('POST', '/register', { json: entry('A', { delivery: { headers } }) });
    expect(reply.status).toBe(400);
    expect(reply.json['errors']).toMatchObject([
      { field: expect.stringMatching(/^delivery\.headers/) as string },
    ]);
    expect(await observer.find('A')).toBeUndefined();
  });
});

/** The content of every file below a folder. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'));
}
