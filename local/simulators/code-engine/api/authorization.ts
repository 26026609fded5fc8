import type { AccessTokens } from '../../iam/access-tokens.ts';
import type { Operation } from '../fault.ts';
import type { Switches } from '../switches.ts';
import { ApiError } from './api-answer.ts';

const WRITING: ReadonlySet<Operation> = new Set(['createJob', 'createJobRun', 'deleteJobRun']);

/** Why a request is refused for who asks, or undefined: 401 without a token that counts, 403 when its role is too little. */
export function authorize(
  deps: { readonly tokens: Pick<AccessTokens, 'roleOf'>; readonly switches: () => Switches },
  authorization: string | undefined,
  operation: Operation,
): ApiError | undefined {
  const token = tokenOf(authorization ?? '', deps.switches().authorization);
  const role = token === undefined ? undefined : deps.tokens.roleOf(token);
  if (role === undefined)
    return new ApiError(401, 'unauthorized', 'The token is missing, unknown or expired.');
  const isEnough = role === 'writer' || (role === 'reader' && !WRITING.has(operation));
  return isEnough ? undefined : new ApiError(403, 'forbidden', 'The identity may not do this.');
}

function tokenOf(authorization: string, taken: Switches['authorization']): string | undefined {
  const [, scheme, token] = /^(Bearer +)?(\S+)$/i.exec(authorization) ?? [];
  return scheme === undefined && taken === 'bearerOnly' ? undefined : token;
}
