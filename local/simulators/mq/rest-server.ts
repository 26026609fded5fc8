import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../../lib/platform/clock.ts';
import type { ParsedFault } from './fault.ts';
import type { Journal } from './journal.ts';
import type { RequestHandler } from './loopback-server.ts';
import type { QueueManager } from './model.ts';
import type { QueueManagers } from './queue-managers.ts';
import { answerQueueQuery } from './queue-query.ts';
import { readBody } from './request-body.ts';
import { htmlAnswer, type RestAnswer } from './rest-answer.ts';
import {
  queueManagerEnded,
  queueManagerOnStandby,
  unknownQueueManager,
  unknownResource,
} from './rest-errors.ts';
import { routeOf, type RestRoute } from './rest-route.ts';
import { sendAnswer, sendFaultyAnswer } from './send-answer.ts';
import { refuseStranger, type SimulatedUser } from './users.ts';

/** What the REST server is made of. */
export interface RestServerDeps {
  readonly queueManagers: QueueManagers;
  readonly faultOf: (qmgr: string) => ParsedFault | undefined;
  readonly users: readonly SimulatedUser[];
  readonly journal: Journal;
  readonly clock: Clock;
  /** Aborted when the simulator closes. */
  readonly closing: AbortSignal;
}

/** Answers as the MQ web server does: sign-in first, then the name, then the fault that is set, then the queues. */
export function createRestHandler(deps: RestServerDeps): RequestHandler {
  return async (request, response) => {
    const target = request.url ?? '/';
    const route = routeOf(target);
    deps.journal.record(request, route.kind === 'queues' ? route.qmgr : undefined, deps.clock.nowMs());
    const refusal = await refuse(deps, request, route);
    if (refusal !== undefined) return sendAnswer(response, refusal);
    if (route.kind !== 'queues') return sendAnswer(response, unknownResource(pathOf(target)));

    const qmgr = deps.queueManagers.find(route.qmgr);
    if (qmgr === undefined) return sendAnswer(response, unknownQueueManager(route.qmgr));
    const fault = deps.faultOf(qmgr.name);
    // What is true when the answer is sent, not when the question came.
    const answer = (): RestAnswer => answerOf(deps.queueManagers.find(route.qmgr) ?? qmgr, route);
    if (fault === undefined) return sendAnswer(response, answer());
    const { clock, closing } = deps;
    await sendFaultyAnswer({ fault, response, answer, filtered: route.query.has('filter'), clock, closing });
  };
}

async function refuse(
  deps: RestServerDeps,
  request: IncomingMessage,
  route: RestRoute,
): Promise<RestAnswer | undefined> {
  // What stands there when the context root is wrong, on a server that is set up as IBM's developer image is.
  if (route.kind === 'elsewhere')
    return htmlAnswer(404, '<script>document.location.href="/ibmmq/console/";</script>');
  const stranger = refuseStranger(deps.users, pathOf(request.url ?? ''), request.headers);
  if (stranger !== undefined) return stranger;
  const tooLong = await readBody(request).then(
    () => false,
    () => true,
  );
  if (tooLong) return { status: 413, headers: { Connection: 'close' }, body: '' };
  return request.method === 'GET' ? undefined : { status: 405, headers: { Allow: 'GET' }, body: '' };
}

function answerOf(qmgr: QueueManager, route: Extract<RestRoute, { readonly kind: 'queues' }>): RestAnswer {
  switch (qmgr.state) {
    case 'running':
      return answerQueueQuery(qmgr, route.queue, route.query);
    case 'ended':
      return queueManagerEnded(qmgr.name);
    case 'standby':
      return queueManagerOnStandby();
  }
}

function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? '';
}
