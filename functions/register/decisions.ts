import type { HttpAnswer } from '../../lib/platform/function-call/http-call.ts';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import type { StoredReport } from '../../lib/store/reports.ts';
import { DamagedObjectError } from '../../lib/store/store-context.ts';
import type { Admitted, RegisterDeps } from './action.ts';

/** One decision of an earlier cycle, with when that was. */
interface PastDecision {
  /** When the cycle started, RFC 3339. */
  readonly started: unknown;
  readonly cycle_id: unknown;
  readonly decision: object;
}

/**
 * `GET /register/{id}/decisions`: what the last notify cycles decided on a registration, newest first, with reasons. As many
 * cycles as are stored; one in which it is not named had more to say than is kept.
 */
export async function listDecisions(deps: RegisterDeps, { id = '' }: Admitted): Promise<HttpAnswer> {
  const [stored, reports] = await Promise.all([
    deps.store.registrations.get(asRegistrationId(id)),
    reportsOf(deps),
  ]);
  const decisions = [reports.report, ...reports.recent].flatMap((report) => decisionsIn(report, id));
  if (stored === undefined && decisions.length === 0)
    return {
      problem: {
        code: 'not-found',
        detail: `No registration has the id ${JSON.stringify(id.slice(0, 256))}.`,
      },
    };
  return { status: 200, body: { id, decisions } };
}

async function reportsOf({ store }: RegisterDeps): Promise<Pick<StoredReport, 'report' | 'recent'>> {
  try {
    return await store.reports.read('notify');
  } catch (error) {
    if (error instanceof DamagedObjectError) return { report: null, recent: [] };
    throw error;
  }
}

/** What was stored is ours, and may all the same be of a version that did not have this. */
function decisionsIn(report: unknown, id: string): readonly PastDecision[] {
  if (typeof report !== 'object' || report === null || !('decisions' in report)) return [];
  if (!Array.isArray(report.decisions)) return [];
  const isOne = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && 'id' in value && value.id === id;
  return report.decisions.filter(isOne).map((decision) => ({
    started: 'started' in report ? report.started : null,
    cycle_id: 'id' in report ? report.id : null,
    decision,
  }));
}
