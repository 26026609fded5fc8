import { v5 } from 'uuid';
import { asRegistrationId, type RegistrationId } from './registration.ts';

/** Fixed for ever: changing it would turn every registration without an id of its own into a new one. */
const NAMESPACE = '5f0c7b5e-3f5c-5d0a-9c55-6a2f0f6f5d11';

/**
 * The id of a registration whose owner gave none: a UUID (version 5) over queue manager, queue and target. Registering
 * the same three again is the same registration, and a retry after a lost answer cannot make a second one.
 */
export function naturalId(qmgr: string, queue: string, notify: string): RegistrationId {
  return asRegistrationId(v5(JSON.stringify([qmgr, queue, notify]), NAMESPACE));
}
