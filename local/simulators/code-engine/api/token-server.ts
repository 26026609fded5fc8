import type { Clock } from '../../../../lib/platform/clock.ts';
import { answerTokenRequest, iamErrorAnswer, type TokenResourceDeps } from '../../iam/token-resource.ts';
import type { RequestHandler } from '../../shared/loopback-server.ts';
import { readBody } from '../../shared/request-body.ts';
import type { ParsedFault } from '../fault.ts';
import type { FaultRules } from '../faults/fault-rules.ts';
import { send, sendAnswer } from '../faults/send-answer.ts';
import type { Journal } from '../journal.ts';
import type { ApiAnswer } from './api-answer.ts';

/** What IAM's server is made of. */
export interface TokenServerDeps extends TokenResourceDeps {
  readonly faults: FaultRules;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly act: (fault: ParsedFault) => void;
  readonly closing: AbortSignal;
}

const HEADERS = { 'Content-Type': 'application/json' };

/** Answers as IAM does, as far as tokens go. A client that signs in with Basic is let do so, whoever it is. */
export function createTokenHandler(deps: TokenServerDeps): RequestHandler {
  const asError = (status: number): ApiAnswer => {
    if (status === 400) return { ...iamErrorAnswer(deps, 400), headers: HEADERS };
    const errorMessage = `The simulator was told to answer ${status}.`;
    return { ...iamErrorAnswer(deps, status, { errorCode: 'SIMULATED', errorMessage }), headers: HEADERS };
  };
  return async (request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    const isToken = path === '/identity/token' && request.method === 'POST';
    const body = await readBody(request).catch(() => undefined);
    const form = body?.toString('utf8') ?? '';
    const operation = isToken ? 'token' : undefined;
    deps.journal.record(request, { operation, region: undefined, project: undefined, body: form });
    if (!isToken) return send(response, { status: 404, headers: HEADERS, body: '{}' });
    if (body === undefined)
      return send(response, { status: 413, headers: { Connection: 'close' }, body: '' });
    const aim = { operation: 'token', region: undefined, project: undefined } as const;
    const action = deps.faults.takeAction(aim);
    if (action !== undefined) deps.act(action);
    const fault = deps.faults.take(aim);
    const answer = (): ApiAnswer => ({
      ...answerTokenRequest(deps, new URLSearchParams(form)),
      headers: HEADERS,
    });
    await sendAnswer({ response, fault, answer, errorOf: asError, clock: deps.clock, closing: deps.closing });
  };
}
