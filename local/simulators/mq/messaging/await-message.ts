import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../../lib/platform/clock.ts';
import type { RestTarget } from '../rest/rest-route.ts';
import type { QueueManagers } from '../state/queue-managers.ts';
import { waitOf } from './messaging-answer.ts';

const LOOK_EVERY_MS = 20;

/**
 * Lets a get wait until there is a message for it, or its time is over. Other requests do not wait.
 * Resolves with false when nobody waits for the answer any more.
 */
export async function awaitMessage(
  {
    queueManagers,
    clock,
    closing,
  }: { readonly queueManagers: QueueManagers; readonly clock: Clock; readonly closing: AbortSignal },
  { route, query }: RestTarget,
  method: string,
  response: ServerResponse,
): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < waitOf(queueManagers, route, query, method); waitedMs += LOOK_EVERY_MS) {
    await clock.sleep(LOOK_EVERY_MS, closing);
    if (closing.aborted || response.destroyed) return false;
  }
  return true;
}
