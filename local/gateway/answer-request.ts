import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BodyBudget } from './body-budget.ts';
import type { GatewayAnswer } from './call-result.ts';
import type { Gateway } from './gateway.ts';
import { platformProblem } from './platform-problem.ts';
import { readBody } from './read-body.ts';

/** The platform's limit on a request's body. */
const REQUEST_BYTES_MAX = 5 * 1024 * 1024;

/** The bodies of all requests that are not answered yet. On its way through the host each takes up several times its size. */
export const BODIES_BYTES_MAX = 32 * 1024 * 1024;

export interface AnswerDeps {
  readonly gateway: Gateway;
  /** Shared by all requests. */
  readonly budget: BodyBudget;
  readonly onBug: (error: unknown) => void;
}

/** One request, and where its answer goes. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** True when the caller waits for a word before it sends the body (`Expect: 100-continue`). */
  readonly asksFirst: boolean;
}

/** Answers one request, whatever happens: from its head where that is enough, else once its body is here. */
export async function answerRequest(
  { gateway, budget, onBug }: AnswerDeps,
  exchange: Exchange,
): Promise<void> {
  const { request, response } = exchange;
  const share = budget.open();
  try {
    const { method = 'GET', url: target = '/' } = request;
    const admission = gateway.admit({ method, target, headers: request.headers });
    if (admission.kind === 'answered') return sendEarly(exchange, admission.answer);
    const announced = bytesAnnounced(request);
    if (exchange.asksFirst && announced > REQUEST_BYTES_MAX) return sendTooLarge(response);
    if (announced <= REQUEST_BYTES_MAX && !budget.hasRoomFor(announced)) return sendNoRoom(exchange);
    if (exchange.asksFirst) response.writeContinue();
    const reading = await readBody(request, REQUEST_BYTES_MAX, share);
    if (reading.kind === 'cut-off') return void response.destroy();
    if (reading.kind === 'too-large') return sendTooLarge(response);
    if (reading.kind === 'no-room') return sendNoRoom({ ...exchange, asksFirst: false });
    send(response, await admission.answer(reading.body));
  } catch (error) {
    onBug(error);
    if (!response.headersSent)
      send(response, platformProblem('internal', 'An unexpected failure of the host; see its log.'));
  } finally {
    share.giveBack();
  }
}

/** Answers before the body is here. What the caller sends all the same is dropped. */
function sendEarly({ request, response, asksFirst }: Exchange, answer: GatewayAnswer): void {
  // Whoever asked first may now send the body or not: what comes next on this connection would be anybody's guess.
  if (asksFirst) response.shouldKeepAlive = false;
  // Closing the connection on a caller that still sends could take the answer from it.
  else if (bytesAnnounced(request) > 0 || request.headers['transfer-encoding'])
    response.shouldKeepAlive = true;
  send(response, answer);
}

/** 0 where nothing is said, as by a caller that sends chunks. */
function bytesAnnounced({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

function sendNoRoom(exchange: Exchange): void {
  const detail = 'The requests that are being answered hold too much already; try again later.';
  sendEarly(exchange, platformProblem('overloaded', detail, { 'retry-after': '1' }));
}

function send(response: ServerResponse, answer: GatewayAnswer): void {
  if (response.destroyed) return;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.statusCode = answer.status;
  const hasBody = answer.status !== 204 && answer.status !== 304;
  if (hasBody) response.setHeader('content-length', answer.body.length);
  response.end(hasBody ? answer.body : undefined);
}

function sendTooLarge(response: ServerResponse): void {
  response.shouldKeepAlive = false;
  send(response, platformProblem('too-large', `A body may have ${REQUEST_BYTES_MAX} bytes.`));
}
