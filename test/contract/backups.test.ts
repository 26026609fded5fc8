import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';

const ADMIN = 'an-admin-token-of-some-length-0001';
const OWNER = 'a-token-of-an-owner-of-some-length-1';
const asOwner = { headers: { authorization: `Bearer ${OWNER}` } };

let observer: Observer;
beforeAll(async () => {
  observer = await startObserver();
});
beforeEach(() => observer.reset());
afterAll(() => observer.stop());

const entry = (id: string, queue: string): object => ({
  id,
  qmgr: 'QM1',
  queue,
  notify: observer.target().url,
});

/** The newest backup, written now. */
async function newBackup(): Promise<{ readonly name: string; readonly key: string }> {
  const { backup } = await observer.persist();
  const { json } = await observer.send('GET', '/admin/backups');
  const [newest] = json['backups'] as readonly { readonly name: string }[];
  return { name: newest?.name ?? '', key: String(backup) };
}

describe('backups', () => {
  it('are listed newest first and bring back what was registered when they were written', async () => {
    await observer.register({ ...entry('A', 'DEV.QUEUE.1'), delivery: { headers: { 'x-key': 'secret' } } });
    await observer.register(entry('B', 'DEV.QUEUE.1'));
    const before = await observer.list();
    const { name, key } = await newBackup();
    expect(key).toBe(`backups/${name}.json`);
    await observer.register(entry('B', 'DEV.QUEUE.2'));
    await observer.register(entry('C', 'DEV.QUEUE.2'));
    await newBackup();
    const { json } = await observer.send('GET', '/admin/backups');
    expect(json['backups']).toMatchObject([
      { created: expect.any(String) as string, size_bytes: expect.any(Number) as number },
      { name },
    ]);
    await observer.send('DELETE', '/register/A');
    const path = `/admin/backups/${name}/restore`;
    const counts = { backup: name, overwritten: 0, repaired: 0, refused: [] };
    expect(await observer.send('POST', path)).toMatchObject({
      status: 200,
      json: { ...counts, imported: 1, existing: 1 },
    });
    expect((await observer.find('B'))?.queue).toBe('DEV.QUEUE.2');
    expect((await observer.send('POST', `${path}?overwrite=true`)).json).toEqual({
      ...{ ...counts, imported: 0, existing: 1, overwritten: 1 },
    });
    const isOfBackup = ({ id }: { readonly id: string }): boolean => id !== 'C';
    expect((await observer.list()).filter(isOfBackup)).toEqual(before);
    expect(await observer.find('C')).toBeDefined();
  });

  it('that are damaged, unknown or asked for in a wrong way change nothing', async () => {
    await observer.register(entry('A', 'DEV.QUEUE.1'));
    const { name, key } = await newBackup();
    await observer.objects.put(`mq-observer/${key}`, '{"mq_requests":[]}');
    const path = `/admin/backups/${name}/restore`;
    for (const [asked, status, words] of [
      [path, 503, 'damaged'],
      ['/admin/backups/2020-01-01T00-00-00.000Z/restore', 404, 'No backup has the name'],
      [`${path}?overwrite=all`, 400, 'overwrite'],
    ] as const) {
      const reply = await observer.send('POST', asked);
      expect([reply.status, reply.json['detail']]).toEqual([status, expect.stringContaining(words)]);
    }
    expect(await observer.send('GET', path)).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    expect((await observer.list()).map(({ id }) => id)).toEqual(['A']);
  });
});

it('backups are for administrators only', async () => {
  const env = { ADMIN_TOKENS: ADMIN, REGISTER_TOKENS: OWNER };
  const guarded = await startObserver({ env });
  try {
    const path = '/admin/backups/2020-01-01T00-00-00.000Z/restore';
    for (const [method, asked] of [
      ['GET', '/admin/backups'],
      ['POST', path],
    ] as const) {
      expect(await guarded.send(method, asked)).toMatchObject({ status: 401 });
      expect(await guarded.send(method, asked, asOwner)).toMatchObject({ status: 403 });
    }
  } finally {
    await guarded.stop();
  }
});
