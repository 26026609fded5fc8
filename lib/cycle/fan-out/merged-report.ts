import { shortfalls } from '../notify-report.ts';
import {
  ANSWERED_DECISIONS_MAX,
  foremost,
  storedDecisions,
  STORED_DECISIONS_MAX,
  type NotifyReport,
  type QueueManagerLine,
  type RangeLine,
} from '../report.ts';
import type { CycleResult } from '../run-cycle.ts';
import type { RangeRun } from './range-run.ts';

/** How a range ended, as far as its cycle knows. */
export type RangeEnd =
  | { readonly range: string; readonly run: RangeRun }
  | { readonly range: string; readonly run: undefined; readonly detail: string; readonly durationMs: number };

/**
 * The report of a cycle that was split.
 * @param lines of the queue managers that the cycle asked
 */
export function mergedReport(
  ends: readonly RangeEnd[],
  lines: readonly QueueManagerLine[],
): Pick<CycleResult<NotifyReport>, 'body' | 'storedBody' | 'problems'> {
  const reports = ends.flatMap(({ run }) => (run === undefined ? [] : [run.report]));
  const registrations = reports.map((one) => one.registrations);
  const notifications = reports.map((one) => one.notifications);
  const tests = reports.flatMap((one) => one.tests);
  const queueManagers = waitedFor(reports, lines);
  const body = {
    registrations: {
      ...summed(registrations, ['total', 'active', 'quarantined', 'retired']),
      damaged: registrations.flatMap(({ damaged }) => damaged).toSorted(),
    },
    queue_managers: queueManagers.toSorted((a, b) => (a.qmgr < b.qmgr ? -1 : 1)),
    notifications: summed(notifications, ['due', 'succeeded', 'failed', 'skipped', 'deferred', 'attempts']),
    ranges: ends.map(lineOf),
    ...(tests.length === 0 ? {} : { tests }),
  };
  const decisions = reports.flatMap((one) => one.decisions);
  const isAllTold = ends.every(({ run }) => run?.report.others !== undefined);
  return {
    body: { ...body, decisions: foremost(decisions, ANSWERED_DECISIONS_MAX) },
    storedBody: {
      ...body,
      ...(isAllTold ? storedDecisions(decisions) : { decisions: foremost(decisions, STORED_DECISIONS_MAX) }),
    },
    problems: [
      ...new Set([
        ...reports.flatMap(ownProblems),
        ...shortfalls(queueManagers, body.notifications.deferred),
      ]),
    ],
  };
}

/** Without what is said of the cycle as a whole. */
function ownProblems({
  problems = [],
  queue_managers,
  notifications,
}: RangeRun['report']): readonly string[] {
  const said = shortfalls(queue_managers, notifications.deferred);
  return problems.filter((problem) => !said.includes(problem));
}

/**
 * Of the queue managers that were asked those that somebody waits for; and those that are not configured. Where one was
 * read, and a range did not get to see that, it was not read as far as anybody there is concerned.
 */
function waitedFor(
  reports: readonly RangeRun['report'][],
  lines: readonly QueueManagerLine[],
): readonly QueueManagerLine[] {
  const merged = new Map<string, QueueManagerLine>();
  for (const line of reports.flatMap((one) => one.queue_managers))
    if (line.outcome === 'error' || !merged.has(line.qmgr)) merged.set(line.qmgr, line);
  for (const line of lines)
    if (merged.has(line.qmgr) && (line.outcome === 'error' || merged.get(line.qmgr)?.outcome === 'ok'))
      merged.set(line.qmgr, line);
  return [...merged.values()];
}

function lineOf(end: RangeEnd): RangeLine {
  const { range, run } = end;
  if (run === undefined)
    return {
      ...{ range, outcome: 'unanswered', duration_ms: end.durationMs, registrations: 0 },
      detail: end.detail,
    };
  const { outcome, duration_ms, registrations } = run.report;
  return { range, outcome, duration_ms, registrations: registrations.total };
}

function summed<K extends string>(
  counts: readonly Readonly<Record<K, number>>[],
  names: readonly K[],
): Readonly<Record<K, number>> {
  const sums = names.map((name) => [name, counts.reduce((sum, count) => sum + count[name], 0)]);
  return Object.fromEntries(sums) as Record<K, number>;
}
