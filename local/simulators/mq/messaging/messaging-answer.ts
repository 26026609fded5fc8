import { reportedDepth, type Queue, type QueueManager } from '../model.ts';
import { roleMissing } from '../login/login-errors.ts';
import { emptyAnswer, listAnswer, type RestAnswer } from '../rest/rest-answer.ts';
import {
  badParameter,
  badRequest,
  queueDamaged,
  queueNotAuthorised,
  unknownQueue,
} from '../rest/rest-errors.ts';
import type { RestExchange } from '../rest/rest-exchange.ts';
import type { RestRoute } from '../rest/rest-route.ts';
import { getMessages, putMessages } from '../state/messages.ts';
import type { SimulatedMessage } from '../state/queue-contents.ts';
import type { QueueManagers } from '../state/queue-managers.ts';
import { maySee } from '../users.ts';
import {
  isIdentifier,
  plainId,
  readMessageQuery,
  shownId,
  type MessageQuery,
  type MessageRoute,
} from './message-query.ts';
import {
  inhibited,
  notALocalQueue,
  queueFull,
  unsupportedMediaType,
  unsupportedMessage,
} from './messaging-errors.ts';

const TEXT = 'text/plain;charset=utf-8';
const TEXT_TYPES = /^(text\/(plain|html|xml)|application\/(json|xml))\s*(;|$)/i;
const METHODS: Readonly<Partial<Record<RestRoute['kind'], readonly string[]>>> = {
  message: ['GET', 'POST', 'DELETE'],
  mqsc: ['POST'],
};

/** What can be done to a resource. */
export function methodsOf(kind: RestRoute['kind']): readonly string[] {
  return METHODS[kind] ?? ['GET'];
}

/** Answers a request to put, browse, get or list messages. */
export function answerMessaging(
  managers: QueueManagers,
  qmgr: QueueManager,
  route: MessageRoute,
  exchange: RestExchange,
): RestAnswer {
  const { user, switches, method, distortion } = exchange;
  if (user.role !== 'MQWebUser') return roleMissing(user.name, 'MQWebUser');
  const named = qmgr.queues.find(({ name }) => name === route.queue);
  if (named === undefined) return unknownQueue(route.queue, switches);
  if (!maySee(user, named.name)) return queueNotAuthorised(named.name, user.name);
  const queue = localQueue(qmgr, named);
  if (queue === undefined) return notALocalQueue(named.name);
  if (queue.damaged || distortion.damagedQueue === queue.name) return queueDamaged();
  const query = readMessageQuery(route, exchange, method);
  if ('parameter' in query) return badParameter(query.parameter, query.why);
  if (method === 'POST') return put(managers, qmgr, queue, route, exchange);
  const isInhibited = named.inhibitGet || queue.inhibitGet;
  if (route.kind === 'message-list')
    return list(managers, qmgr, isInhibited ? undefined : queue, route, query);
  if (isInhibited) return inhibited(named.name, 2016);
  const message = managers.contents.messages(qmgr.name, queue).find(query.fits);
  if (message === undefined) return emptyAnswer(204);
  if (message.format !== 'MQSTR') return unsupportedMessage(message.format);
  if (method === 'DELETE') take(managers, qmgr, queue, message, exchange.nowMs);
  return messageAnswer(message, route.version);
}

/** How long a get is to wait, when nothing is there for it yet; 0 otherwise. */
export function waitOf(
  managers: QueueManagers,
  route: RestRoute,
  query: URLSearchParams,
  method: string,
): number {
  if (route.kind !== 'message' || method !== 'DELETE') return 0;
  const wanted = readMessageQuery(route, { query }, method);
  const qmgr = managers.find(route.qmgr);
  const named = qmgr?.queues.find(({ name }) => name === route.queue);
  const queue = qmgr && named && localQueue(qmgr, named);
  if ('parameter' in wanted || queue === undefined) return 0;
  return managers.contents.messages(route.qmgr, queue).some(wanted.fits) ? 0 : wanted.waitMs;
}

/** The queue itself, or the one that an alias stands for. */
function localQueue(qmgr: QueueManager, queue: Queue): Queue | undefined {
  const found = queue.type === 'alias' ? qmgr.queues.find(({ name }) => name === queue.targetName) : queue;
  return found?.type === 'local' ? found : undefined;
}

function put(
  managers: QueueManagers,
  qmgr: QueueManager,
  queue: Queue,
  { version }: MessageRoute,
  { headers, body, nowMs }: RestExchange,
): RestAnswer {
  if (!TEXT_TYPES.test(headers['content-type'] ?? TEXT)) return unsupportedMediaType();
  const correlationId = headers['ibm-mq-md-correlationid'];
  if (typeof correlationId === 'string' && !isIdentifier(correlationId, version))
    return badRequest("The header 'ibm-mq-md-correlationId' is not an identifier.");
  if (queue.inhibitPut) return inhibited(queue.name, 2051);
  if (reportedDepth(queue) >= queue.maximumDepth) return queueFull(queue.name);
  const message = managers.contents.add(qmgr.name, queue, {
    text: body.toString('utf8'),
    ...(typeof correlationId === 'string' ? { correlationId: plainId(correlationId) } : {}),
  });
  managers.replaceQueue(qmgr.name, putMessages(queue, 1, true, nowMs));
  return emptyAnswer(201, { 'Content-Type': TEXT, 'ibm-mq-md-messageId': shownId(message.id, version) });
}

function take(
  managers: QueueManagers,
  { name }: QueueManager,
  queue: Queue,
  { id }: SimulatedMessage,
  nowMs: number,
): void {
  managers.contents.remove(name, queue, id);
  managers.replaceQueue(name, getMessages(queue, 1, true, nowMs).queue);
}

/** `queue` is undefined when nobody can get from it: the list is empty then. */
function list(
  managers: QueueManagers,
  { name }: QueueManager,
  queue: Queue | undefined,
  { version }: MessageRoute,
  { fits, limit }: MessageQuery,
): RestAnswer {
  const there = queue === undefined ? [] : managers.contents.messages(name, queue).filter(fits);
  const items = there.slice(0, limit).map(({ id, format }) => ({ format, messageId: shownId(id, version) }));
  return listAnswer(200, 'messages', items);
}

function messageAnswer({ id, correlationId, text }: SimulatedMessage, version: number): RestAnswer {
  const { headers } = emptyAnswer(200, {
    'Content-Type': TEXT,
    'ibm-mq-md-messageId': shownId(id, version),
    'ibm-mq-md-expiry': 'unlimited',
    'ibm-mq-md-persistence': 'nonPersistent',
    ...(correlationId === undefined ? {} : { 'ibm-mq-md-correlationId': shownId(correlationId, version) }),
  });
  return { status: 200, headers, body: text };
}
