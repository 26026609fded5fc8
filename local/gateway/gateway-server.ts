import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { answerRequest, BODIES_BYTES_MAX } from './answer-request.ts';
import { createBodyBudget } from './body-budget.ts';
import type { GatewayAnswer } from './call-result.ts';
import type { Gateway } from './gateway.ts';
import { platformProblem } from './platform-problem.ts';

/** A listening gateway. */
export interface GatewayServer {
  /** The port it listens on, also when it was asked for port 0. */
  readonly port: number;
  /** Takes no new connections; answers what still comes on old ones with their last answer. */
  readonly stopAccepting: () => void;
  /** Ends all connections, after the answers already given have been sent, or `graceMs` at the latest. */
  readonly close: (graceMs: number) => Promise<void>;
}

/** The address cannot be listened on. The message says which setting to change. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

export interface GatewayServerOptions {
  readonly gateway: Gateway;
  readonly host: string;
  readonly port: number;
  readonly onBug: (error: unknown) => void;
}

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
} as const;
// Longer than any function may run: only a caller that reads nothing meets it.
const SILENCE_MS_MAX = 150_000;
const CONNECTIONS_MAX = 1_000;

/**
 * Serves `gateway` over HTTP/1.1.
 * @throws {ListenError} when the address is taken or not to be had.
 */
export async function startGatewayServer(options: GatewayServerOptions): Promise<GatewayServer> {
  let isStopping = false;
  const budget = createBodyBudget(BODIES_BYTES_MAX);
  const respond = (asksFirst: boolean) => (request: IncomingMessage, response: ServerResponse) => {
    if (isStopping) response.shouldKeepAlive = false;
    void answerRequest({ ...options, budget }, { request, response, asksFirst });
  };
  const server = createServer(LIMITS, respond(false));
  server.maxConnections = CONNECTIONS_MAX;
  server.setTimeout(SILENCE_MS_MAX);
  server.on('clientError', refuseMalformed);
  server.on('checkContinue', respond(true));
  const closed = new Promise<void>((resolve) => void server.once('close', resolve));
  await listen(server, options.host, options.port);

  return {
    port: portOf(server),
    stopAccepting: () => {
      isStopping = true;
      server.close();
      server.closeIdleConnections();
    },
    close: (graceMs) => closeServer(server, closed, graceMs),
  };
}

/** Answers bytes that are not an HTTP request; there is no response object for those. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const { status, body } = answerToMalformed(error.code);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close`;
  socket.end(
    `${head}\r\ncontent-type: application/problem+json\r\ncontent-length: ${body.length}\r\n\r\n${String(body)}`,
  );
}

function answerToMalformed(code: string | undefined): GatewayAnswer {
  if (code === 'HPE_HEADER_OVERFLOW')
    return platformProblem('headers-too-large', `The headers may have ${LIMITS.maxHeaderSize} bytes.`);
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return platformProblem(
      'request-timeout',
      `Head and body must be here within ${LIMITS.requestTimeout} ms.`,
    );
  return platformProblem('invalid-request', 'This is not a valid HTTP request.');
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): ListenError {
  const reason = ((): string => {
    if (error.code === 'EADDRINUSE')
      return `Port ${port} of ${host} is taken. Stop what listens there, or set PORT to another one.`;
    if (error.code === 'EACCES')
      return `Port ${port} may not be used by this user. Set PORT to one above 1023.`;
    return `${host}:${port} cannot be listened on (${error.code ?? error.message}). Check HOST and PORT.`;
  })();
  return new ListenError(reason, { cause: error });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function closeServer(server: Server, closed: Promise<void>, graceMs: number): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  if (server.listening) server.close();
  server.closeIdleConnections();
  await closed;
  clearTimeout(timer);
}
