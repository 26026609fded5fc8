import type { HttpAnswer } from '../../lib/platform/function-call/http-call.ts';
import type { Admitted, RegisterDeps } from './action.ts';
import { CALL_MS_MAX, unfinished } from './long-call.ts';

/** `GET /admin/dead-letters`: how many events were given up, by endpoint. */
export async function countDeadLetters({ store }: RegisterDeps): Promise<HttpAnswer> {
  const counts = await store.outbox.deadLetters.count();
  return { status: 200, body: { dead_letters: Object.fromEntries(counts) } };
}

const ENDPOINT = /^[A-Za-z0-9._-]{1,64}$/;

/** `POST /admin/dead-letters/replay`: puts the events of one `endpoint`, or of all, back into the outbox. */
export async function replayDeadLetters(
  { store, log, clock }: RegisterDeps,
  { call, actor }: Admitted,
): Promise<HttpAnswer> {
  const endpoint = call.query.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !ENDPOINT.test(endpoint))
    return { problem: { code: 'invalid-request', detail: 'endpoint must be the name of an event endpoint' } };
  const { replayed, damaged, left } = await store.outbox.deadLetters.replay(
    clock.nowMs() + CALL_MS_MAX,
    endpoint,
  );
  log.info('dead letters replayed', { endpoint: endpoint ?? 'all', replayed, left, actor });
  if (left > 0) {
    const detail = `There was no time for ${left} dead letters, ${replayed} were put back; call again.`;
    return { problem: unfinished(detail) };
  }
  return { status: 200, body: { replayed, damaged } };
}
