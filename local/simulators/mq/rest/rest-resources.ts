import type { QueueManager, QueueManagerSettings } from '../model.ts';
import { answerMessaging, methodsOf } from '../messaging/messaging-answer.ts';
import { answerMqsc } from '../mqsc/mqsc-answer.ts';
import type { QueueManagers } from '../state/queue-managers.ts';
import { answerQueueQuery } from '../v1/queue-query.ts';
import { emptyAnswer, listAnswer, type RestAnswer } from './rest-answer.ts';
import {
  badParameter,
  notFoundPage,
  queueManagerEnded,
  queueManagerOnStandby,
  unknownQueueManager,
  unknownResource,
} from './rest-errors.ts';
import type { RestExchange } from './rest-exchange.ts';
import type { RestRoute } from './rest-route.ts';
import { isAtLeast } from './version-level.ts';

const GATEWAY = 'ibm-mq-rest-gateway-qmgr';
/** The version of MQ that brought each version of the REST API; v1 as it is here came with 9.0.4. */
const SINCE = ['', '9.0.4', '9.1.5', '9.3.0'];

/** Answers somebody who may ask, as things are now. `versionLevel` is that of the web server. */
export function answerResource(
  managers: QueueManagers,
  versionLevel: string,
  exchange: RestExchange,
): RestAnswer {
  const { route, path, method } = exchange;
  if (!('version' in route)) return unknownResource(path);
  const named = 'qmgr' in route && route.qmgr !== undefined ? managers.settings(route.qmgr) : undefined;
  if (!isAtLeast(named?.versionLevel ?? versionLevel, SINCE[route.version] ?? '')) return notFoundPage();
  const allowed = methodsOf(route.kind);
  if (!allowed.includes(method)) return emptyAnswer(405, { Allow: allowed.join(', ') });
  switch (route.kind) {
    case 'installation':
      return listAnswer(200, 'installation', [{ name: 'Installation1', version: versionLevel }]);
    case 'login': // answered before
      return unknownResource(path);
    case 'message':
    case 'message-list': // the web server of the queue manager itself has to be asked
      return ofQueueManager(managers, route, exchange);
    case 'queue-managers':
    case 'queues':
    case 'mqsc':
      return throughGateway(managers, route, exchange);
  }
}

type QueueManagerRoute = Extract<RestRoute, { readonly qmgr: unknown }>;

/** A gateway has to exist, and is named in the answer. */
function throughGateway(
  managers: QueueManagers,
  route: QueueManagerRoute,
  exchange: RestExchange,
): RestAnswer {
  const gateway = exchange.headers[GATEWAY];
  if (typeof gateway !== 'string') return ofQueueManager(managers, route, exchange);
  const { switches } = exchange;
  const settings = managers.settings(gateway);
  if (settings === undefined) return unknownQueueManager(gateway, Number(switches.unknownGatewayStatus));
  const answer = unavailable(gateway, settings, exchange) ?? ofQueueManager(managers, route, exchange);
  return { ...answer, headers: { ...answer.headers, [GATEWAY]: gateway } };
}

function ofQueueManager(
  managers: QueueManagers,
  route: QueueManagerRoute,
  exchange: RestExchange,
): RestAnswer {
  const { path, switches } = exchange;
  if (route.kind === 'queue-managers') return answerQueueManagers(managers, route.qmgr, exchange);
  if (route.kind === 'queues' && route.version > 1) {
    if (switches.v2v3QueueReply === '405') return emptyAnswer(405, { Allow: '' });
    return switches.v2v3QueueReply === 'html404' ? notFoundPage() : unknownResource(path);
  }
  const qmgr = managers.find(route.qmgr);
  if (qmgr === undefined || isOutOfReach(qmgr, exchange)) return unknownQueueManager(route.qmgr);
  const refusal = unavailable(qmgr.name, qmgr, exchange);
  if (refusal !== undefined) return refusal;
  switch (route.kind) {
    case 'mqsc':
      return answerMqsc(qmgr, exchange);
    case 'queues':
      return answerQueueQuery(qmgr, route.queue, exchange);
    case 'message':
    case 'message-list':
      return answerMessaging(managers, qmgr, route, exchange);
  }
}

function unavailable(
  qmgr: string,
  settings: QueueManagerSettings,
  exchange: RestExchange,
): RestAnswer | undefined {
  if (settings.state === 'ended') return queueManagerEnded(qmgr, exchange.switches);
  return isStandby(settings, exchange) ? queueManagerOnStandby(exchange.switches) : undefined;
}

function isStandby({ state, activeOn }: QueueManagerSettings, { endpoint }: RestExchange): boolean {
  return state === 'standby' || (activeOn !== undefined && activeOn !== endpoint);
}

function isOutOfReach({ gatewayOnly }: QueueManagerSettings, { headers }: RestExchange): boolean {
  return gatewayOnly && headers[GATEWAY] === undefined;
}

function answerQueueManagers(
  managers: QueueManagers,
  name: string | undefined,
  exchange: RestExchange,
): RestAnswer {
  const unknown = [...exchange.query.keys()].find(
    (parameter) => !['status', 'attributes'].includes(parameter),
  );
  if (unknown !== undefined) return badParameter(unknown, 'it is not known');
  const named = (name === undefined ? managers.names() : [name]).flatMap((qmgr) => {
    const settings = managers.settings(qmgr);
    return settings === undefined || isOutOfReach(settings, exchange) ? [] : [{ qmgr, settings }];
  });
  if (name !== undefined && named.length === 0) return unknownQueueManager(name);
  const items = named.map(({ qmgr, settings }) => describeQueueManager(qmgr, settings, exchange));
  return listAnswer(200, 'qmgr', items);
}

function describeQueueManager(
  name: QueueManager['name'],
  settings: QueueManagerSettings,
  exchange: RestExchange,
): Readonly<Record<string, unknown>> {
  const isEnded = settings.state === 'ended';
  const running = isStandby(settings, exchange) ? 'runningAsStandby' : 'running';
  const isActive = !isEnded && running === 'running';
  const status = {
    started: '2025-04-08T06:00:00.000Z',
    channelInitiatorState: 'running',
    ldapConnectionState: 'disconnected',
    connectionCount: 21,
    publishSubscribeState: 'running',
  };
  return {
    name,
    state: isEnded ? 'ended' : running,
    ...(exchange.query.has('status') && isActive ? { status } : {}),
  };
}
