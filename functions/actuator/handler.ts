import type { Endpoint, Endpoints } from '../../lib/health/endpoint.ts';
import type { AccessCheck } from '../../lib/platform/access.ts';
import type { HttpAnswer } from '../../lib/platform/function-call/http-call.ts';
import type { Handler } from '../../lib/platform/function-call/serve.ts';

/** Paths at which people and monitoring systems look by themselves, and the endpoints that answer there. */
const KNOWN_PLACES: ReadonlyMap<string, string> = new Map([
  ['/metrics', 'prometheus'],
  ['/debug/vars', 'vars'],
  ['/dashboard', 'dashboard'],
]);

const ACTUATOR = '/actuator/';
const METHODS = ['GET', 'HEAD'];

/**
 * Answers `/actuator/{endpoint}/{params…}` from the registry of endpoints, and the known places. What is not open takes an
 * admin token; what is open tells its details only with one.
 */
export function createActuatorHandler(deps: {
  readonly endpoints: Endpoints;
  readonly access: AccessCheck;
}): Handler {
  return async (call) => {
    const place = placeOf(deps.endpoints, call.path);
    if (place === undefined) return NOT_FOUND;
    if (!METHODS.includes(call.method)) return METHOD_NOT_ALLOWED;
    const decision = deps.access(call.headers['authorization'], 'admin');
    if (!decision.allowed && !place.endpoint.isOpen) return { problem: decision.problem };
    const question = { params: place.params, query: call.query, isAdmin: decision.allowed };
    return (await place.endpoint.answer(question)) ?? NOT_FOUND;
  };
}

const NOT_FOUND: HttpAnswer = { problem: { code: 'not-found', detail: 'Page not found' } };
const METHOD_NOT_ALLOWED: HttpAnswer = {
  problem: {
    code: 'method-not-allowed',
    detail: `This path takes ${METHODS.join(', ')}.`,
    headers: { allow: METHODS.join(', ') },
  },
};

function placeOf(
  endpoints: Endpoints,
  path: string,
): { readonly endpoint: Endpoint; readonly params: readonly string[] } | undefined {
  const known = KNOWN_PLACES.get(path);
  const segments = known === undefined ? segmentsBelow(path) : [known];
  const [name = '', ...params] = segments ?? [];
  const endpoint = endpoints.get(name);
  return endpoint === undefined ? undefined : { endpoint, params };
}

/** The segments below `/actuator/`, decoded; `undefined` elsewhere, or when their percent-encoding is broken. */
function segmentsBelow(path: string): readonly string[] | undefined {
  if (!path.startsWith(ACTUATOR)) return undefined;
  try {
    return path.slice(ACTUATOR.length).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
