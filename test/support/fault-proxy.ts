import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { play, type Fault } from './fault-proxy-faults.ts';
import {
  classify,
  type JournalEntry,
  type ProxiedRequest,
  type RequestClass,
} from './fault-proxy-journal.ts';

/** Which requests meet a fault. What is not given does not matter. */
export interface Matcher {
  readonly operation?: ProxiedRequest['operation'];
  readonly method?: string;
  /** A part of the key, or a pattern. */
  readonly key?: string | RegExp;
  /** Whatever else decides: chance, headers. Asked last. */
  readonly when?: (request: ProxiedRequest) => boolean;
  /** So many matching requests pass first. */
  readonly skip?: number;
  /** So many meet the fault; all when not given. */
  readonly times?: number;
}

/** A fault that was put in. */
export interface Scripted {
  /** How many requests met it. */
  readonly hits: () => number;
  readonly remove: () => void;
}

/** An HTTP proxy on 127.0.0.1 before a server, which passes everything on unless told to spoil it. */
export interface FaultProxy {
  readonly url: string;
  /** Puts a fault in. Of several that match, the first decides. */
  readonly spoil: (matcher: Matcher, fault: Fault) => Scripted;
  /** Removes all faults; what is stalled stays so. */
  readonly heal: () => void;
  readonly journal: readonly JournalEntry[];
  readonly clearJournal: () => void;
  readonly countByClass: () => Readonly<Record<RequestClass, number>>;
  /** Connections taken so far. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

interface Rule {
  readonly matcher: Matcher;
  readonly fault: Fault;
  seen: number;
  hits: number;
}

export async function startFaultProxy(upstreamUrl: string): Promise<FaultProxy> {
  const upstream = { url: new URL(upstreamUrl), agent: new http.Agent({ keepAlive: true }) };
  const journal: JournalEntry[] = [];
  const connections = new WeakMap<Socket, number>();
  let connectionCount = 0;
  let rules: Rule[] = [];

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const seen: ProxiedRequest = {
      ...classify(request.method ?? '', request.url ?? ''),
      method: request.method ?? '',
      headers: request.headers,
      connection: connections.get(request.socket) ?? 0,
    };
    const fault = faultFor(rules, seen);
    const entry = { ...seen, fault: fault?.kind, serverStatus: undefined as number | undefined };
    journal.push(entry);
    const onServed = (status: number): void => void (entry.serverStatus = status);
    try {
      await play({ request, response, upstream, onServed }, fault);
    } catch {
      // The caller is gone, or the server is: either way this exchange is over.
      request.socket.destroy();
    }
  };

  const server = http.createServer((request, response) => void serve(request, response));
  // Connections must not be closed by the proxy while a test looks at them.
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => connections.set(socket, (connectionCount += 1)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}`,
    spoil: (matcher, fault) => {
      const rule: Rule = { matcher, fault, seen: 0, hits: 0 };
      rules.push(rule);
      return { hits: () => rule.hits, remove: () => void (rules = rules.filter((one) => one !== rule)) };
    },
    heal: () => void (rules = []),
    journal,
    clearJournal: () => void (journal.length = 0),
    countByClass: () => ({
      A: countOf(journal, 'A'),
      B: countOf(journal, 'B'),
      free: countOf(journal, 'free'),
    }),
    connections: () => connectionCount,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        upstream.agent.destroy();
      }),
  };
}

const countOf = (journal: readonly JournalEntry[], kind: RequestClass): number =>
  journal.filter((entry) => entry.class === kind).length;

function faultFor(rules: readonly Rule[], request: ProxiedRequest): Fault | undefined {
  for (const rule of rules) {
    if (!matches(rule.matcher, request)) continue;
    rule.seen += 1;
    const { skip = 0, times = Number.POSITIVE_INFINITY } = rule.matcher;
    if (rule.seen <= skip || rule.hits >= times) continue;
    rule.hits += 1;
    return rule.fault;
  }
  return undefined;
}

function matches(matcher: Matcher, request: ProxiedRequest): boolean {
  const { operation, method, key, when } = matcher;
  if (operation !== undefined && operation !== request.operation) return false;
  if (method !== undefined && method !== request.method) return false;
  if (typeof key === 'string' && !request.key.includes(key)) return false;
  if (key instanceof RegExp && !key.test(request.key)) return false;
  return when === undefined || when(request);
}
