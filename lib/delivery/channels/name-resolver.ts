import dns from 'node:dns';
import type { LookupAddress } from 'node:dns';
import type { Clock } from '../../platform/clock.ts';

/** How names are resolved. Rejects with an error of the resolver. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export interface NameResolverDeps {
  readonly clock: Clock;
  /** Asks name servers directly, without threads: any number of questions may be open. */
  readonly ask: Resolve;
  /** Asks as the machine would (its hosts file, its search list): needs one of few threads for each open question. */
  readonly lookUp: Resolve;
}

const ANSWER_KEPT_MS = 30_000;
const FAILURE_KEPT_MS = 10_000;
const NAMES_KEPT_MAX = 10_000;
const LOOKUPS_MAX = 2;
const LOOKUP_MS_MAX = 5_000;

/** Name servers said that there is no such name, or there are none to ask: the machine itself may know it. */
const ASK_THE_MACHINE: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED', 'EBADNAME']);

interface Kept {
  readonly answer: Promise<readonly LookupAddress[]>;
  untilMs: number;
}

/**
 * A resolver that a few dead names cannot block: each name is asked for once at a time, answers and failures are kept for
 * a while, name servers are asked without the few threads that the machine's own lookup needs, and what does need one of
 * these waits for two at most, and not for long.
 */
export function createNameResolver(deps: NameResolverDeps): Resolve {
  const kept = new Map<string, Kept>();
  const lookUpInTurn = limited(deps, deps.lookUp);

  const find = async (hostname: string): Promise<readonly LookupAddress[]> => {
    const isLocalName = !hostname.replace(/\.$/, '').includes('.') || /\.localhost\.?$/i.test(hostname);
    if (isLocalName) return lookUpInTurn(hostname);
    try {
      return await deps.ask(hostname);
    } catch (error) {
      if (!ASK_THE_MACHINE.has(codeOf(error))) throw error;
      return lookUpInTurn(hostname);
    }
  };

  return (hostname) => {
    const known = kept.get(hostname);
    if (known !== undefined && deps.clock.nowMs() < known.untilMs) return known.answer;
    if (kept.size >= NAMES_KEPT_MAX) kept.clear();
    const fresh: Kept = { answer: find(hostname), untilMs: Number.POSITIVE_INFINITY };
    kept.set(hostname, fresh);
    const keepFor = (ms: number) => (): void => {
      fresh.untilMs = deps.clock.nowMs() + ms;
    };
    fresh.answer.then(keepFor(ANSWER_KEPT_MS), keepFor(FAILURE_KEPT_MS));
    return fresh.answer;
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Two at a time; who waits or is waited for longer than the limit fails as if nobody had answered. */
function limited(deps: NameResolverDeps, lookUp: Resolve): Resolve {
  const waiting: (() => void)[] = [];
  let active = 0;
  const run = async (hostname: string): Promise<readonly LookupAddress[]> => {
    if (active < LOOKUPS_MAX) active += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await lookUp(hostname);
    } finally {
      // A place is handed over, and never free in between: who came just then would take it as well.
      const next = waiting.shift();
      if (next === undefined) active -= 1;
      else next();
    }
  };
  return async (hostname) => {
    const over = new AbortController();
    const tooLate = deps.clock.sleep(LOOKUP_MS_MAX, over.signal).then(() => {
      throw Object.assign(new Error(`no answer within ${LOOKUP_MS_MAX} ms`), { code: 'ETIMEOUT' });
    });
    tooLate.catch(() => undefined);
    try {
      return await Promise.race([run(hostname), tooLate]);
    } finally {
      over.abort();
    }
  };
}

const ASK_MS_MAX = 2_000;
const ASK_TRIES = 2;

/** The resolver of this machine. */
export function systemNameResolver(clock: Clock): Resolve {
  let resolver: dns.promises.Resolver | undefined;
  const ask: Resolve = async (hostname) => {
    resolver ??= new dns.promises.Resolver({ timeout: ASK_MS_MAX, tries: ASK_TRIES });
    const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const found = [
      ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
      ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
    ];
    if (found.length === 0 && four.status === 'rejected') throw four.reason;
    return found;
  };
  return createNameResolver({
    clock,
    ask,
    lookUp: (hostname) => dns.promises.lookup(hostname, { all: true, verbatim: true }),
  });
}
