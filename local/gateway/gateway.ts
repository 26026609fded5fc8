import type { AccessCheck, Scope } from '../../lib/platform/access.ts';
import type { FunctionList } from '../function-list/function-list.ts';
import type { CallOutcome } from '../instances/call-outcome.ts';
import { toCallParams } from './call-params.ts';
import type { GatewayAnswer } from './call-result.ts';
import { refusalOfForeignPage } from './loopback-guard.ts';
import { answerOfOutcome } from './outcome-answer.ts';
import { platformProblem } from './platform-problem.ts';
import { splitTarget } from './request-target.ts';
import { createRouter, type Route } from './routes.ts';

/** The head of a request, known before its body is read. */
export interface RequestHead {
  readonly method: string;
  /** The request target: path and query as they came. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Either the answer already, or what to do with the body once it is there. */
export type Admission =
  | { readonly kind: 'answered'; readonly answer: GatewayAnswer }
  | { readonly kind: 'admitted'; readonly answer: (body: Buffer) => Promise<GatewayAnswer> };

/** Turns HTTP requests into calls of functions, whatever carries the bytes. */
export interface Gateway {
  readonly admit: (head: RequestHead) => Admission;
}

/** How the gateway tells friend from foe. Functions check their own callers; this is about the host's own routes. */
export interface GatewayAccess {
  readonly check: AccessCheck;
  /** True when tokens are configured. */
  readonly hasTokens: boolean;
  /** True when the host listens on a loopback address only. */
  readonly isLoopbackOnly: boolean;
  /** True when the host is open although nobody said so, because it listens on loopback only: pages are kept out. */
  readonly isOpenByDefault: boolean;
}

/** The request that led to a call, for a log. */
export interface CalledBy {
  readonly method: string;
  /** As the caller sent it, without the query. */
  readonly path: string;
}

export interface GatewayDeps {
  readonly functions: FunctionList;
  readonly access: GatewayAccess;
  readonly call: (name: string, paramsJson: string) => Promise<CallOutcome>;
  readonly requestId: () => string;
  /** Called when a function did not answer by itself. */
  readonly onFailedCall: (name: string, outcome: CallOutcome, request: CalledBy) => void;
}

export function createGateway(deps: GatewayDeps): Gateway {
  const route = createRouter(deps.functions);

  const admit = (head: RequestHead): Admission => {
    const { path, query } = splitTarget(head.target);
    const found = route(path);
    const refusal = refuse(deps.access, found, head);
    if (refusal !== undefined) return { kind: 'answered', answer: refusal };
    if (found.kind === 'no-such-function')
      return { kind: 'answered', answer: noSuchFunction(deps, found.name) };
    const headers = { ...head.headers, 'x-request-id': usableId(head) ?? deps.requestId() };
    const calledBy = { method: head.method, path };
    return {
      kind: 'admitted',
      answer: (body) => call(deps, found.name, { ...head, headers, path: found.path, query, body }, calledBy),
    };
  };
  return { admit };
}

/** The caller's own id of the request. It goes into the answer and into logs: only one that is plain and short does. */
function usableId({ headers }: RequestHead): string | undefined {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(given) ? given : undefined;
}

async function call(
  deps: GatewayDeps,
  name: string,
  request: Parameters<typeof toCallParams>[0],
  calledBy: CalledBy,
): Promise<GatewayAnswer> {
  const read = toCallParams(request);
  if (read.kind === 'refused') return platformProblem('invalid-request', read.detail);
  const json = writeJson(read.params);
  if (json === undefined)
    return platformProblem('invalid-request', 'The JSON of the body is nested too deeply.');
  const outcome = await deps.call(name, json);
  if (outcome.kind !== 'returned') deps.onFailedCall(name, outcome, calledBy);
  const answer = answerOfOutcome(name, outcome);
  const requestId = request.headers['x-request-id'];
  return requestId === undefined
    ? answer
    : { ...answer, headers: { 'x-request-id': requestId, ...answer.headers } };
}

/** `undefined` for what is nested so deeply that writing it would exhaust the stack. */
function writeJson(params: unknown): string | undefined {
  try {
    return JSON.stringify(params);
  } catch {
    return undefined;
  }
}

function refuse(access: GatewayAccess, route: Route, head: RequestHead): GatewayAnswer | undefined {
  const foreign = refusalOfForeignPage(head.headers);
  if (access.isOpenByDefault && foreign !== undefined) return platformProblem('forbidden', foreign);
  if (route.kind === 'direct' && route.signed) return undefined;
  if (route.kind !== 'triggered') return refuseDirect(access, head, foreign);
  // Any token will do here: which one is needed, the function checks. This is so that strangers cost no memory.
  return access.hasTokens && NEEDS_TOKEN.test(route.path) ? refuseToken(access, head, 'register') : undefined;
}

const NEEDS_TOKEN = /^\/(register|admin)(\/|$)/;

/**
 * The platform lets only its own project reach a function of visibility `project`, and such a function checks nobody.
 * Here its URL is reachable, so an admin token stands for the project, and without tokens the loopback interface does.
 */
function refuseDirect(
  access: GatewayAccess,
  head: RequestHead,
  foreign: string | undefined,
): GatewayAnswer | undefined {
  if (!access.hasTokens) {
    if (access.isLoopbackOnly && foreign === undefined) return undefined;
    return platformProblem(
      'forbidden',
      'Set ADMIN_TOKENS to call functions by name from elsewhere than this machine.',
    );
  }
  return refuseToken(access, head, 'admin');
}

function refuseToken(access: GatewayAccess, head: RequestHead, scope: Scope): GatewayAnswer | undefined {
  const authorization = head.headers['authorization'];
  const decision = access.check(typeof authorization === 'string' ? authorization : undefined, scope);
  if (decision.allowed) return undefined;
  const { code, detail, headers } = decision.problem;
  return platformProblem(code === 'unauthenticated' ? code : 'forbidden', detail, headers);
}

function noSuchFunction(deps: GatewayDeps, name: string): GatewayAnswer {
  const names = deps.functions.map((entry) => entry.name).join(', ');
  return platformProblem('not-found', `There is no function ${JSON.stringify(name)}; there are ${names}.`);
}
