import type { Fence } from '../../store/lease.ts';
import type { StoredReport } from '../../store/reports.ts';
import { countOf, countsIn, fieldsOf, listOf, textOf, textsIn } from '../../store/stored-fields.ts';
import {
  UNEVENTFUL,
  type Decision,
  type NotifyReport,
  type QueueManagerLine,
  type TestResult,
} from '../report.ts';
import { encodeAsks, parseAsks, type Asks } from './asks.ts';
import { loadIn, type Load } from './plan-ranges.ts';

/** What a range hands back to its cycle besides its report, in the memory that it stores with that. */
export interface HandedBack {
  readonly counted: Readonly<Record<string, number>>;
  readonly load: Load;
  readonly asks: Asks;
}

export function encodeHandedBack({ counted, load, asks }: HandedBack): object {
  return { counted, load, asks: encodeAsks(asks) };
}

/** How the run of a range ended. */
export interface RangeRun extends HandedBack {
  readonly report: Pick<NotifyReport, 'outcome' | 'duration_ms' | 'problems'> & {
    readonly registrations: NotifyReport['registrations'];
    readonly notifications: NotifyReport['notifications'];
    readonly queue_managers: readonly QueueManagerLine[];
    readonly decisions: readonly Decision[];
    readonly others: NotifyReport['others'];
    readonly tests: readonly TestResult[];
  };
}

/**
 * What a range stored of its run under that fence; `undefined` when it has stored nothing yet. It is ours, and may be of
 * another version: what is not of its form counts for nothing. Total: never throws.
 */
export function rangeRunOf(stored: StoredReport, fence: Fence): RangeRun | undefined {
  const report = fieldsOf(stored.report);
  const { counted, load, asks } = fieldsOf(stored.memory['handedBack']);
  const known = loadIn(load);
  if (stored.fence !== fence || known === undefined) return undefined;
  const registrations = fieldsOf(report['registrations']);
  return {
    counted: countsIn(counted),
    load: known,
    asks: parseAsks(asks),
    report: {
      outcome: textOf(report['outcome']) === 'completed' ? 'completed' : 'partial',
      duration_ms: countOf(report['duration_ms']) ?? 0,
      problems: textsIn(report['problems']),
      registrations: {
        ...NO_REGISTRATIONS,
        ...countsIn(registrations),
        damaged: textsIn(registrations['damaged']),
      },
      notifications: { ...NO_NOTIFICATIONS, ...countsIn(report['notifications']) },
      queue_managers: listOf(report['queue_managers']).filter(isLine),
      decisions: listOf(report['decisions']).filter(isDecision),
      others: fieldsOf(report['others'])['reason'] === UNEVENTFUL.reason ? UNEVENTFUL : undefined,
      tests: listOf(report['tests']).filter(isTest),
    },
  };
}

const NO_REGISTRATIONS = { total: 0, active: 0, quarantined: 0, retired: 0 };
const NO_NOTIFICATIONS = { due: 0, succeeded: 0, failed: 0, skipped: 0, deferred: 0, attempts: 0 };

function isLine(value: unknown): value is QueueManagerLine {
  const { qmgr, outcome } = fieldsOf(value);
  return typeof qmgr === 'string' && typeof outcome === 'string';
}

function isDecision(value: unknown): value is Decision {
  const { id, reason } = fieldsOf(value);
  return typeof id === 'string' && typeof reason === 'string';
}

function isTest(value: unknown): value is TestResult {
  return isDecision(value) && typeof fieldsOf(value)['request'] === 'string';
}
