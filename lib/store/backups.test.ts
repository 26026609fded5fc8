import { describe, expect, it } from 'vitest';
import { aDraft, testStore } from '../../test/support/test-store.ts';
import { createMemoryObjectStore } from '../object-store/memory/memory-object-store.ts';
import { encodeBackup } from '../registration/original-document.ts';
import { toStoredForm } from '../registration/wire.ts';
import { effectiveState } from '../registration/state.ts';

const NOW_MS = Date.parse('2026-11-21T21:31:00.123Z');
const NAME = '2026-11-21T21-31-00.123Z';
const KEY = `mq-observer/backups/${NAME}.json`;

function scene() {
  const objects = createMemoryObjectStore();
  return { objects, backups: testStore({ objects }).backups };
}

/** A backup of one registration. */
function document(): string {
  const record = { ...aDraft({ id: 'a', queue: 'Q' }), format: 1, revision: 'r' } as const;
  return encodeBackup([toStoredForm({ record, state: effectiveState(record, undefined) })], NOW_MS);
}

describe('backups', () => {
  it('are listed with time and size, newest first, beside whatever else lies there', async () => {
    const { objects, backups } = scene();
    await backups.save('older', NOW_MS - 1);
    await backups.save('newest', NOW_MS);
    const others = [
      'copy.json',
      `${NAME}.txt`,
      `${NAME}.json.json`,
      '2026-02-30T00-00-00.000Z.json',
      '.json',
    ];
    for (const other of others) await objects.put(`mq-observer/backups/${other}`, 'x');
    expect(await backups.list()).toEqual([
      { name: NAME, createdMs: NOW_MS, sizeBytes: 6 },
      { name: '2026-11-21T21-31-00.122Z', createdMs: NOW_MS - 1, sizeBytes: 5 },
    ]);
  });

  it('are read as they were written', async () => {
    const { backups } = scene();
    await backups.save(document(), NOW_MS);
    expect(await backups.read(NAME, NOW_MS)).toMatchObject({
      kind: 'found',
      drafts: [{ id: 'a', queue: 'Q' }],
    });
  });

  it.each([
    ['changed', (text: string) => text.replace('"QM1"', '"QM2"'), 'checksum does not match'],
    ['cut off', (text: string) => text.slice(0, -20), 'cut off'],
    ['without its checksum', (text: string) => text.replace(/,"sha256":"\w+"/, ''), 'cut off'],
    ['empty', () => '', 'cut off'],
    ['no document', (text: string) => `[${text.replace('{', '{"a":1,')}`, 'not valid JSON'],
  ])('are not taken when they are %s', async (_how, damage, message) => {
    const { objects, backups } = scene();
    await objects.put(KEY, damage(document()));
    expect(await backups.read(NAME, NOW_MS)).toEqual({
      kind: 'damaged',
      message: expect.stringContaining(message) as string,
    });
  });

  it.each(['2026-11-21T21-31-00.124Z', `../backups/${NAME}`, '', '..', `${NAME}.json`, 'a/b', '\u0000'])(
    'are not found under the name %j',
    async (name) => {
      const { backups } = scene();
      await backups.save(document(), NOW_MS);
      expect(await backups.read(name, NOW_MS)).toEqual({ kind: 'not-found' });
    },
  );
});
