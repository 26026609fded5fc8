import type { HttpClient } from '../../lib/platform/http-client.ts';
import { DEMO_QUEUE_MANAGER, ORDERS } from './demo-settings.ts';

/**
 * Registers the sample application for the queue `ORDERS`, through the gateway, as anybody would. Always under the same
 * id: the next run replaces it. Resolves with the reason when it was refused.
 * @throws {HttpFailure} when there was no answer.
 */
export async function registerSample(
  client: HttpClient,
  given: { readonly url: string; readonly targetUrl: string; readonly token: string | undefined },
): Promise<string | undefined> {
  const body = { id: 'sample', qmgr: DEMO_QUEUE_MANAGER, queue: ORDERS, notify: `${given.targetUrl}/orders` };
  const answer = await client.send({
    method: 'POST',
    url: `${given.url}/register`,
    headers: {
      'content-type': 'application/json',
      ...(given.token === undefined ? {} : { authorization: `Bearer ${given.token}` }),
    },
    body: JSON.stringify(body),
    timeoutMs: 10_000,
    answerBytesMax: 64 * 1024,
  });
  return answer.status === 200 ? undefined : `${answer.status} ${answer.body.toString('utf8')}`;
}
