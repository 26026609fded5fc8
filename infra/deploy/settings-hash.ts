import { createHash } from 'node:crypto';
import type { Randomness } from '../../lib/platform/clock.ts';
import type { Deployment } from './deployment.ts';
import type { Data } from './inventory.ts';

/**
 * A variable of each function that changes with any setting, so that the platform starts new instances: an instance reads
 * settings once.
 */
export const SETTINGS_HASH = 'MQ_OBSERVER_SETTINGS';
/** Lies among the secrets: whoever sees a hash cannot try passwords against it. */
export const SALT = 'MQ_OBSERVER_SALT';

/** The deployment with the salt that is deployed already, or with a new one. */
export function withSalt(
  deployment: Deployment,
  deployed: Data | undefined,
  uuid: Randomness['uuid'],
): Deployment {
  const salt = deployed?.get(SALT) ?? uuid();
  return { ...deployment, secrets: new Map([...deployment.secrets, [SALT, salt]]) };
}

/** Of all values that functions read from the config map and the secret, the salt among them. */
export function settingsHash({ settings, secrets }: Deployment): string {
  return createHash('sha256')
    .update(JSON.stringify([[...settings], [...secrets]]))
    .digest('hex');
}
