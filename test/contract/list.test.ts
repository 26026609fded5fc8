import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WireRegistration } from '../../lib/registration/wire.ts';
import { startObserver, type Observer } from '../support/observer.ts';

let observer: Observer;
let notify: string;

const FUTURE = '2999-01-01T00:00:00Z';
const entry = (id: string, more: object = {}): object => ({
  ...{ id, qmgr: 'QM1', queue: 'DEV.QUEUE.1', notify },
  ...more,
});
const idsOf = (registrations: readonly WireRegistration[]): readonly string[] =>
  registrations.map(({ id }) => id).toSorted();

describe('the list, filtered', () => {
  beforeAll(async () => {
    observer = await startObserver({ queueManagers: [{ name: 'QM1' }, { name: 'QM2' }] });
    notify = observer.target().url;
    await observer.importAll([
      entry('plain'),
      entry('failing', { failcount: 3 }),
      entry('elsewhere', { qmgr: 'QM2' }),
      entry('other-queue', { queue: 'DEV.QUEUE.2' }),
      entry('quarantined', { failcount: 10, backoff: FUTURE }),
      entry('retired', { state: 'retired', state_reason: 'the target answered 410 Gone' }),
    ]);
  });
  afterAll(() => observer.stop());

  it.each([
    ['', ['elsewhere', 'failing', 'other-queue', 'plain', 'quarantined', 'retired']],
    ['?qmgr=QM2', ['elsewhere']],
    ['?queue=DEV.QUEUE.2', ['other-queue']],
    ['?qmgr=QM1&queue=DEV.QUEUE.1&state=active', ['failing', 'plain']],
    ['?state=active', ['elsewhere', 'failing', 'other-queue', 'plain']],
    ['?state=quarantined', ['quarantined']],
    ['?state=retired', ['retired']],
    ['?qmgr=QM2&state=retired', []],
    ['?qmgr=NONE', []],
    ['?queue=dev.queue.1', []],
  ])('by "%s" holds %j', async (query, ids) => {
    const reply = await observer.send('GET', `/register${query}`);
    expect(reply.status).toBe(200);
    expect(Object.keys(reply.json)).toEqual(['mq_requests']);
    expect(idsOf(await observer.list(query))).toEqual(ids);
  });

  it('shows what is wrong with a registration, and nothing where nothing is', async () => {
    expect(await observer.find('quarantined')).toMatchObject({
      failcount: 10,
      backoff: '2999-01-01T00:00:00.000Z',
      state: 'quarantined',
    });
    expect(await observer.find('retired')).toMatchObject({
      state: 'retired',
      state_reason: 'the target answered 410 Gone',
    });
    expect(await observer.find('failing')).toMatchObject({ failcount: 3, backoff: '0001-01-01T00:00:00Z' });
    expect(await observer.find('failing')).not.toHaveProperty('state');
  });

  it.each([
    ['state', 'dropped'],
    ['state', ''],
    ['limit', '0'],
    ['limit', '1001'],
    ['limit', '-1'],
    ['limit', '1.5'],
    ['limit', 'all'],
    ['cursor', 'anything'],
  ])('is refused for %s=%s, with the field by name', async (field, value) => {
    const reply = await observer.send('GET', `/register?${field}=${value}`);
    expect(reply.status).toBe(400);
    expect(reply.json['errors']).toMatchObject([{ field }]);
  });
});

describe('the list, page by page', () => {
  const COUNT = 250;
  beforeAll(async () => {
    observer = await startObserver();
    notify = observer.target().url;
    await observer.importAll(Array.from({ length: COUNT }, (_, index) => entry(`app-${index}`)));
  });
  afterAll(() => observer.stop());

  const page = async (query: string): Promise<{ ids: readonly string[]; next: unknown }> => {
    const { json } = await observer.send('GET', `/register${query}`);
    return {
      ids: (json['mq_requests'] as readonly WireRegistration[]).map(({ id }) => id),
      next: json['next'],
    };
  };

  it('has 100 entries by default, and 1000 at most', async () => {
    const byDefault = await page('');
    expect(byDefault.ids.length).toBe(100);
    expect(byDefault.next).toEqual(expect.any(String));
    const whole = await page('?limit=1000');
    expect(whole.ids.length).toBe(COUNT);
    expect(whole.next).toBeUndefined();
  });

  it.each([
    ['first', 0],
    ['last', -1],
  ])('gives each registration once, also while the %s of each page is removed', async (_name, at) => {
    const before = (await page('?limit=1000')).ids;
    const seen: string[] = [];
    for (let query = '?limit=60'; query !== '';) {
      const { ids, next } = await page(query);
      seen.push(...ids);
      await observer.send('DELETE', `/register/${ids.at(at) ?? ''}`);
      query = typeof next === 'string' ? `?limit=60&cursor=${next}` : '';
    }
    expect(seen).toEqual(before);
  });

  it('ends with a page that names no next one, also when it is full', async () => {
    const rest = (await page('?limit=1000')).ids.length;
    const { ids, next } = await page(`?limit=${rest}`);
    expect(ids.length).toBe(rest);
    expect(next).toBeUndefined();
  });
});
