import { describe, expect, it } from 'vitest';
import { against } from '../cli-test-support.ts';

const NEWEST = { name: '2026-11-21T21-31-00.123Z', created: '2026-11-21T21:31:00.123Z', size_bytes: 4711 };
const OLDER = { name: '2026-11-21T20-31-00.123Z', created: '2026-11-21T20:31:00.123Z', size_bytes: 12 };
const LISTING = { 'GET /admin/backups': [{ body: { backups: [NEWEST, OLDER] } }] };
const DONE = { backup: NEWEST.name, imported: 2, overwritten: 1, existing: 3, repaired: 0, refused: [] };

describe('snapshots', () => {
  it('are listed', async () => {
    const { run } = await against(LISTING);
    expect((await run(['snapshot', 'list'])).out).toBe(
      [
        'NAME                      CREATED                   SIZE_BYTES',
        '2026-11-21T21-31-00.123Z  2026-11-21T21:31:00.123Z  4711',
        '2026-11-21T20-31-00.123Z  2026-11-21T20:31:00.123Z  12',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await run(['snapshot', 'list', '--json'])).out)).toEqual({ backups: [NEWEST, OLDER] });
  });

  it('are restored by name, or the latest of them', async () => {
    const path = `POST /admin/backups/${NEWEST.name}/restore`;
    const { run, lines } = await against({ ...LISTING, [path]: [{ body: DONE }] });
    expect(await run(['snapshot', 'restore', NEWEST.name])).toEqual({
      exitCode: 0,
      out: `backup  ${NEWEST.name}\n2 imported, 1 overwritten, 3 existing, 0 repaired, 0 refused\n`,
      err: '',
    });
    const latest = await run(['snapshot', 'restore', 'latest', '--overwrite', '--json']);
    expect(JSON.parse(latest.out)).toEqual(DONE);
    expect(lines()).toEqual([path, 'GET /admin/backups', `${path}?overwrite=true`]);
  });

  it('end with 1 when entries were refused, and tell which', async () => {
    const refused = [{ entry: 'a', message: 'are masked here' }];
    const { run } = await against({
      'POST /admin/backups/a%2Fb/restore': [{ body: { ...DONE, refused } }],
    });
    const { exitCode, out } = await run(['snapshot', 'restore', 'a/b']);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/1 refused\n\nREFUSED +REASON\na +are masked here\n$/);
  });

  it('are told not to be there', async () => {
    const { run, lines } = await against({ 'GET /admin/backups': [{ body: { backups: [] } }] });
    expect(await run(['snapshot', 'list'])).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^No backups/),
    });
    expect(await run(['snapshot', 'restore', 'latest'])).toMatchObject({
      ...{ exitCode: 1, out: '' },
      err: expect.stringMatching(/^No backups/),
    });
    expect(lines()).not.toContainEqual(expect.stringMatching(/^POST/));
  });
});
