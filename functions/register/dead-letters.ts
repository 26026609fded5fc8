import type { HttpAnswer } from '../../lib/platform/function-call/http-call.ts';
import type { Admitted, RegisterDeps } from './action.ts';

/** `GET /admin/dead-letters`: how many events were given up, by endpoint. */
export async function countDeadLetters({ store }: RegisterDeps): Promise<HttpAnswer> {
  const counts = await store.outbox.deadLetters.count();
  return { status: 200, body: { dead_letters: Object.fromEntries(counts) } };
}

const ENDPOINT = /^[A-Za-z0-9._-]{1,64}$/;

/** `POST /admin/dead-letters/replay`: puts the events of one `endpoint`, or of all, back into the outbox. */
export async function replayDeadLetters(
  { store, log }: RegisterDeps,
  { call, actor }: Admitted,
): Promise<HttpAnswer> {
  const endpoint = call.query.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !ENDPOINT.test(endpoint))
    return { problem: { code: 'invalid-request', detail: 'endpoint must be the name of an event endpoint' } };
  const replayed = await store.outbox.deadLetters.replay(endpoint);
  log.info('dead letters replayed', { endpoint: endpoint ?? 'all', replayed: replayed.replayed, actor });
  return { status: 200, body: replayed };
}
