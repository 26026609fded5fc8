import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the proxy does to one request and its answer. */
export type Fault =
  /** Breaks the connection before the server got the request, in the middle of its body, or when it was applied. */
  | { readonly kind: 'break'; readonly when: 'before' | 'during' | 'after'; readonly how: 'close' | 'reset' }
  /** Answers in the place of the server: without asking it, or after it applied the request. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly code?: string;
      readonly applied?: boolean;
      readonly headers?: Readonly<Record<string, string>>;
      /** In place of S3's XML. */
      readonly body?: string;
    }
  /** Says nothing more: before the server got the request, when it was applied, or half-way through the answer. */
  | { readonly kind: 'stall'; readonly when: 'before' | 'after' | 'half-way' }
  /** Promises the whole body, sends half of it and closes. Of an answer without a body, half of its head. */
  | { readonly kind: 'truncate' }
  /** Sends the body in small pieces. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly everyMs: number }
  /** Does something else first, then lets the request pass. */
  | { readonly kind: 'meanwhile'; readonly act: () => Promise<unknown> };

/** An answer of the server, whole. */
interface WholeAnswer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** The request and answer at hand, and the server that they are for. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly upstream: { readonly url: URL; readonly agent: http.Agent };
  /** Called with the server's status, once it applied the request or refused it. */
  readonly onServed: (status: number) => void;
}

/** Passes a request on and its answer back, byte for byte, but for the fault. */
export async function play(exchange: Exchange, fault: Fault | undefined): Promise<void> {
  const { request, response } = exchange;
  switch (fault?.kind) {
    case 'break':
      return playBreak(exchange, fault);
    case 'answer': {
      const body = await bodyOf(request);
      if (fault.applied === true) await forward(exchange, body);
      response.writeHead(fault.status, { 'content-type': 'application/xml', ...fault.headers });
      response.end(fault.body ?? errorXml(fault.code ?? 'InternalError'));
      return;
    }
    case 'stall':
      if (fault.when === 'before') request.resume();
      else await playStall(exchange, fault.when);
      return;
    case 'truncate':
      return playTruncated(exchange);
    case 'drip':
      return playDrip(exchange, fault);
    case 'meanwhile':
      await fault.act();
      break;
    default:
  }
  const answer = await forward(exchange, await bodyOf(request));
  writeHead(response, answer);
  response.end(answer.body);
}

async function playBreak(
  exchange: Exchange,
  { when, how }: Extract<Fault, { readonly kind: 'break' }>,
): Promise<void> {
  if (when === 'during') await forwardHalf(exchange);
  if (when === 'after') await forward(exchange, await bodyOf(exchange.request));
  if (how === 'reset') exchange.request.socket.resetAndDestroy();
  else exchange.request.socket.destroy();
}

async function playStall(exchange: Exchange, when: 'after' | 'half-way'): Promise<void> {
  const answer = await forward(exchange, await bodyOf(exchange.request));
  if (when === 'after') return;
  writeHead(exchange.response, answer);
  exchange.response.write(firstHalf(answer.body));
}

async function playTruncated({ response, ...exchange }: Exchange): Promise<void> {
  const answer = await forward({ response, ...exchange }, await bodyOf(exchange.request));
  const { socket } = exchange.request;
  if (answer.body.length === 0) {
    socket.end('HTTP/1.1 200 OK\r\nETag: "');
    return;
  }
  writeHead(response, answer);
  await new Promise((resolve) => response.write(firstHalf(answer.body), resolve));
  socket.end();
}

async function playDrip(
  exchange: Exchange,
  { bytes, everyMs }: Extract<Fault, { readonly kind: 'drip' }>,
): Promise<void> {
  const { response } = exchange;
  const answer = await forward(exchange, await bodyOf(exchange.request));
  writeHead(response, answer);
  for (let start = 0; start < answer.body.length && !response.destroyed; start += bytes) {
    response.write(answer.body.subarray(start, start + bytes));
    await sleep(everyMs);
  }
  response.end();
}

const firstHalf = (body: Buffer): Buffer => body.subarray(0, Math.floor(body.length / 2));

const errorXml = (code: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>by the proxy</Message></Error>`;

function writeHead(response: ServerResponse, { status, headers, body }: WholeAnswer): void {
  const hasLength = headers.some((name, index) => index % 2 === 0 && /^content-length$/i.test(name));
  const length = hasLength || status === 204 || status === 304 ? [] : ['content-length', String(body.length)];
  response.writeHead(status, [...headers.filter(isKept), ...length]);
}

/** Headers come as a flat list of names and values; those of the connection itself are not for the other side. */
function isKept(_: string, index: number, all: readonly string[]): boolean {
  const name = all[index - (index % 2)] ?? '';
  return !/^(connection|keep-alive|transfer-encoding|expect)$/i.test(name);
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

/** `Host` and all else stay as they were signed. */
function dial({ request, upstream }: Exchange): http.ClientRequest {
  return http.request({
    hostname: upstream.url.hostname,
    port: upstream.url.port,
    method: request.method,
    path: request.url,
    headers: request.rawHeaders.filter(isKept),
    setHost: false,
    agent: upstream.agent,
  });
}

async function forward(exchange: Exchange, body: Buffer): Promise<WholeAnswer> {
  const outgoing = dial(exchange);
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', resolve);
  });
  outgoing.end(body);
  const incoming = await answered;
  const answer = {
    status: incoming.statusCode ?? 0,
    headers: incoming.rawHeaders,
    body: await bodyOf(incoming),
  };
  exchange.onServed(answer.status);
  return answer;
}

/** Sends the head and half of the body, then breaks off: the server has a request that never gets whole. */
async function forwardHalf(exchange: Exchange): Promise<void> {
  const body = await bodyOf(exchange.request);
  const outgoing = dial(exchange);
  outgoing.on('error', () => undefined);
  await new Promise((resolve) => outgoing.write(firstHalf(body), resolve));
  outgoing.destroy();
}
