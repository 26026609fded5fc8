import { eventId } from '../../lib/events/lifecycle-event.ts';
import type { HttpAnswer } from '../../lib/platform/function-call/http-call.ts';
import { parseOriginalDocument } from '../../lib/registration/original-document.ts';
import { timeToWire, toStoredForm, type WireRegistration } from '../../lib/registration/wire.ts';
import type { Admitted, RegisterDeps } from './action.ts';
import { cursorAfter, cursorOf } from './cursor.ts';
import { CALL_MS_MAX, unfinished } from './long-call.ts';
import { takeDrafts } from './take-drafts.ts';

/** `DELETE /admin/flush`: removes every registration that is there when it starts. */
export async function flush(deps: RegisterDeps, { actor }: Admitted): Promise<HttpAnswer> {
  const timeMs = deps.clock.nowMs();
  const id = eventId('flushed', deps.store.context.random.uuid());
  // Told first: what cannot be told is not done.
  await deps.events.announce([{ id, type: 'flushed', timeMs, data: { actor } }]);
  const { count, complete } = await deps.store.registrations.flush(deps.clock.nowMs() + CALL_MS_MAX);
  deps.log.info('registrations flushed', { count, complete, actor });
  if (!complete) return { problem: unfinished('There was no time to remove them all; call again.') };
  return { status: 200, body: { message: `${count} registrations dropped` } };
}

/** Below the 5 MB that the platform lets through. */
const EXPORT_BYTES_MAX = 4_500_000;

/**
 * `GET /admin/export`: the document of the original with everything in it; header values stay encrypted. What does not
 * fit one answer comes page by page: `next` is the `cursor` of the next one.
 */
export async function exportAll(deps: RegisterDeps, { call }: Admitted): Promise<HttpAnswer> {
  const after = cursorAfter(call.query.get('cursor'));
  if (after === undefined)
    return { problem: { code: 'invalid-request', detail: 'cursor must be the "next" of an earlier answer' } };
  const { stored } = await deps.store.registrations.readAll();
  const page: WireRegistration[] = [];
  let bytes = 0;
  let next: string | undefined;
  let last = '';
  for (const { key, registration } of stored) {
    if (key <= after) continue;
    const entry = toStoredForm(registration);
    bytes += Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (bytes > EXPORT_BYTES_MAX && page.length > 0) {
      next = cursorOf(last);
      break;
    }
    page.push(entry);
    last = key;
  }
  const body = { mq_requests: page, last_updated: timeToWire(deps.clock.nowMs()) };
  return { status: 200, body: next === undefined ? body : { ...body, next } };
}

/** `POST /admin/import`: adds what is not there by id, replaces what is damaged, leaves the rest; answers counts. */
export async function importDocument(deps: RegisterDeps, { call, actor }: Admitted): Promise<HttpAnswer> {
  const parsed = parseOriginalDocument(call.body.toString('utf8'), deps.clock.nowMs());
  if (!parsed.ok)
    return {
      problem: { code: 'invalid-request', detail: `The document cannot be imported: ${parsed.message}.` },
    };
  const none = { imported: 0, existing: 0, repaired: 0 };
  const limit = { clock: deps.clock, endMs: deps.clock.nowMs() + CALL_MS_MAX };
  const { counts, refused, left } = await takeDrafts(parsed, none, deps.store.registrations.importOne, limit);
  deps.log.info('document imported', { ...counts, refused: refused.length, left, actor });
  if (left > 0)
    return {
      problem: unfinished(
        `There was no time for ${left} of ${parsed.drafts.length} entries; import the same again: what is there is left alone.`,
      ),
    };
  return { status: 200, body: { ...counts, refused } };
}
