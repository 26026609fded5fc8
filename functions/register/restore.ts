import type { HttpAnswer } from '../../lib/platform/function-call/http-call.ts';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import type { Admitted, RegisterDeps } from './action.ts';
import { announcing } from './announcing.ts';
import { answer, unknownId } from './registrations.ts';

/**
 * `POST /register/{id}/restore`: lifts a quarantine, or revives what is retired, and answers the registration as it is then.
 * One that is active stays as it is.
 */
export async function restore(deps: RegisterDeps, { actor, id = '' }: Admitted): Promise<HttpAnswer> {
  const { beforeWrite, confirm } = announcing(deps, 'restored', actor);
  const restored = await deps.store.registrations.restore(asRegistrationId(id), beforeWrite);
  if (restored === undefined) return { problem: unknownId(id) };
  await confirm();
  deps.log.info('registration restored', { id, actor });
  return answer(restored);
}
