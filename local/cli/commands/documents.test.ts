import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aFolder, against, ONE, QUARANTINED } from '../cli-test-support.ts';

const documentOf = (entries: number): string =>
  JSON.stringify({ mq_requests: Array.from({ length: entries }, () => ONE) });

describe('documents', () => {
  it('exports all pages as one document, into a file as a whole', async () => {
    const pages = [
      { body: { mq_requests: [ONE], last_updated: 'x', next: 'n' } },
      { body: { mq_requests: [QUARANTINED], last_updated: 'y' } },
    ];
    const { run } = await against({ 'GET /admin/export': [...pages, ...pages, ...pages] });
    const whole = { mq_requests: [ONE, QUARANTINED], last_updated: 'y' };
    expect(JSON.parse((await run(['export'])).out)).toEqual(whole);
    const folder = aFolder();
    const file = join(folder, 'all.json');
    writeFileSync(file, 'earlier');
    expect(await run(['export', '--out', file])).toEqual({ exitCode: 0, out: '', err: '' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(whole);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['all.json']);
    const nowhere = await run(['export', '--out', join(folder, 'none', 'all.json')]);
    expect(nowhere).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('cannot be written (ENOENT)'),
    });
  });

  it('leaves the earlier file alone when an export fails halfway', async () => {
    const { run } = await against({
      'GET /admin/export': [
        { body: { mq_requests: [ONE], next: 'n' } },
        { status: 503, body: { detail: 'busy' } },
      ],
    });
    const file = join(aFolder(), 'all.json');
    writeFileSync(file, 'earlier');
    expect(await run(['export', '--out', file])).toMatchObject({ exitCode: 1 });
    expect(readFileSync(file, 'utf8')).toBe('earlier');
  });

  it('imports in parts, sums what became of them, and ends with 1 when anything was refused', async () => {
    const entry = { notify: 'x'.repeat(1_500_000) };
    const counts = { imported: 1, existing: 1, repaired: 0, refused: [] };
    const refused = [{ entry: 0, message: 'qmgr is missing' }];
    const { run, asked } = await against({
      'POST /admin/import': [{ body: counts }, { body: { ...counts, imported: 0, existing: 0, refused } }],
    });
    const stdin = JSON.stringify({ MQ_Requests: [entry, entry, entry] });
    const { exitCode, out, err } = await run(['import', '-'], { stdin });
    expect(asked.map(({ json }) => json)).toEqual([
      { mq_requests: [entry] },
      { mq_requests: [entry, entry] },
    ]);
    expect([exitCode, err]).toEqual([1, '']);
    expect(out).toBe(
      '1 imported, 1 existing, 0 repaired, 1 refused\n\nREFUSED  REASON\n0        qmgr is missing\n',
    );
  });

  it('shows how far it is on a terminal, and takes that away', async () => {
    const { run } = await against({ 'POST /admin/import': [{ body: { imported: 1 } }] });
    const { err } = await run(['import', '-'], {
      stdin: JSON.stringify({ mq_requests: [ONE] }),
      isTerminal: true,
    });
    expect(err).toMatch(/ 0 of 1.* 1 of 1/s);
    expect(err.endsWith('\r\u001b[K')).toBe(true);
  });

  it('says how far an import came', async () => {
    const { run } = await against({
      'POST /admin/import': [
        { body: { imported: 1 } },
        { status: 503, body: { detail: 'no time' } },
        { status: 403, body: { detail: 'not for you' } },
      ],
    });
    const stdin = documentOf(501);
    const failed = await run(['import', '-'], { stdin });
    expect(failed).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('no time At least 1 of 501 entries were taken'),
    });
    const refused = await run(['import', '-'], { stdin });
    expect(refused.err).toContain('not for you 0 of 501 entries were taken');
  });

  it('goes on with an import for as long as it is asked to, and counts what it knows', async () => {
    const again = { status: 503, retryAfter: 0, body: { detail: 'no time for 200' } };
    const counts = { imported: 200, existing: 300, repaired: 0, refused: [] };
    const { run, asked } = await against({ 'POST /admin/import': [again, again, { body: counts }] });
    const stdin = documentOf(500);
    expect(await run(['import', '-'], { stdin })).toEqual({
      exitCode: 0,
      out: 'at least 200 imported, at most 300 existing, at least 0 repaired, 0 refused\n',
      err: '',
    });
    expect(asked.map(({ json }) => json)).toEqual(Array.from({ length: 3 }, () => JSON.parse(stdin)));
    expect(JSON.parse((await run(['import', '-', '--json'], { stdin })).out)).toEqual({
      ...counts,
      repeated: 0,
    });
  });

  it.each([
    ['too often', 0, 11],
    ['too late', 3_600, 1],
  ])('does not go on with an import when it is asked to %s', async (_what, retryAfter, calls) => {
    const { run, asked } = await against({
      'POST /admin/import': [{ status: 503, retryAfter, body: { detail: 'no time' } }],
    });
    expect(await run(['import', '-'], { stdin: documentOf(1) })).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('At least 0 of 1 entries'),
    });
    expect(asked).toHaveLength(calls);
  });

  it('sends the last entry of an id first, which thus counts wherever it stands', async () => {
    const { run, asked } = await against({ 'POST /admin/import': [{ body: { imported: 1 } }] });
    const entries = Array.from({ length: 501 }, (_, place) => ({ id: 'same', queue: `Q${place}` }));
    await run(['import', '-'], { stdin: JSON.stringify({ mq_requests: entries }) });
    expect(asked.map(({ json }) => json)).toEqual([
      { mq_requests: entries.slice(500) },
      { mq_requests: entries.slice(0, 500) },
    ]);
  });

  it.each([
    ['not JSON', '{'],
    ['no document', '[]'],
    ['no document', '{"mq_requests":{}}'],
    ['nested too deeply', `{"mq_requests":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`],
  ])('refuses to import what is %s', async (reason, stdin) => {
    const { run, asked } = await against({});
    expect(await run(['import', '-'], { stdin })).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining(reason),
    });
    expect(asked).toEqual([]);
    const missing = await run(['import', join(aFolder(), 'none.json')]);
    expect(missing).toMatchObject({ exitCode: 1, err: expect.stringContaining('cannot be read (ENOENT)') });
  });

  it('flushes once that is meant', async () => {
    const { run, lines } = await against({
      'DELETE /admin/flush': [{ body: { message: '2 registrations dropped' } }],
    });
    expect(await run(['flush', '--yes'])).toEqual({ exitCode: 0, out: '2 registrations dropped\n', err: '' });
    expect(lines()).toEqual(['DELETE /admin/flush']);
  });
});
