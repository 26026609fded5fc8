import type { LookupFunction } from 'node:net';
import { createHttpClient, HttpFailure, type HttpClient } from '../../platform/http-client.ts';
import type { TargetGuard } from '../target-guard.ts';
import type { Resolve } from './name-resolver.ts';

/**
 * An HTTP client that dials only what the guard permits. The check is in the connection's own lookup: what was checked
 * is what is dialled, so a name that changes between check and dial gains nothing. Addresses written literally have no
 * lookup and are checked before.
 */
export function createGuardedHttpClient(deps: {
  readonly guard: TargetGuard;
  readonly allowSelfSigned: boolean;
  readonly connectionsPerHostMax: number;
  readonly resolve: Resolve;
}): HttpClient {
  const { guard, resolve } = deps;
  return createHttpClient({
    connectionsPerHostMax: deps.connectionsPerHostMax,
    tls: { rejectUnauthorized: !deps.allowSelfSigned },
    checkHost: (url) => {
      const problem = guard.urlProblem(url);
      if (problem !== undefined) throw new HttpFailure('blocked', `the target ${problem}`);
    },
    lookup: (scheme) => guardedLookup(guard, scheme, resolve),
  });
}

function guardedLookup(guard: TargetGuard, scheme: string, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => {
        const addresses = found.map(({ address }) => address);
        const problem = guard.addressesProblem(scheme, hostname, addresses);
        const [first] = found;
        if (problem !== undefined || first === undefined)
          return callback(new HttpFailure('blocked', `the target ${problem ?? 'has no address'}`), '', 0);
        // With `all`, Node tries the addresses in turn; all of them have been checked.
        if (options.all === true) return callback(null, [...found]);
        return callback(null, first.address, first.family);
      },
      (error: unknown) => callback(asError(error), '', 0),
    );
  };
}

function asError(error: unknown): NodeJS.ErrnoException {
  return error instanceof Error ? error : new Error(String(error));
}

/**
 * Checks a target when it is registered, for quick feedback; the truth is told when it is dialled. A name that cannot
 * be resolved yet is let through over https: it may come to life later.
 */
export async function registeredTargetProblem(
  guard: TargetGuard,
  url: URL,
  resolveTimeoutMs: number,
  resolve: Resolve,
): Promise<string | undefined> {
  const problem = guard.urlProblem(url);
  if (problem !== undefined) return problem;
  const found = await Promise.race([
    resolve(url.hostname.replace(/^\[|\]$/g, '')).catch(() => []),
    new Promise<[]>((done) => setTimeout(() => done([]), resolveTimeoutMs).unref()),
  ]);
  // With no address at hand the guard still knows whether the name itself is permitted, by a public stand-in.
  const addresses = found.length > 0 ? found.map(({ address }) => address) : [PUBLIC_STAND_IN];
  return guard.addressesProblem(url.protocol, url.hostname, addresses);
}

const PUBLIC_STAND_IN = '1.1.1.1';
