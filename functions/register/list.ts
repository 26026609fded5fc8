import type { HttpAnswer } from '../../lib/platform/function-call/http-call.ts';
import type { FieldProblem } from '../../lib/platform/problem.ts';
import { statusOf } from '../../lib/registration/state.ts';
import { toAnswerForm } from '../../lib/registration/wire.ts';
import type { Admitted, RegisterDeps } from './action.ts';
import { cursorAfter, cursorOf } from './cursor.ts';

interface Filter {
  readonly qmgr: string | null;
  readonly queue: string | null;
  readonly state: string | null;
  readonly limit: number;
  /** The key after which the page starts. */
  readonly after: string;
}

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1000;
const STATES = ['active', 'quarantined', 'retired'];

/** `GET /register`: one page of the registrations that the filters let through. */
export async function listRegistrations(deps: RegisterDeps, { call }: Admitted): Promise<HttpAnswer> {
  const filter = readFilter(call.query);
  if ('field' in filter)
    return {
      problem: { code: 'invalid-request', detail: `${filter.field} ${filter.message}`, errors: [filter] },
    };
  const { stored } = await deps.store.registrations.readAll();
  const matching = stored.filter(
    ({ key, record, registration }) =>
      key > filter.after &&
      (filter.qmgr === null || record.qmgr === filter.qmgr) &&
      (filter.queue === null || record.queue === filter.queue) &&
      (filter.state === null || statusOf(registration) === filter.state),
  );
  const page = matching.slice(0, filter.limit);
  const last = page.at(-1);
  const more = last !== undefined && matching.length > page.length;
  return {
    status: 200,
    body: {
      mq_requests: page.map(({ registration }) => toAnswerForm(registration)),
      ...(more ? { next: cursorOf(last.key) } : {}),
    },
  };
}

function readFilter(query: URLSearchParams): Filter | FieldProblem {
  const state = query.get('state');
  if (state !== null && !STATES.includes(state))
    return { field: 'state', message: `must be one of ${STATES.join(', ')}` };
  const limit = query.get('limit') ?? String(LIMIT_DEFAULT);
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > LIMIT_MAX)
    return { field: 'limit', message: `must be a whole number from 1 to ${LIMIT_MAX}` };
  const after = cursorAfter(query.get('cursor'));
  if (after === undefined) return { field: 'cursor', message: 'must be the "next" of an earlier answer' };
  return { qmgr: query.get('qmgr'), queue: query.get('queue'), state, limit: Number(limit), after };
}
