import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { createTurnEnd } from './at-turn-end.ts';

/** One outgoing request. The body is sent as it is; `content-length` is added. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST' | 'OPTIONS' | 'DELETE';
  /**
   * An absolute `http:` or `https:` URL. Credentials in it are not sent. A text's path is sent as it is written, not as
   * `URL` normalises it: `%2E` in a queue manager's name must survive. The path of a `URL` is that of its `href`.
   */
  readonly url: string | URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** It may be sent again when a kept connection turns out to be dead. As a rule only GET may. */
  readonly repeatable?: boolean;
  /** The limit of the whole exchange, from dialling to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Bytes of the answer's body that are kept; what comes after is dropped with the connection. */
  readonly answerBytesMax: number;
  readonly signal?: AbortSignal;
}

/** An answer, whatever its status. Redirects are answers, too: they are never followed. */
export interface IncomingAnswer {
  readonly status: number;
  /** Names in lower case; repeated headers joined as Node does. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** True when the body was longer than `answerBytesMax`. */
  readonly truncated: boolean;
}

/** Where an exchange failed, in classes that reveal no internal address. */
export type HttpFailureCode =
  'dns' | 'connect' | 'tls' | 'timeout' | 'reset' | 'blocked' | 'protocol' | 'aborted';

/** The exchange ended without a complete answer. The peer may have acted on the request all the same. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly code: HttpFailureCode;

  constructor(code: HttpFailureCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

export interface HttpClient {
  /** @throws {HttpFailure} when no complete answer came within the limits. */
  readonly send: (request: OutgoingRequest) => Promise<IncomingAnswer>;
  /** Closes kept connections. */
  readonly close: () => void;
}

/** What may differ from one client to another: one client per trust and per guard, not per request. */
export interface HttpClientOptions {
  /** Resolves host names when a connection is dialled, and may answer an error to refuse one. */
  readonly lookup?: (scheme: 'http:' | 'https:') => LookupFunction;
  /** Called with the host before anything else, for addresses written literally: no lookup is called for those. */
  readonly checkHost?: (url: URL) => void;
  /** Connections kept and in use at most, per host. */
  readonly connectionsPerHostMax?: number;
  /** How long a connection that nobody uses is kept; without end when not given. */
  readonly idleMsMax?: number;
  readonly tls?: Pick<https.AgentOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>;
}

/** `ETIMEOUT` is a name server's silence; a connection's is `ETIMEDOUT`. */
const DNS_CODES = /^(ENOTFOUND|EAI_AGAIN|ETIMEOUT)$/;
/** The machine's own lookup, and questions to name servers (`queryA`, `queryAaaa`). */
const DNS_CALLS = /^(getaddrinfo$|query)/;

const TLS_CODES =
  /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|INVALID_|PATH_LENGTH|EPROTO|HOSTNAME_MISMATCH)/;

/** Tells an error of the network stack by class. */
function failureOf(error: unknown): HttpFailure {
  if (error instanceof HttpFailure) return error;
  const fail = (kind: HttpFailureCode, what: string): HttpFailure =>
    new HttpFailure(kind, what, { cause: error });
  if (!(error instanceof Error)) return fail('protocol', 'the request could not be made');
  const { code = '', syscall }: NodeJS.ErrnoException = error;
  // What Node says of a request that it will not send: a header, a path, a scheme.
  if (error instanceof TypeError) return fail('protocol', `the request could not be made (${code})`);
  if (DNS_CODES.test(code) || DNS_CALLS.test(syscall ?? ''))
    return fail('dns', `the host name could not be resolved (${code})`);
  if (TLS_CODES.test(code)) return fail('tls', `the TLS connection could not be made (${code})`);
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return fail('reset', `the connection was closed in the middle (${code})`);
  if (code.startsWith('HPE_') || code.startsWith('ERR_HTTP'))
    return fail('protocol', `the answer was not valid HTTP (${code})`);
  return fail('connect', `no connection could be made (${code || error.name})`);
}

const SWITCHING = 101;

/** A kept connection turned out to be closed before anything came back on it. */
class StaleConnectionError extends HttpFailure {}

/** One exchange on a request that is about to be sent, until `endMs`. Settles once, whatever the peer does. */
function exchange(
  outgoing: http.ClientRequest,
  request: OutgoingRequest,
  endMs: number,
  atTurnEnd: (work: () => void) => void,
): Promise<IncomingAnswer> {
  return new Promise((resolve, reject) => {
    let settled = false;
    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const fail = (failure: HttpFailure): void => {
      settle(() => reject(failure));
      outgoing.destroy();
    };
    const onAbort = (): void => fail(new HttpFailure('aborted', 'the exchange was called off'));
    const timer = setTimeout(
      () => fail(new HttpFailure('timeout', `no complete answer within ${request.timeoutMs} ms`)),
      endMs - performance.now(),
    );
    request.signal?.addEventListener('abort', onAbort, { once: true });
    outgoing.on('error', (error) => {
      const failure = failureOf(error);
      const isStale = outgoing.reusedSocket && failure.code === 'reset';
      fail(isStale ? new StaleConnectionError(failure.code, failure.message, { cause: error }) : failure);
    });
    // What follows a 101 belongs to another protocol: there is no body, and no end of it to wait for.
    const endAtSwitch = (incoming: http.IncomingMessage): void => {
      const headers = flattenHeaders(incoming.headers);
      settle(() => resolve({ status: SWITCHING, headers, body: Buffer.alloc(0), truncated: false }));
      outgoing.destroy();
      incoming.socket.destroy();
    };
    outgoing.on('upgrade', endAtSwitch);
    outgoing.on('response', (incoming) => {
      // So it comes where the answer names no protocol to switch to.
      if (incoming.statusCode === SWITCHING) return endAtSwitch(incoming);
      readBody(incoming, request.answerBytesMax, {
        done: (body, truncated) => {
          const headers = flattenHeaders(incoming.headers);
          settle(() => resolve({ status: incoming.statusCode ?? 0, headers, body, truncated }));
          if (truncated) outgoing.destroy();
        },
        failed: (error) => fail(failureOf(error)),
      });
    });
    if (request.signal?.aborted === true) onAbort();
    else atTurnEnd(() => void outgoing.end(request.body));
  });
}

/** Collects a body up to a limit. */
function readBody(
  incoming: http.IncomingMessage,
  bytesMax: number,
  on: { readonly done: (body: Buffer, truncated: boolean) => void; readonly failed: (error: Error) => void },
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on('data', (chunk: Buffer) => {
    chunks.push(chunk.subarray(0, Math.max(0, bytesMax - size)));
    size += chunk.length;
    if (size > bytesMax) on.done(Buffer.concat(chunks), true);
  });
  incoming.on('end', () => on.done(Buffer.concat(chunks), false));
  incoming.on('error', on.failed);
}

/** @throws {HttpFailure} */
function parseUrl(url: string): URL {
  if (!URL.canParse(url)) throw new HttpFailure('protocol', 'the URL is not valid');
  return new URL(url);
}

/**
 * An HTTP client on `node:http` and `node:https` with kept connections, one deadline for the whole exchange, a limit on
 * the bytes read, no redirects, no decompression and no retry: only what is repeatable and met a kept connection just
 * closed by its peer is sent once more, on a new one.
 */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const secureContext = secureContextOf(options);
  const kept = createAgents(options, true, secureContext);
  const fresh = createAgents(options, false, secureContext);
  const atTurnEnd = createTurnEnd();

  const dial = (request: OutgoingRequest, agents: Agents): http.ClientRequest => {
    const url = typeof request.url === 'string' ? parseUrl(request.url) : request.url;
    options.checkHost?.(url);
    const isSecure = url.protocol === 'https:';
    return (isSecure ? https : http).request({
      protocol: url.protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
      path: pathOf(typeof request.url === 'string' ? request.url : url.href),
      method: request.method,
      agent: isSecure ? agents.secure() : agents.plain,
      headers: {
        ...request.headers,
        ...(request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) }),
      },
    });
  };

  const send = async (request: OutgoingRequest): Promise<IncomingAnswer> => {
    const endMs = performance.now() + request.timeoutMs;
    try {
      return await exchange(dial(request, kept), request, endMs, atTurnEnd);
    } catch (error) {
      const isRepeatable = request.repeatable ?? request.method === 'GET';
      if (!(error instanceof StaleConnectionError) || !isRepeatable) throw failureOf(error);
      // Where one kept connection was closed, the others probably are, too.
      return exchange(dial(request, fresh), request, endMs, atTurnEnd);
    }
  };

  return {
    send,
    close: () => {
      kept.close();
      fresh.close();
    },
  };
}

interface Agents {
  readonly plain: http.Agent;
  readonly secure: () => https.Agent;
  readonly close: () => void;
}

function createAgents(
  options: HttpClientOptions,
  keepAlive: boolean,
  secureContext: () => SecureContext,
): Agents {
  const common = {
    keepAlive,
    scheduling: 'lifo',
    maxSockets: options.connectionsPerHostMax ?? Number.POSITIVE_INFINITY,
    // Of a connection in use this only makes an event that nobody listens to: an exchange has its own limit.
    ...(options.idleMsMax === undefined ? {} : { timeout: options.idleMsMax }),
  } as const;
  const lookupFor = (scheme: 'http:' | 'https:') =>
    options.lookup === undefined ? {} : { lookup: options.lookup(scheme) };
  const plain = new http.Agent({ ...common, ...lookupFor('http:') });
  const { rejectUnauthorized = true } = options.tls ?? {};
  let secure: https.Agent | undefined;
  return {
    plain,
    secure: () =>
      (secure ??= new https.Agent({
        ...{ ...common, ...lookupFor('https:'), rejectUnauthorized, secureContext: secureContext() },
      })),
    close: () => {
      plain.destroy();
      secure?.destroy();
    },
  };
}

/** Made once, and not before it is needed: authorities are dear to read. Sessions are resumed by the agents. */
function secureContextOf({ tls: settings }: HttpClientOptions): () => SecureContext {
  let made: SecureContext | undefined;
  return () => {
    const { ca, cert, key } = settings ?? {};
    made ??= createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    });
    return made;
  };
}

/** Path and query as they are written: a `?` with nothing after it, which `URL.search` does not show, makes another URL. */
function pathOf(url: string): string {
  const afterScheme = url.indexOf('//') + 2;
  const slash = url.slice(afterScheme).search(/[/?#]/);
  if (slash < 0) return '/';
  const path = url.slice(afterScheme + slash).split('#', 1)[0] ?? '/';
  return path.startsWith('/') ? path : `/${path}`;
}

function flattenHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}
