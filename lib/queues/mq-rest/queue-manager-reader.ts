import type { QueueManagerSettings } from '../../platform/configuration/configuration.ts';
import type { HttpClient } from '../../platform/http-client.ts';
import type { QueueManagerReading, Wanted } from '../queue-depths.ts';
import { createQueueNames } from '../queue-names.ts';
import type { Ask, DepthAnswer, QueueApi } from './api.ts';
import { createApiChoice } from './api-choice.ts';
import { failedReading, type FailedServer } from './failed-reading.ts';
import { judgeFailedExchange } from './failed-exchange.ts';
import { createNameLookup } from './name-lookup.ts';
import { answered, failed, type Answered } from './verdict.ts';
import { createWebServer, LoginFailedError, type WebServer } from './web-server.ts';

/** What reading one queue manager takes. */
export interface QueueManagerReaderDeps {
  readonly settings: QueueManagerSettings;
  readonly http: HttpClient;
  /** The limit of one reading, with all the requests that it takes. */
  readonly timeoutMs: number;
  /** Milliseconds since any fixed moment. */
  readonly nowMs: () => number;
}

/** Reads one queue manager. Never rejects. */
export type ReadQueueManager = (wanted: Wanted, signal: AbortSignal) => Promise<QueueManagerReading>;

/** What one web server gave. */
interface Read {
  readonly api: QueueApi;
  readonly depths: DepthAnswer;
}

/** Time for what is good to know besides the depths: names of aliases, names that are not there. */
const LOOKUP_MS_MAX = 3_000;

/**
 * Makes the function that reads one queue manager: its web servers in turn, the one that answered last time first, by the
 * API that each offers. As a rule that is one request.
 */
export function createQueueManagerReader(deps: QueueManagerReaderDeps): ReadQueueManager {
  const { settings, nowMs } = deps;
  const servers = settings.baseUrls.map((baseUrl) => ({
    server: createWebServer(baseUrl, settings, deps.http),
    apis: createApiChoice(settings.api, settings.qmgr),
  }));
  const names = createNameLookup(nowMs);
  let preferred = 0;

  const readFrom = async (index: number, limits: Limits, wanted: Wanted): Promise<Answered<Read>> => {
    const entry = servers[index];
    if (entry === undefined) throw new Error(`there is no web server ${index}`);
    return asAnswer(() => entry.apis.depths(entry.server.asker(limits), wanted));
  };

  return async (wanted, signal) => {
    const endMs = nowMs() + deps.timeoutMs;
    const failures: FailedServer[] = [];
    for (const [turn, index] of inTurn(servers.length, preferred).entries()) {
      // Each web server has its share of the time, so that one which hangs leaves some to the others.
      const endOfTurnMs = nowMs() + (endMs - nowMs()) / (servers.length - turn);
      const result = await readFrom(index, { leftMs: () => endOfTurnMs - nowMs(), signal }, wanted);
      if (result.ok) {
        preferred = index;
        const extraEndMs = Math.min(endMs, nowMs() + LOOKUP_MS_MAX);
        const server = serverAt(servers, index);
        const ask = server.asker({ leftMs: () => extraEndMs - nowMs(), signal });
        return complete(result.value, ask, wanted, result.warnings);
      }
      failures.push({ url: serverAt(servers, index).shownUrl, verdict: result.verdict });
      if (result.verdict.tryElsewhere !== true || signal.aborted) break;
    }
    const [first, ...others] = failures;
    if (first === undefined) throw new Error('a queue manager has at least one web server');
    return failedReading(settings.qmgr, first, others);
  };

  /** Picks what is wanted, aliases and names that are not there found out. */
  async function complete(
    { api, depths }: Read,
    ask: Ask,
    wanted: Wanted,
    warnings: readonly string[],
  ): Promise<QueueManagerReading> {
    const own = createQueueNames(wanted.names);
    const direct = depths.pick(own);
    const unseen = [...own.exact].filter((name) => !direct.has(name));
    const found = await names.lookUp(unseen, {
      aliases: () => asAnswer(() => api.aliases(ask)),
      exists: (name) => asAnswer(() => api.exists(ask, name)),
    });
    const targets = new Map(
      unseen.flatMap((name): [string, string][] => {
        const target = found.aliases.get(name);
        return target === undefined ? [] : [[name, target]];
      }),
    );
    const queues = new Map(direct);
    if (targets.size > 0) {
      const behind = depths.pick(createQueueNames(targets.values()));
      for (const [alias, target] of targets) {
        const reading = behind.get(target);
        if (reading !== undefined) queues.set(alias, { ...reading, queue: alias, hidden: true });
      }
    }
    return { kind: 'read', queues, notFound: found.missing, warnings: [...warnings, ...found.warnings] };
  }
}

interface Limits {
  readonly leftMs: () => number;
  readonly signal: AbortSignal;
}

function serverAt(servers: readonly { readonly server: WebServer }[], index: number): WebServer {
  const entry = servers[index];
  if (entry === undefined) throw new Error(`there is no web server ${index}`);
  return entry.server;
}

/** Places 0 to `count` - 1, `first` at the front. */
function inTurn(count: number, first: number): readonly number[] {
  const all = Array.from({ length: count }, (_, index) => index);
  return [first, ...all.filter((index) => index !== first)];
}

/** Whatever an exchange throws is an answer, too. */
async function asAnswer<T>(ask: () => Promise<Answered<T>>): Promise<Answered<T>> {
  try {
    const result = await ask();
    return result.ok ? answered(result.value, result.warnings) : result;
  } catch (error) {
    return failed(error instanceof LoginFailedError ? error.verdict : judgeFailedExchange(error));
  }
}
