import type { CycleName } from '../store/keys.ts';
import type { Reports, StoredReport } from '../store/reports.ts';
import { DamagedObjectError } from '../store/store-context.ts';
import { countOf, countsIn, fieldsOf, listOf, textOf, textsIn } from '../store/stored-fields.ts';

/** What is known of one queue manager from the last notify cycle. */
export interface QueueManagerLook {
  readonly qmgr: string;
  readonly isUp: boolean;
  readonly durationMs: number;
  readonly error: string | undefined;
}

/** What the last run of a cycle reported. */
export interface LastRun {
  readonly startedMs: number;
  readonly durationMs: number;
  readonly outcome: string;
  readonly problems: readonly string[];
  /** Keys of damaged objects that it found. */
  readonly damaged: readonly string[];
  /** Counts of registrations, by state where it told them apart. */
  readonly registrations: Readonly<Record<string, number>>;
  readonly queueManagers: readonly QueueManagerLook[];
}

/** What is stored of one cycle. */
export interface CycleLook {
  /** `undefined`: no run has reported yet, or its report cannot be read. */
  readonly last: LastRun | undefined;
  /** Sums over all runs. */
  readonly counters: Readonly<Record<string, number>>;
  /** The key of the report, when that is damaged itself. */
  readonly damagedKey: string | undefined;
}

/** What is stored of the cycles: all that an instance can know of them. */
export type StoredReports = Readonly<Record<CycleName, CycleLook>>;

/**
 * Reads the last report of each cycle. What is not of its form is taken as not there.
 * @throws {ObjectStoreError} the store cannot be used.
 */
export async function readStoredReports(reports: Pick<Reports, 'read'>): Promise<StoredReports> {
  const [notify, restore, persist] = await Promise.all([
    lookAt(reports, 'notify'),
    lookAt(reports, 'restore'),
    lookAt(reports, 'persist'),
  ]);
  return { notify, restore, persist };
}

async function lookAt(reports: Pick<Reports, 'read'>, cycle: CycleName): Promise<CycleLook> {
  try {
    const stored: StoredReport = await reports.read(cycle);
    return {
      last: lastRunOf(stored.report),
      counters: countsIn(stored.counters),
      damagedKey: undefined,
    };
  } catch (error) {
    if (!(error instanceof DamagedObjectError)) throw error;
    return { last: undefined, counters: {}, damagedKey: error.key };
  }
}

function lastRunOf(report: unknown): LastRun | undefined {
  const fields = fieldsOf(report);
  const startedMs = Date.parse(textOf(fields['started']) ?? '');
  if (Number.isNaN(startedMs)) return undefined;
  const registrations = fieldsOf(fields['registrations']);
  return {
    startedMs,
    durationMs: countOf(fields['duration_ms']) ?? 0,
    outcome: textOf(fields['outcome']) ?? 'unknown',
    problems: textsIn(fields['problems']),
    damaged: textsIn(registrations['damaged']),
    registrations: countsIn(registrations),
    queueManagers: listOf(fields['queue_managers']).flatMap(queueManagerOf),
  };
}

function queueManagerOf(line: unknown): readonly QueueManagerLook[] {
  const fields = fieldsOf(line);
  const qmgr = textOf(fields['qmgr']);
  if (qmgr === undefined) return [];
  return [
    {
      qmgr,
      isUp: fields['outcome'] === 'ok',
      durationMs: countOf(fields['duration_ms']) ?? 0,
      error: textOf(fields['error']),
    },
  ];
}
