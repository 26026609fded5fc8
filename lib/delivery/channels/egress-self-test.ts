import net from 'node:net';
import type { Clock } from '../../platform/clock.ts';
import { HttpFailure, type HttpClient, type HttpFailureCode } from '../../platform/http-client.ts';
import type { Resolve } from './name-resolver.ts';
import { createTargetGuard, type TargetGuard } from '../target-guard.ts';

/**
 * Whether the guard holds in this runtime; if not, what was seen and what to do. Not `proved`: no request was seen to get
 * past it, and another test may end otherwise.
 */
export type EgressSelfTestResult =
  { readonly ok: true } | { readonly ok: false; readonly proved: boolean; readonly problem: string };

export interface EgressSelfTestDeps {
  readonly clock: Clock;
  /** Makes a client as targets are woken with. What makes it is what is tested. */
  readonly createClient: (guard: TargetGuard, resolve: Resolve) => HttpClient;
}

const TIMEOUT_MS = 2_000;
const TOO_LATE = `no result within ${TIMEOUT_MS} ms`;
const LOOPBACK = '127.0.0.1';
/** A name that nobody has (RFC 6761): it leads to this machine only if our resolver is asked. */
const NAME = 'guard-self-test.invalid';
const WHAT_TO_DO = 'run it on Node.js 20 or later, without anything that replaces its http, https or net';
/** Failures that only who has asked a name server, or was hung up on, can meet: what the guard blocks does neither. */
const SEEN_OUTSIDE: ReadonlySet<HttpFailureCode> = new Set(['dns', 'reset']);

interface Finding {
  readonly what: string;
  readonly proved: boolean;
}

/**
 * What is wrong with the guard in this runtime, or `undefined`. It is tested when that is first asked; that it holds, and
 * that it was seen not to, is remembered. After a test that shows neither (a machine too busy for it) the next call tests
 * again. Calls at the same time share one test. Never rejects.
 */
export function createEgressCheck(deps: EgressSelfTestDeps): () => Promise<string | undefined> {
  let known: Promise<string | undefined> | undefined;
  const test = async (): Promise<string | undefined> => {
    const result = await checkEgressGuard(deps);
    if (result.ok) return undefined;
    if (!result.proved) known = undefined;
    return result.problem;
  };
  return () => (known ??= test());
}

/**
 * Proves that this runtime asks our lookup and our check of literal addresses before it dials: a client that may go
 * nowhere private is sent to a server on loopback, by address and by name, over http and https. Each request must be
 * refused as `blocked`, and the server must see none of them. Takes milliseconds, 2 s at most; never rejects.
 */
export async function checkEgressGuard(deps: EgressSelfTestDeps): Promise<EgressSelfTestResult> {
  const over = new AbortController();
  const tooLate = deps.clock.sleep(TIMEOUT_MS, over.signal).then(() => unproved(TOO_LATE));
  try {
    const finding = await Promise.race([findBypass(deps.createClient, over.signal), tooLate]);
    return finding === undefined ? { ok: true } : failed(finding);
  } catch (error) {
    return failed(unproved(`it could not be tested (${nameOf(error)})`));
  } finally {
    over.abort();
  }
}

function failed({ what, proved }: Finding): EgressSelfTestResult {
  const advice = proved
    ? `Nothing may be delivered from here: ${WHAT_TO_DO}`
    : `Nothing is delivered until a test shows that it holds; if none does, ${WHAT_TO_DO}`;
  return { ok: false, proved, problem: `The egress guard is not proved to hold: ${what}. ${advice}` };
}

function unproved(what: string): Finding {
  return { what, proved: false };
}

/** What got past the guard, or may have, or `undefined`. What was opened is closed when `over` is aborted. */
async function findBypass(
  createClient: EgressSelfTestDeps['createClient'],
  over: AbortSignal,
): Promise<Finding | undefined> {
  const bait = await startBait(over);
  // Http is allowed, so that the private address is the only thing to be refused.
  const guard = createTargetGuard({ allowHttp: true, allowTargets: [] });
  const client = createClient(guard, async () => [{ address: LOOPBACK, family: 4 }]);
  over.addEventListener('abort', client.close, { once: true });
  // The addresses come first: a runtime that knows no guard at all is found out before it asks a name server.
  for (const host of [LOOPBACK, NAME]) {
    for (const scheme of ['http', 'https']) {
      const end = await endOf(client, `${scheme}://${host}:${bait.port}/`, over);
      if (end === 'blocked') continue;
      return { ...end, what: `a request over ${scheme} to ${host} was not blocked, but ${end.what}` };
    }
  }
  await knock(bait.port, over);
  if (bait.connections() === 1) return undefined;
  return { what: 'a request was called blocked after it had been dialled', proved: true };
}

async function endOf(client: HttpClient, url: string, signal: AbortSignal): Promise<Finding | 'blocked'> {
  const limits = { timeoutMs: TIMEOUT_MS, answerBytesMax: 0, signal };
  try {
    const { status } = await client.send({ method: 'POST', url, headers: {}, ...limits });
    return { what: `answered with status ${status}`, proved: true };
  } catch (error) {
    const code = error instanceof HttpFailure ? error.code : undefined;
    if (code === 'blocked') return 'blocked';
    const proved = code !== undefined && SEEN_OUTSIDE.has(code);
    return { what: `failed otherwise (${nameOf(error)})`, proved };
  }
}

interface Bait {
  readonly port: number;
  readonly connections: () => number;
}

/** A server on loopback that counts who comes, and hangs up. */
function startBait(over: AbortSignal): Promise<Bait> {
  return new Promise((resolve, reject) => {
    let connections = 0;
    const server = net.createServer((socket) => {
      connections += 1;
      // A peer that is hung up on while it writes resets the connection.
      socket.on('error', () => undefined);
      socket.destroy();
    });
    server.on('error', reject);
    server.listen({ host: LOOPBACK, port: 0, signal: over }, () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : 0,
        connections: () => connections,
      });
    });
  });
}

/** Connections are accepted in the order in which they were made: once ours was, all that came before have been counted. */
function knock(port: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: LOOPBACK, port, signal: over });
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.resume();
  });
}

/** Which error it was, without its message: that may name addresses. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'an unknown error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
