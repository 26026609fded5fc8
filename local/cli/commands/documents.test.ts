import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aFolder, against, ONE, QUARANTINED } from '../cli-test-support.ts';

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
      { mq_requests: [entry, entry] },
      { mq_requests: [entry] },
    ]);
    expect([exitCode, err]).toEqual([1, '']);
    expect(out).toBe(
      '1 imported, 1 existing, 0 repaired, 1 refused\n\nREFUSED  REASON\n2        qmgr is missing\n',
    );
  });

  it('shows how far it is on a terminal, and takes that away', async () => {
    const { run } = await against({ 'POST /admin/import': [{ body: { imported: 1 } }] });
    const { err } = await run(['import', '-'], {
      stdin: JSON.stringify({ mq_requests: [ONE] }),
      isTerminal: true,
    });
    expect(err).toContain('1 of 1');
    expect(err.endsWith('\r\u001b[K')).toBe(true);
  });

  it('says how far an import came', async () => {
    const { run } = await against({ 'POST /admin/import': [{ status: 503, body: { detail: 'no time' } }] });
    const failed = await run(['import', '-'], { stdin: JSON.stringify({ mq_requests: [ONE] }) });
    expect(failed).toMatchObject({ exitCode: 1, err: expect.stringContaining('0 of 1 entries were taken') });
  });

  it.each([
    ['{', 'not JSON'],
    ['[]', 'no document'],
    ['{"mq_requests":{}}', 'no document'],
  ])('refuses to import %s', async (stdin, reason) => {
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
