import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';
import type { Reply } from './send-request.ts';

let observer: Observer;
let notify: string;

beforeAll(async () => {
  observer = await startObserver();
  notify = observer.target().url;
});
beforeEach(() => observer.reset());
afterAll(() => observer.stop());

const put = (queue: string, headers: Record<string, string> = {}): Promise<Reply> =>
  observer.send('POST', '/register', { json: { id: 'X', qmgr: 'QM1', queue, notify }, headers });
const etagOf = ({ headers }: Reply): string => headers.etag ?? 'no ETag';
const read = (): Promise<Reply> => observer.send('GET', '/register/X');

describe('a registration and its ETag', () => {
  it('come together, and a new ETag with each write', async () => {
    const first = await put('DEV.QUEUE.1');
    expect(etagOf(first)).toMatch(/^"[^"]+"$/);
    expect(etagOf(await read())).toBe(etagOf(first));
    const second = await put('DEV.QUEUE.1');
    expect(etagOf(second)).not.toBe(etagOf(first));
    expect(etagOf(await read())).toBe(etagOf(second));
  });

  it('with If-Match the version that was read is replaced, and only once', async () => {
    const ifMatch = { 'if-match': etagOf(await put('DEV.QUEUE.1')) };
    expect((await put('DEV.QUEUE.2', ifMatch)).status).toBe(200);
    const late = await put('DEV.QUEUE.3', ifMatch);
    expect(late.status).toBe(412);
    expect(late.json).toMatchObject({ type: 'urn:mq-observer:problem:precondition-failed', status: 412 });
    expect((await read()).json).toMatchObject({ queue: 'DEV.QUEUE.2' });
  });

  it('of two that replace the same version at once, one wins', async () => {
    const ifMatch = { 'if-match': etagOf(await put('DEV.QUEUE.1')) };
    const replies = await Promise.all(['DEV.QUEUE.2', 'DEV.QUEUE.3'].map((queue) => put(queue, ifMatch)));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 412]);
    const winner = replies.find(({ status }) => status === 200);
    expect((await read()).json).toEqual(winner?.json);
  });

  it('with If-None-Match: * nothing is replaced', async () => {
    const ifNone = { 'if-none-match': '*' };
    const replies = await Promise.all(['DEV.QUEUE.1', 'DEV.QUEUE.2'].map((queue) => put(queue, ifNone)));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 412]);
    expect((await put('DEV.QUEUE.3', ifNone)).status).toBe(412);
    expect((await observer.list()).length).toBe(1);
  });

  it('with If-Match: * only what is there is replaced', async () => {
    expect((await put('DEV.QUEUE.1', { 'if-match': '*' })).status).toBe(412);
    expect(await observer.list()).toEqual([]);
    await put('DEV.QUEUE.1');
    expect((await put('DEV.QUEUE.2', { 'if-match': '*' })).status).toBe(200);
  });

  it('with If-Match nothing is created, and nothing brought back that was removed', async () => {
    const ifMatch = { 'if-match': etagOf(await put('DEV.QUEUE.1')) };
    await observer.send('DELETE', '/register/X');
    expect((await put('DEV.QUEUE.2', ifMatch)).status).toBe(412);
    expect(await observer.find('X')).toBeUndefined();
  });

  it.each<[string, Record<string, string>]>([
    ['an ETag without quotes', { 'if-match': 'abc' }],
    ['several ETags', { 'if-match': '"a", "b"' }],
    ['If-None-Match with an ETag', { 'if-none-match': '"a"' }],
    ['both headers', { 'if-match': '*', 'if-none-match': '*' }],
  ])('a condition that is not understood is refused, not ignored: %s', async (_name, headers) => {
    expect((await put('DEV.QUEUE.1', headers)).status).toBe(400);
    expect(await observer.list()).toEqual([]);
  });
});
