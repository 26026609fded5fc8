import type { CycleName } from '../store/keys.ts';
import type { Reports } from '../store/reports.ts';
import { DamagedObjectError } from '../store/store-context.ts';
import { countOf, fieldsOf, listOf, textOf, textsIn } from '../store/stored-fields.ts';
import { RUNS_MAX, type CycleRunLook, type DecisionLook, type QueueManagerState } from './overview.ts';

/** One stored run of a cycle. */
export interface StoredRun extends CycleRunLook {
  readonly queueManagers: readonly QueueManagerState[];
  /** By registration. */
  readonly decisions: ReadonlyMap<string, DecisionLook>;
  /** What was decided on everybody else who was registered when it began; `undefined` when it does not say. */
  readonly others: DecisionLook | undefined;
}

/** What a run decided on a registration that is as it is now since `sinceMs`; `undefined` when it does not say. */
export function decisionIn(run: StoredRun, id: string, sinceMs: number): DecisionLook | undefined {
  const named = run.decisions.get(id);
  return named ?? (Date.parse(run.started) > sinceMs ? run.others : undefined);
}

/**
 * The stored runs of a cycle, newest first. What is not of their form is taken as not there, and so is a damaged report:
 * health tells of that.
 * @throws {ObjectStoreError} the store cannot be used.
 */
export async function readRuns(
  reports: Pick<Reports, 'read'>,
  cycle: CycleName,
): Promise<readonly StoredRun[]> {
  try {
    const { report, recent } = await reports.read(cycle);
    return [report, ...recent].flatMap((one) => runOf(cycle, one)).slice(0, RUNS_MAX);
  } catch (error) {
    if (error instanceof DamagedObjectError) return [];
    throw error;
  }
}

function runOf(cycle: CycleName, report: unknown): readonly StoredRun[] {
  const fields = fieldsOf(report);
  const started = textOf(fields['started']);
  if (started === undefined || Number.isNaN(Date.parse(started))) return [];
  const run = {
    cycle,
    started,
    duration_ms: countOf(fields['duration_ms']) ?? 0,
    outcome: textOf(fields['outcome']) ?? 'unknown',
    problems: textsIn(fields['problems']),
    queueManagers: listOf(fields['queue_managers']).flatMap((line) => queueManagerOf(line, started)),
    decisions: new Map(listOf(fields['decisions']).flatMap((line) => decisionOf(line, started))),
    others: lookOf(fields['others'], started),
  };
  return [run];
}

function queueManagerOf(line: unknown, at: string): readonly QueueManagerState[] {
  const fields = fieldsOf(line);
  const qmgr = textOf(fields['qmgr']);
  if (qmgr === undefined) return [];
  const known = {
    qmgr,
    outcome: textOf(fields['outcome']) ?? 'unknown',
    queues: countOf(fields['queues']) ?? 0,
    duration_ms: countOf(fields['duration_ms']) ?? 0,
    error: textOf(fields['error']) ?? null,
    warnings: textsIn(fields['warnings']),
    at,
  };
  return [known];
}

function decisionOf(line: unknown, at: string): readonly (readonly [string, DecisionLook])[] {
  const id = textOf(fieldsOf(line)['id']);
  const look = lookOf(line, at);
  return id === undefined || look === undefined ? [] : [[id, look]];
}

function lookOf(decision: unknown, at: string): DecisionLook | undefined {
  const fields = fieldsOf(decision);
  const reason = textOf(fields['reason']);
  if (reason === undefined) return undefined;
  const depth = countOf(fields['depth_sum']) ?? countOf(fields['depth']) ?? null;
  return { reason, detail: textOf(fields['detail']) ?? null, depth, at };
}
