import { describe, expect, it } from 'vitest';
import { formatCycleReport } from './cycle-report.ts';
import { decisionInWords, formatHistory } from './decisions.ts';
import { plain, plainJson, plainLines } from './plain.ts';
import { progressBar } from './progress.ts';
import { createStyle } from './style.ts';
import { formatFacts, formatTable } from './table.ts';

const style = createStyle(false);

describe('plain', () => {
  it('takes out all that a terminal would obey', () => {
    expect(plain('a\u001b[2Jb\r\nc\u009bd\u202ee\u2028f\ud800')).toBe('a [2Jb c d e f\ufffd');
  });

  it('leaves of lines their ends and our own styles, and nothing else', () => {
    const styled = createStyle(true)('UP', 'good');
    expect(plainLines(`${styled}\na\u001b]0;t\u0007\u001b[2Jb\r\u202e`)).toBe(`${styled}\na ]0;t  [2Jb  `);
  });

  it('writes JSON that reads back as the same', () => {
    const value = { 'a\u001b': ['\u009b', '\u202e', '\u{e0001}', 'ü\n'] };
    expect(plainJson(value).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(JSON.parse(plainJson(value))).toEqual(value);
  });
});

describe('tables', () => {
  it('align by characters, whatever is missing', () => {
    expect(
      formatTable(
        ['A', 'BB'],
        [
          ['😀😀', 1],
          [undefined, 'x\ny'],
        ],
        style,
      ),
    ).toBe('A   BB\n😀😀  1\n    x y');
    expect(
      formatFacts(
        [
          ['a', 1],
          ['long', 'x'],
          ['none', undefined],
        ],
        style,
      ),
    ).toBe('a     1\nlong  x');
  });

  it('align in colour as without', () => {
    const rows = [
      ['UP', 'x'],
      ['longer', 'y'],
    ];
    const coloured = formatTable(['S', 'N'], rows, createStyle(true));
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(formatTable(['S', 'N'], rows, style));
  });
});

describe('decisions', () => {
  it('are told with what is known', () => {
    expect(decisionInWords({ id: 'a', reason: 'woken', depth: 3, attempts: 1 })).toBe(
      'The target was woken. (depth 3, attempts 1)',
    );
    expect(decisionInWords({ reason: 'failed', detail: 'answered 500', attempts: 3 })).toBe(
      'The target could not be woken. answered 500. (attempts 3)',
    );
  });

  it.each([{ reason: 'constructor' }, { reason: 'of a later version' }, {}, null, 'text'])(
    'of %j make a sentence all the same',
    (decision) => {
      expect(decisionInWords(decision)).toContain('does not know that reason');
    },
  );

  it('come before the tests that were asked for', () => {
    const tests = [
      { started: 'then', test: { id: 'a', request: 'r', reason: 'retired', detail: 'answered 410' } },
    ];
    const text = formatHistory({ id: 'a', decisions: [], tests }, style);
    expect(text).toMatch(
      /^No cycle.*\n\nTEST STARTED +REASON +IN WORDS\nthen +retired +.*would retire it\. answered 410\.$/,
    );
    expect(formatCycleReport({ tests: tests.map(({ test }) => test) }, style)).toMatch(
      /TEST OF.*\na +retired/,
    );
  });

  it('say so when there are none', () => {
    expect(formatHistory({ id: 'a', decisions: [] }, style)).toContain('No cycle');
    expect(formatHistory('nonsense', style)).toContain('No cycle');
  });
});

describe('a cycle report', () => {
  it('is told in the words of its keys', () => {
    const text = formatCycleReport(
      {
        ...{ cycle: 'notify', id: 'x', outcome: 'partial', started: 'then', duration_ms: 8 },
        registrations: { total: 2, active: 1, quarantined: 1, retired: 0, damaged: [] },
        queue_managers: [{ qmgr: 'QM2', outcome: 'error', queues: 0, duration_ms: 5, error: 'timeout' }],
        notifications: { due: 1, succeeded: 1, failed: 0, skipped: 0, deferred: 0, attempts: 1 },
        decisions: [{ id: 'a', reason: 'woken', depth: 3 }],
        problems: ['not read: QM2 (see queue_managers)'],
      },
      style,
    );
    expect(text).toMatch(/outcome +partial/);
    expect(text).toMatch(/registrations +2 total, 1 active, 1 quarantined, 0 retired/);
    expect(text).toMatch(/QM2 +error +0 +5 ms +timeout/);
    expect(text).toMatch(/a +woken +The target was woken. \(depth 3\)/);
    expect(text).toContain('Problem: not read: QM2');
  });

  it('tells what a restore cycle lifted', () => {
    const report = { cycle: 'restore', outcome: 'completed', restored: ['a', 'b'], quarantined: 1 };
    expect(formatCycleReport(report, style)).toMatch(/restored +a, b\nquarantined +1/);
    expect(formatCycleReport({ ...report, restored: [] }, style)).toMatch(/restored +none/);
  });

  it('is blank for nonsense, and does not fail', () => {
    expect(formatCycleReport({ decisions: 'x', problems: {}, registrations: [1] }, style)).toBe('');
  });
});

describe('progress', () => {
  it('fills up', () => {
    expect(progressBar(0, 0)).toBe(`[${'#'.repeat(30)}] 0 of 0`);
    expect(progressBar(1, 3)).toBe(`[${'#'.repeat(10)}${'-'.repeat(20)}] 1 of 3`);
  });
});
