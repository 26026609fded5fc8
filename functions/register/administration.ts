import type { HttpAnswer } from '../../lib/platform/function-call/http-call.ts';
import { parseOriginalDocument } from '../../lib/registration/original-document.ts';
import { timeToWire, toStoredForm } from '../../lib/registration/wire.ts';
import { UnstorableError } from '../../lib/store/registration-store.ts';
import { eachOf } from '../../lib/store/registration-reader.ts';
import type { Admitted, RegisterDeps } from './action.ts';

/** `DELETE /admin/flush`: removes every registration that is there when it starts. */
export async function flush(deps: RegisterDeps, { actor }: Admitted): Promise<HttpAnswer> {
  const count = await deps.store.registrations.flush();
  deps.log.info('registrations flushed', { count, actor });
  return { status: 200, body: { message: `${count} registrations dropped` } };
}

/** `GET /admin/export`: the document of the original with everything in it; header values stay encrypted. */
export async function exportAll(deps: RegisterDeps): Promise<HttpAnswer> {
  const { stored } = await deps.store.registrations.readAll();
  return {
    status: 200,
    body: {
      mq_requests: stored.map(({ registration }) => toStoredForm(registration)),
      last_updated: timeToWire(deps.clock.nowMs()),
    },
  };
}

const IMPORTS_AT_ONCE = 16;

/** `POST /admin/import`: adds what is not there by id, replaces what is damaged, leaves the rest; answers counts. */
export async function importDocument(deps: RegisterDeps, { call, actor }: Admitted): Promise<HttpAnswer> {
  const parsed = parseOriginalDocument(call.body.toString('utf8'), deps.clock.nowMs());
  if (!parsed.ok)
    return {
      problem: { code: 'invalid-request', detail: `The document cannot be imported: ${parsed.message}.` },
    };
  const counts = { imported: 0, existing: 0, repaired: 0 };
  const refused: { readonly entry: number | string; readonly message: string }[] = parsed.refused.map(
    ({ index, message }) => ({ entry: index, message }),
  );
  await eachOf(parsed.drafts, IMPORTS_AT_ONCE, async (draft) => {
    try {
      counts[await deps.store.registrations.importOne(draft)] += 1;
    } catch (error) {
      if (!(error instanceof UnstorableError)) throw error;
      refused.push({ entry: draft.id, message: error.message });
    }
  });
  deps.log.info('document imported', { ...counts, refused: refused.length, actor });
  return { status: 200, body: { ...counts, refused } };
}
