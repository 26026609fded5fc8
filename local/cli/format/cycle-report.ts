import { at, countAt, listAt, textAt } from '../answers.ts';
import { formatDecisions, formatTests } from './decisions.ts';
import { plain } from './plain.ts';
import type { Style } from './style.ts';
import { formatFacts, formatTable, type Cell } from './table.ts';

/** The report of one cycle, in the words of its keys. */
export function formatCycleReport(report: unknown, style: Style): string {
  const decisions = listAt(report, 'decisions');
  const tests = listAt(report, 'tests');
  const queueManagers = listAt(report, 'queue_managers');
  return [
    formatFacts(factsOf(report), style),
    ...(queueManagers.length === 0 ? [] : [formatQueueManagers(queueManagers, style)]),
    ...(decisions.length === 0 ? [] : [formatDecisions(decisions, style)]),
    ...(tests.length === 0 ? [] : [formatTests(tests, style)]),
    ...listAt(report, 'problems').map((problem) => style(`Problem: ${plain(String(problem))}`, 'bad')),
  ].join('\n\n');
}

function factsOf(report: unknown): readonly (readonly [string, Cell])[] {
  const durationMs = textAt(report, 'duration_ms');
  const restored = at(report, 'restored');
  return [
    ['cycle', textAt(report, 'cycle')],
    ['outcome', textAt(report, 'outcome')],
    ['reason', textAt(report, 'reason')],
    ['started', textAt(report, 'started')],
    ['duration', durationMs === undefined ? undefined : `${durationMs} ms`],
    ['registrations', countsIn(report, 'registrations', ['total', 'active', 'quarantined', 'retired'])],
    ['damaged', listAt(report, 'registrations', 'damaged').map(String).join(', ')],
    ['notifications', countsIn(report, 'notifications', NOTIFICATIONS)],
    ['restored', Array.isArray(restored) ? restored.map(String).join(', ') || 'none' : undefined],
    ['quarantined', textAt(report, 'quarantined')],
    ['changed', textAt(report, 'changed')],
    ['backup', textAt(report, 'backup')],
    ['pruned', textAt(report, 'pruned')],
  ];
}

const NOTIFICATIONS = ['due', 'succeeded', 'failed', 'skipped', 'deferred', 'attempts'];

/** `5 due, 4 succeeded`; of what is not there nothing. */
function countsIn(report: unknown, group: string, names: readonly string[]): string {
  return names
    .filter((name) => at(report, group, name) !== undefined)
    .map((name) => `${countAt(report, group, name)} ${name}`)
    .join(', ');
}

function formatQueueManagers(lines: readonly unknown[], style: Style): string {
  const rows = lines.map((line) => [
    ...[textAt(line, 'qmgr'), textAt(line, 'outcome'), textAt(line, 'queues')],
    `${countAt(line, 'duration_ms')} ms`,
    [textAt(line, 'error') ?? '', ...listAt(line, 'warnings').map(String)].filter(Boolean).join('; '),
  ]);
  return formatTable(['QMGR', 'OUTCOME', 'QUEUES', 'DURATION', 'ERROR'], rows, style);
}
