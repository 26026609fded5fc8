import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ZERO_TIME = '0001-01-01T00:00:00Z';
const SEVEN_KEYS = ['id', 'qmgr', 'queue', 'notify', 'failcount', 'backoff', 'last_updated'];
const ALL_MISSING = 'QMGR needs to be specified\nQUEUE needs to be specified\nNOTIFY needs to be specified';
const MISSING = (...fields: readonly string[]): unknown =>
  fields.map((field) => ({ field, message: 'needs to be specified' }));

let observer: Observer;
/** A target that takes registrations; nobody is woken here. */
let notify: string;

beforeAll(async () => {
  observer = await startObserver();
  notify = observer.target().url;
});
beforeEach(() => observer.reset());
afterAll(() => observer.stop());

const triple = (): Record<string, string> => ({ qmgr: 'QM1', queue: 'DEV.QUEUE.1', notify });
const upperCase = (): Record<string, string> => ({ QMGR: 'QM1', QUEUE: 'DEV.QUEUE.1', NOTIFY: notify });
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** What every new registration looks like. */
const aNewOne = (): unknown => ({
  id: expect.stringMatching(UUID) as string,
  ...triple(),
  failcount: 0,
  backoff: ZERO_TIME,
  last_updated: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
});

describe('registering', () => {
  it('case 1: takes a form and answers the seven keys in their order', async () => {
    const beforeMs = Date.now();
    const reply = await observer.send('POST', '/register', { form: upperCase() });
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('application/json');
    expect(Object.keys(reply.json)).toEqual(SEVEN_KEYS);
    expect(reply.json).toEqual(aNewOne());
    const updatedMs = Date.parse(String(reply.json['last_updated']));
    expect(updatedMs).toBeGreaterThanOrEqual(beforeMs);
    expect(updatedMs).toBeLessThanOrEqual(Date.now());
    expect(await observer.list()).toEqual([reply.json]);
  });

  it.each([
    ['case 2: takes JSON with keys in lower case', triple],
    ['case 3: takes JSON with keys in upper case', upperCase],
  ])('%s', async (_name, fields) => {
    const reply = await observer.send('POST', '/register', { json: fields() });
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual(aNewOne());
  });

  it('case 4, as the contract has it: takes a form with names in lower case', async () => {
    const reply = await observer.send('POST', '/register', { form: triple() });
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual(aNewOne());
  });

  it.each([
    ['form', { form: {} }],
    ['JSON', { json: {} }],
    ['JSON null', { json: null }],
    ['form of other fields', { form: { id: 'x', name: 'y' } }],
  ])('case 4: names all missing fields of an empty %s, in the order of the original', async (_name, sent) => {
    const reply = await observer.send('POST', '/register', sent);
    expect(reply.status).toBe(400);
    expect(reply.headers['content-type']).toBe('application/problem+json');
    expect(reply.json).toEqual({
      type: 'urn:mq-observer:problem:invalid-request',
      title: expect.any(String) as string,
      status: 400,
      detail: ALL_MISSING,
      errors: MISSING('qmgr', 'queue', 'notify'),
    });
  });

  it('case 5: names the one field that a form lacks', async () => {
    const reply = await observer.send('POST', '/register', { form: { QMGR: 'QM1', NOTIFY: notify } });
    expect(reply.status).toBe(400);
    expect(reply.json['detail']).toBe('QUEUE needs to be specified');
    expect(await observer.list()).toEqual([]);
  });

  it('case 6: trims the values of a form, and those of JSON', async () => {
    const padded = { QMGR: '  QM1 ', QUEUE: '\tDEV.QUEUE.1', NOTIFY: ` ${notify}\n`, ID: ' mine ' };
    const expected = { ...triple(), id: 'mine' };
    for (const sent of [{ form: padded }, { json: padded }])
      expect((await observer.send('POST', '/register', sent)).json).toMatchObject(expected);
    expect((await observer.list()).length).toBe(1);
  });

  it('case 6: takes a blank value as a missing one', async () => {
    const reply = await observer.send('POST', '/register', { json: { ...triple(), queue: '  ' } });
    expect(reply).toMatchObject({ status: 400, json: { detail: 'QUEUE needs to be specified' } });
  });

  it.each(['my-app', 'Ä/ü ?#%', '~', 'x'.repeat(256)])(
    'case 7: keeps the id that its caller chose: %s',
    async (id) => {
      expect((await observer.register({ ...triple(), id })).id).toBe(id);
      expect(await observer.find(id)).toMatchObject({ id, ...triple() });
    },
  );

  it('case 8: replaces what has the same id, in full, and forgets its failures and its quarantine', async () => {
    const when = { depth_at_least: 5 };
    const backoff = '2999-01-01T00:00:00Z';
    await observer.importAll([{ ...triple(), id: 'X', failcount: 3, backoff, when }]);
    expect(await observer.find('X')).toMatchObject({
      failcount: 3,
      backoff: '2999-01-01T00:00:00.000Z',
      when,
    });

    const replaced = await observer.register({ ...triple(), id: 'X', queue: 'DEV.QUEUE.2' });
    expect(Object.keys(replaced)).toEqual(SEVEN_KEYS);
    expect(replaced).toMatchObject({ queue: 'DEV.QUEUE.2', failcount: 0, backoff: ZERO_TIME });
    expect(await observer.list()).toEqual([replaced]);
  });

  it('case 9, as the contract has it: the same three without an id are the same registration', async () => {
    const { id } = await observer.register(triple());
    expect(id).toMatch(/^\w{8}-\w{4}-5\w{3}-[89ab]\w{3}-\w{12}$/);
    expect((await observer.send('POST', '/register', { form: upperCase() })).json['id']).toBe(id);
    expect((await observer.register({ ...triple(), queue: 'DEV.QUEUE.2' })).id).not.toBe(id);
    expect((await observer.register({ ...triple(), id: 'own' })).id).toBe('own');
    expect((await observer.list()).length).toBe(3);
    await observer.reset();
    expect((await observer.register(triple())).id).toBe(id);
  });

  it.each([
    ['cut off', '{"qmgr":"QM1"'],
    ['empty', ''],
    ['no JSON at all', 'QMGR=QM1'],
    ['a list', '[]'],
    ['a text', '"qmgr"'],
  ])('case 10: says why JSON that is %s cannot be read, then what is missing', async (_name, body) => {
    const headers = { 'content-type': 'application/json' };
    const reply = await observer.send('POST', '/register', { body, headers });
    expect(reply.status).toBe(400);
    const [reason = '', ...rest] = String(reply.json['detail']).split('\n');
    expect(reason).toMatch(/^The body (is|must be) .*JSON/);
    expect(rest.join('\n')).toBe(ALL_MISSING);
  });

  it('case 10: says the same of a form that is not encoded as one', async () => {
    for (const [body, reason] of [
      ['QMGR=%zz', 'invalid URL escape "%zz"'],
      ['QMGR=QM1;QUEUE=Q', 'invalid semicolon separator in query'],
    ]) {
      const reply = await observer.send('POST', '/register', { body: body ?? '', headers: FORM });
      expect(reply).toMatchObject({ status: 400, json: { detail: `${reason}\n${ALL_MISSING}` } });
    }
  });

  it('case 11: names the fields that JSON lacks and no others', async () => {
    const reply = await observer.send('POST', '/register', { json: { qmgr: 'a' } });
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({
      detail: 'QUEUE needs to be specified\nNOTIFY needs to be specified',
      errors: MISSING('queue', 'notify'),
    });
  });

  it('case 12: takes the fields of a form from the query; the body wins', async () => {
    const query = String(new URLSearchParams({ ...upperCase(), QUEUE: 'DEV.QUEUE.2' }));
    const alone = await observer.send('POST', `/register?${query}`, { headers: FORM });
    expect(alone).toMatchObject({ status: 200, json: { qmgr: 'QM1', queue: 'DEV.QUEUE.2', notify } });
    const both = await observer.send('POST', `/register?${query}`, { form: { QUEUE: 'DEV.QUEUE.3' } });
    expect(both).toMatchObject({ status: 200, json: { qmgr: 'QM1', queue: 'DEV.QUEUE.3', notify } });
  });

  it('case 13: ignores failures and times that a caller sends, and keys that nobody knows', async () => {
    const sent = { failcount: 9, backoff: '2999-01-01T00:00:00Z', last_updated: 'never', state: 'retired' };
    const reply = await observer.send('POST', '/register', { json: { ...triple(), ...sent, other: [1] } });
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual(aNewOne());
  });

  it('case 14: without a content type takes JSON if it parses, else a form', async () => {
    const form = String(new URLSearchParams(upperCase()));
    for (const body of [JSON.stringify(triple()), form])
      expect(await observer.send('POST', '/register', { body })).toMatchObject({
        status: 200,
        json: triple(),
      });
    const neither = await observer.send('POST', '/register', { body: 'hello' });
    expect(neither).toMatchObject({ status: 400, json: { detail: ALL_MISSING } });
    const nothing = await observer.send('POST', '/register');
    expect(nothing).toMatchObject({ status: 400, json: { detail: ALL_MISSING } });
  });
});
