import type { IncomingAnswer } from '../../../platform/http-client.ts';
import type { Ask, DepthAnswer, Extras, QueueApi } from '../api.ts';
import { asAnswer } from '../as-answer.ts';
import { judgeFailedAnswer } from '../failed-answer.ts';
import { askForLess, attributesOf, createRefusals, type Refusals, type Scope } from '../less-each-time.ts';
import { encodeName } from '../queue-manager-path.ts';
import { answered, type Answered } from '../verdict.ts';
import { pickAges, pickAliasObjects, pickQueueObjects } from './queue-objects.ts';
import { readCommand, type Displayed } from './read-command.ts';

/** The newest first; old ones are kept by MQ, so that one of them is there. */
const VERSIONS = ['v3', 'v2', 'v1'] as const;

const ALIASES: Scope = { filtered: false, basic: [], optional: ['get'] };
const AGES: Scope = { filtered: true, basic: [], optional: ['msgage'] };
const NOTHING: Scope = { filtered: false, basic: [], optional: [] };
/** Ages are for some rules only: whoever waits for them leaves time to go on without. */
const AGES_TIME_SHARE = 0.5;

/** What is displayed, and how. */
interface Command {
  readonly qualifier: string;
  readonly name: string;
  /** Attributes that are displayed whatever the scope. */
  readonly always: readonly string[];
  readonly timeShare?: number;
}

const ALL_LOCALS: Command = { qualifier: 'qlocal', name: '*', always: ['curdepth'] };
const ALL_ALIASES: Command = { qualifier: 'qalias', name: '*', always: ['target'] };
const ALL_STATUSES: Command = {
  ...{ qualifier: 'qstatus', name: '*', always: ['curdepth'] },
  timeShare: AGES_TIME_SHARE,
};

/**
 * `DISPLAY` commands by `runCommandJSON`, for web servers without the queue resource. `nowMs`: milliseconds since any fixed
 * moment.
 */
export function createMqscApi(qmgr: string, nowMs: () => number): QueueApi {
  const refusals = {
    locals: createRefusals(nowMs),
    statuses: createRefusals(nowMs),
    aliases: createRefusals(nowMs),
  };
  let version: (typeof VERSIONS)[number] | undefined;

  /** Runs a command under the newest version that is there, and remembers which that is. */
  const run = async (ask: Ask, command: Command, scope: Scope): Promise<IncomingAnswer> => {
    const { timeShare } = command;
    let answer: IncomingAnswer | undefined;
    for (const candidate of version === undefined ? VERSIONS : [version]) {
      const path = `/ibmmq/rest/${candidate}/admin/action/qmgr/${encodeName(qmgr)}/mqsc`;
      answer = await ask({
        ...{ method: 'POST', path, body: bodyFor(command, scope) },
        ...(timeShare === undefined ? {} : { timeShare }),
      });
      if (answer.status === 200) version = candidate;
      if (answer.status === 200 || judgeFailedAnswer(answer).notOffered !== true) return answer;
    }
    if (answer === undefined) throw new Error('no version was tried');
    version = undefined;
    return answer;
  };

  /** Displays objects, less and less of them if need be. */
  const display = (
    ask: Ask,
    command: Command,
    wished: Scope,
    known: Refusals,
  ): Promise<Answered<Displayed>> =>
    askForLess(known, wished, async (scope) => readCommand(await run(ask, command, scope), scope));

  const depths = async (ask: Ask, extras: Extras): Promise<Answered<DepthAnswer>> => {
    const wished = localsFor(extras);
    const queues = await display(ask, ALL_LOCALS, wished, refusals.locals);
    if (!queues.ok) return queues;
    const { objects } = queues.value;
    const warnings = [...queues.warnings, ...refusals.locals.warnings(wished)];
    let ages: ReadonlyMap<string, number> = new Map();
    if (extras.oldestMessageAge) {
      const statuses = await asAnswer(() => display(ask, ALL_STATUSES, AGES, refusals.statuses));
      if (statuses.ok) ages = pickAges(statuses.value.objects);
      else warnings.push(`the age of messages is not known: ${statuses.verdict.what}`);
      warnings.push(...refusals.statuses.warnings(AGES));
    }
    return answered({ pick: (names) => pickQueueObjects(objects, ages, names) }, warnings);
  };

  return {
    name: 'mqsc',
    depths,
    aliases: async (ask) => {
      const result = await display(ask, ALL_ALIASES, ALIASES, refusals.aliases);
      return result.ok ? answered(pickAliasObjects(result.value.objects), result.warnings) : result;
    },
    exists: async (ask, queue) => {
      const command: Command = { qualifier: 'queue', name: queue, always: ['type'] };
      const result = readCommand(await run(ask, command, NOTHING), NOTHING);
      if (!result.ok) return result;
      // What could not be displayed is there.
      if (result.value.objects.length > 0 || result.warnings.length > 0) return answered(true);
      return answered(result.value.isNotFound ? false : undefined);
    },
  };
}

function localsFor({ openInputCount }: Extras): Scope {
  return {
    filtered: true,
    basic: ['get', 'usage', 'deftype'],
    optional: openInputCount ? ['ipprocs'] : [],
  };
}

function bodyFor({ qualifier, name, always }: Command, scope: Scope): string {
  return JSON.stringify({
    ...{ type: 'runCommandJSON', command: 'display', qualifier, name },
    ...(scope.filtered ? { parameters: { WHERE: 'CURDEPTH GT 0' } } : {}),
    responseParameters: [...always, ...attributesOf(scope)],
  });
}
