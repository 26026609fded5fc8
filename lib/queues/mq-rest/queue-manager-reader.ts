import type { Randomness } from '../../platform/clock.ts';
import type { QueueManagerSettings } from '../../platform/configuration/configuration.ts';
import type { HttpClient } from '../../platform/http-client.ts';
import type { QueueManagerReading, QueueReading, Wanted } from '../queue-depths.ts';
import { createQueueNames, type QueueNames } from '../queue-names.ts';
import type { Alias, Ask, DepthAnswer, QueueApi } from './api.ts';
import { createApiChoice } from './api-choice.ts';
import { asAnswer } from './as-answer.ts';
import { failedReading } from './failed-reading.ts';
import { createNameLookup, type NameLookup } from './name-lookup.ts';
import { answered, type Answered, type Verdict } from './verdict.ts';
import { createWebServer, type AskLimits } from './web-server.ts';

/** What reading one queue manager takes. */
export interface QueueManagerReaderDeps {
  readonly settings: QueueManagerSettings;
  readonly http: HttpClient;
  /** The limit of one reading, with all the requests that it takes. */
  readonly timeoutMs: number;
  /** Milliseconds since any fixed moment. */
  readonly nowMs: () => number;
  readonly random: Randomness;
}

/** Reads one queue manager. Never rejects. */
export type ReadQueueManager = (wanted: Wanted, signal: AbortSignal) => Promise<QueueManagerReading>;

/** What is kept of one web server's answer. */
interface Picked {
  readonly api: QueueApi;
  readonly ask: Ask;
  readonly queues: ReadonlyMap<string, QueueReading>;
  /** Exact names of no queue with messages and of no alias. */
  readonly unseen: readonly string[];
  readonly warnings: readonly string[];
}

/** Time for what is good to know besides the depths: names of aliases, names that are not there. */
const LOOKUP_MS_MAX = 3_000;
/** With less time than this nobody is asked again. */
const AGAIN_MS_MIN = 100;

/**
 * Makes the function that reads one queue manager: its web servers in turn, the one that answered last time first, by the
 * API that each offers. As a rule that is one request.
 */
export function createQueueManagerReader(deps: QueueManagerReaderDeps): ReadQueueManager {
  const { settings, nowMs } = deps;
  const servers = settings.baseUrls.map((baseUrl) => ({
    server: createWebServer(baseUrl, settings, deps.http),
    apis: createApiChoice(settings.api, settings.qmgr, nowMs),
  }));
  const lookup = createNameLookup(deps);
  let preferred = 0;

  return async (wanted, signal) => {
    const endMs = nowMs() + deps.timeoutMs;
    const own = createQueueNames(wanted.names, wanted.everyName);
    const failures = new Map<(typeof servers)[number], Verdict>();
    const limitsUntil = (untilMs: number): AskLimits => ({ leftMs: () => untilMs - nowMs(), signal });

    const readFrom = async (
      { server, apis }: (typeof servers)[number],
      untilMs: number,
    ): Promise<Answered<Picked>> => {
      const read = await asAnswer(() => apis.depths(server.asker(limitsUntil(untilMs)), wanted));
      if (!read.ok) return read;
      const ask = server.asker(limitsUntil(Math.min(endMs, nowMs() + LOOKUP_MS_MAX)));
      const { api, depths } = read.value;
      const picked = await pick(depths, own, lookup, () => asAnswer(() => api.aliases(ask)));
      return answered({ ...picked, api, ask, warnings: [...read.warnings, ...picked.warnings] });
    };

    /** The first that can be read. Each has its share of the time, so that one which hangs leaves some to the others. */
    const readInTurn = async (turns: typeof servers): Promise<Picked | undefined> => {
      for (const [turn, entry] of turns.entries()) {
        const result = await readFrom(entry, nowMs() + (endMs - nowMs()) / (turns.length - turn));
        if (result.ok) {
          preferred = servers.indexOf(entry);
          return result.value;
        }
        failures.set(entry, result.verdict);
        if (result.verdict.tryElsewhere !== true || signal.aborted) return undefined;
      }
      return undefined;
    };

    /** Those that were only too slow for their share, when others left something of theirs. */
    const worthAnother = (): typeof servers => {
      const isOver = [...failures.values()].some(({ tryElsewhere }) => tryElsewhere !== true);
      if (isOver || servers.length < 2 || signal.aborted || endMs - nowMs() < AGAIN_MS_MIN) return [];
      return [...failures].filter(([, { code }]) => code === 'timeout').map(([entry]) => entry);
    };

    const inTurn = [...servers.slice(preferred, preferred + 1), ...servers.toSpliced(preferred, 1)];
    const read = (await readInTurn(inTurn)) ?? (await readInTurn(worthAnother()));
    if (read !== undefined) {
      const { api, ask, unseen, queues } = read;
      const exists = (name: string) => asAnswer(() => api.exists(ask, name));
      const { missing, warnings } = await lookup.missing({ unseen, registered: own.exact }, exists);
      return { kind: 'read', queues, notFound: missing, warnings: [...read.warnings, ...warnings] };
    }
    const [first, ...others] = [...failures].map(([{ server }, verdict]) => ({
      url: server.shownUrl,
      verdict,
    }));
    if (first === undefined) throw new Error('a queue manager has at least one web server');
    return failedReading(settings.qmgr, first, others);
  };
}

/**
 * Picks what is wanted, behind aliases too. The answer it picks from may be long, and is let go with this: whatever else
 * is asked comes after.
 */
async function pick(
  depths: DepthAnswer,
  own: QueueNames,
  lookup: NameLookup,
  askForAliases: () => Promise<Answered<ReadonlyMap<string, Alias>>>,
): Promise<Pick<Picked, 'queues' | 'unseen' | 'warnings'>> {
  const queues = new Map(depths.pick(own));
  const unseen = [...own.exact].filter((name) => !queues.has(name));
  const { byName, warnings } = await lookup.aliases({ unseen, wanted: own }, askForAliases);
  const named = own.every ? [...byName.keys()].filter((name) => !queues.has(name)) : unseen;
  const aliases = named.flatMap((name) => {
    const alias = byName.get(name);
    return alias === undefined ? [] : [{ name, ...alias }];
  });
  const behind = depths.pick(createQueueNames(aliases.map(({ target }) => target)));
  for (const { name, target, getInhibited } of aliases) {
    const reading = behind.get(target);
    if (reading === undefined) continue;
    queues.set(name, { ...reading, queue: name, hidden: true, ...(getInhibited ? { getInhibited } : {}) });
  }
  return { queues, unseen: unseen.filter((name) => !byName.has(name)), warnings };
}
