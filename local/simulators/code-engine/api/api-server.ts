import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../../../lib/platform/clock.ts';
import type { AccessTokens } from '../../iam/access-tokens.ts';
import type { RequestHandler } from '../../shared/loopback-server.ts';
import { readBody } from '../../shared/request-body.ts';
import type { ParsedFault } from '../fault.ts';
import type { FaultRules } from '../faults/fault-rules.ts';
import { cut, send, sendAnswer } from '../faults/send-answer.ts';
import type { Journal } from '../journal.ts';
import type { RegionState } from '../state/regions.ts';
import { ApiError, errorAnswer, notFound, type ApiAnswer } from './api-answer.ts';
import { authorize } from './authorization.ts';
import { endlessAnswer, isList } from './endless-list.ts';
import { runOperation, type ApiExchange, type OperationDeps } from './operations.ts';
import { readTarget } from './route.ts';

/** What the API's server is made of. */
export interface ApiServerDeps extends OperationDeps {
  readonly tokens: Pick<AccessTokens, 'roleOf'>;
  readonly faults: FaultRules;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly uuid: () => string;
  /** Undefined: there is no such region. */
  readonly regionState: (region: string) => RegionState | undefined;
  /** Lets happen what a fault wants before the request is looked at. */
  readonly act: (fault: ParsedFault, project: string) => void;
  /** Aborted when the simulator closes. */
  readonly closing: AbortSignal;
}

/** Answers as the Code Engine API does in each region: the region first, then the token, then the fault, then the work. */
export function createApiHandler(deps: ApiServerDeps): RequestHandler {
  const refusal = (error: ApiError): ApiAnswer => errorAnswer(error, deps.uuid().replaceAll('-', ''));
  return async (request, response) => {
    const target = readTarget(request.method ?? '', request.url ?? '');
    const body = await readBody(request).catch(() => undefined);
    const struck =
      typeof target === 'string'
        ? { operation: undefined, region: undefined, project: undefined }
        : { operation: target.operation, region: target.region, project: target.project || undefined };
    deps.journal.record(request, { ...struck, body: body?.toString('utf8') ?? '' });
    if (body === undefined) return send(response, closing(refusal(tooLarge())));
    if (typeof target === 'string')
      return send(response, refusal(target === 'unknown' ? notFound() : wrong()));

    const state = deps.regionState(target.region);
    if (state === 'unreachable') return cut(response);
    if (state !== 'up') return send(response, refusal(state === undefined ? notFound() : unavailable()));
    const aim = { operation: target.operation, region: target.region, project: struck.project };
    const action = deps.faults.takeAction(aim);
    if (action !== undefined) deps.act(action, target.project);
    const denied = authorize(deps, request.headers.authorization, target.operation);
    if (denied !== undefined) return send(response, refusal(denied));

    const exchange: ApiExchange = { ...target, baseUrl: baseUrlOf(request), body: body.toString('utf8') };
    const fault = deps.faults.take(aim);
    const work = (asked: ApiExchange): ApiAnswer => {
      try {
        return runOperation(deps, asked);
      } catch (error) {
        if (error instanceof ApiError) return refusal(error);
        throw error;
      }
    };
    const answer = (): ApiAnswer =>
      fault?.kind === 'endless' && isList(target.operation)
        ? endlessAnswer(exchange, work, fault.isSame ? 'again' : deps.uuid())
        : work(exchange);
    const errorOf = (status: number): ApiAnswer => refusal(toldTo(status));
    await sendAnswer({ response, fault, answer, errorOf, clock: deps.clock, closing: deps.closing });
  };
}

function baseUrlOf(request: IncomingMessage): string {
  return `http://127.0.0.1:${request.socket.localPort ?? 0}`;
}

function closing(answer: ApiAnswer): ApiAnswer {
  return { ...answer, headers: { ...answer.headers, Connection: 'close' } };
}

function tooLarge(): ApiError {
  return new ApiError(413, 'request_too_large', 'The body is too large.');
}

function wrong(): ApiError {
  return new ApiError(405, 'method_not_allowed', 'The method is not allowed here.');
}

function unavailable(): ApiError {
  return new ApiError(503, 'service_unavailable', 'The region is not available.');
}

function toldTo(status: number): ApiError {
  const codes: Readonly<Record<number, string>> = {
    401: 'unauthorized',
    403: 'forbidden',
    404: 'resource_not_found',
    409: 'conflict',
    422: 'invalid_request',
    429: 'too_many_requests',
  };
  return new ApiError(status, codes[status] ?? 'simulated', `The simulator was told to answer ${status}.`);
}
