import type { HttpAnswer } from '../../lib/platform/function-call/http-call.ts';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import type { Admitted, RegisterDeps } from './action.ts';
import { unknownId } from './registrations.ts';

/**
 * `POST /register/{id}/test`: has the next notify cycle wake the target once, whatever the queue holds. The report of that
 * cycle, and `/register/{id}/decisions`, tell under `request` how it ended.
 */
export async function askForTest({ store, log }: RegisterDeps, admitted: Admitted): Promise<HttpAnswer> {
  const { actor, id = '' } = admitted;
  const registration = asRegistrationId(id);
  if ((await store.registrations.get(registration)) === undefined) return { problem: unknownId(id) };
  const request = await store.testRequests.ask(registration);
  log.info('test wake-up asked for', { id, request, actor });
  return { status: 202, body: { message: 'The next notify cycle sends a test wake-up', id, request } };
}
