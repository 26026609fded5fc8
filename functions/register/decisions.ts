import type { HttpAnswer } from '../../lib/platform/function-call/http-call.ts';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import { shardOf, type RunName } from '../../lib/store/keys.ts';
import { rangeLabelled } from '../../lib/store/ranges.ts';
import type { StoredReport } from '../../lib/store/reports.ts';
import { DamagedObjectError } from '../../lib/store/store-context.ts';
import type { Admitted, RegisterDeps } from './action.ts';
import { unknownId } from './registrations.ts';

/** The cycle that an entry is of. */
interface PastCycle {
  /** When it started, RFC 3339. */
  readonly started: unknown;
  readonly cycle_id: unknown;
}

/**
 * `GET /register/{id}/decisions`: what the last notify cycles decided on a registration, newest first, with reasons, and how
 * test wake-ups ended. As many cycles as are stored; one in which it is not named had more to say than is kept.
 */
export async function listDecisions(deps: RegisterDeps, { id = '' }: Admitted): Promise<HttpAnswer> {
  const [stored, reports] = await Promise.all([
    deps.store.registrations.get(asRegistrationId(id)),
    reportsOf(deps, 'notify'),
  ]);
  const past = await withRange(deps, id, [reports.report, ...reports.recent]);
  const sinceMs = stored?.registration.record.lastUpdatedMs ?? Infinity;
  const decisions = past.flatMap((report) =>
    decisionsIn(report, id, sinceMs).map((decision) => ({ ...cycleOf(report), decision })),
  );
  const tests = past.flatMap((report) =>
    entriesIn(report, 'tests', id).map((test) => ({ ...cycleOf(report), test })),
  );
  if (stored === undefined && decisions.length === 0) return { problem: unknownId(id) };
  return { status: 200, body: { id, decisions, tests } };
}

/** Of cycles that were split the part that looked at this registration says more than the whole. */
async function withRange(
  deps: RegisterDeps,
  id: string,
  past: readonly unknown[],
): Promise<readonly unknown[]> {
  const ranges = [...new Set(past.flatMap((report) => rangeIn(report, id) ?? []))];
  const stored = await Promise.all(ranges.map((range) => reportsOf(deps, range)));
  const parts = new Map(
    stored.flatMap(({ report, recent }) =>
      [report, ...recent].map((part) => [cycleOf(part).cycle_id, part] as const),
    ),
  );
  return past.map((whole) => parts.get(cycleOf(whole).cycle_id) ?? whole);
}

/** The range of that report's cycle that this registration is in. */
function rangeIn(report: unknown, id: string): RunName | undefined {
  const { ranges } = fieldsOf(report);
  const shard = shardOf(asRegistrationId(id));
  return (Array.isArray(ranges) ? ranges : [])
    .map((line: unknown) => rangeLabelled(String(fieldsOf(line)['range'])))
    .find((range) => range?.shards.includes(shard))?.name;
}

async function reportsOf(
  { store }: RegisterDeps,
  run: RunName,
): Promise<Pick<StoredReport, 'report' | 'recent'>> {
  try {
    return await store.reports.read(run);
  } catch (error) {
    if (error instanceof DamagedObjectError) return { report: null, recent: [] };
    throw error;
  }
}

/** What a cycle decided on a registration that is as it is now since `sinceMs`. */
function decisionsIn(report: unknown, id: string, sinceMs: number): readonly object[] {
  const named = entriesIn(report, 'decisions', id);
  const { others, started } = fieldsOf(report);
  const isAmongOthers = typeof others === 'object' && Date.parse(String(started)) > sinceMs;
  return named.length === 0 && isAmongOthers ? [{ id, ...others }] : named;
}

/** What was stored is ours, and may all the same be of a version that did not have this. */
function entriesIn(report: unknown, list: 'decisions' | 'tests', id: string): readonly object[] {
  const entries = fieldsOf(report)[list];
  const isOne = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && 'id' in value && value.id === id;
  return Array.isArray(entries) ? entries.filter(isOne) : [];
}

function cycleOf(report: unknown): PastCycle {
  const { started = null, id = null } = fieldsOf(report);
  return { started, cycle_id: id };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
