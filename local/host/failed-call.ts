import type { Logger } from '../../lib/platform/logging.ts';
import type { CalledBy } from '../gateway/gateway.ts';
import type { CallOutcome } from '../instances/call-outcome.ts';

/** What stands for a request where a timer calls. */
export const CALLED_BY_TIMER: CalledBy = { method: 'POST', path: '/' };
/** Of a path, in a log. */
const PATH_LENGTH_MAX = 256;

/**
 * Logs a call that a function did not answer by itself, at `warn`, with the function and the path.
 *
 * The platform answers a call that took too long with 299, which event producers take for success, and so does the
 * gateway: this line is then the only thing that tells of it.
 */
export function logFailedCall(
  log: Logger,
  name: string,
  outcome: CallOutcome,
  { method, path }: CalledBy,
): void {
  if (outcome.kind === 'refused' && outcome.reason === 'stopping') return;
  const { kind, ...facts } = outcome;
  log.warn('call without an answer', {
    called: name,
    outcome: kind,
    ...facts,
    method,
    path: path.length > PATH_LENGTH_MAX ? `${path.slice(0, PATH_LENGTH_MAX)}…` : path,
  });
}
