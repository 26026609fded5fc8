import type { IncomingAnswer } from '../../../platform/http-client.ts';
import type { Ask, DepthAnswer, Extras, QueueApi } from '../api.ts';
import { mentions } from '../error-report.ts';
import { judgeFailedAnswer } from '../failed-answer.ts';
import { createRefusals, smallerScope, type Refusals, type Scope } from '../less-each-time.ts';
import { encodeName } from '../queue-manager-path.ts';
import { judgeReasonCode } from '../reason-code.ts';
import { tooLong, unreadableAnswer } from '../unreadable-answer.ts';
import { answered, failed, type Answered, type Refused, type Verdict } from '../verdict.ts';
import { parseCommandResponse, type CommandFailure } from './command-response.ts';
import { pickAges, pickAliasObjects, pickQueueObjects } from './queue-objects.ts';

/** The newest first; old ones are kept by MQ, so that one of them is there. */
const VERSIONS = ['v3', 'v2', 'v1'] as const;

/** Attributes that `DISPLAY QLOCAL` is asked for besides the depth. */
const LOCAL_ATTRIBUTES = ['get', 'usage', 'deftype'];
const READERS = 'ipprocs';
const AGE = 'msgage';

/** `DISPLAY` commands by `runCommandJSON`, for web servers without the queue resource. */
export function createMqscApi(qmgr: string): QueueApi {
  const [locals, statuses] = [createRefusals(), createRefusals()];
  let version: (typeof VERSIONS)[number] | undefined;

  /** Runs a command under the newest version that is there, and remembers which that is. */
  const run = async (ask: Ask, command: object): Promise<IncomingAnswer> => {
    const body = JSON.stringify({ type: 'runCommandJSON', command: 'display', ...command });
    let answer: IncomingAnswer | undefined;
    for (const candidate of version === undefined ? VERSIONS : [version]) {
      const path = `/ibmmq/rest/${candidate}/admin/action/qmgr/${encodeName(qmgr)}/mqsc`;
      answer = await ask({ method: 'POST', path, body });
      if (answer.status === 200) version = candidate;
      if (answer.status === 200 || judgeFailedAnswer(answer).notOffered !== true) return answer;
    }
    if (answer === undefined) throw new Error('no version was tried');
    version = undefined;
    return answer;
  };

  /** Displays all objects of a kind, less and less of them if need be. */
  const display = async (
    ask: Ask,
    qualifier: string,
    wished: readonly string[],
    refusals: Refusals,
  ): Promise<Answered<readonly unknown[]>> => {
    const first = refusals.allowed(wished);
    for (let scope: Scope | undefined = first; ;) {
      const result = readCommand(await run(ask, commandFor(qualifier, scope)), scope);
      if (result.ok) {
        refusals.remember(first, scope);
        return result;
      }
      scope = smallerScope(scope, result.verdict);
      if (scope === undefined) return result;
    }
  };

  const depths = async (ask: Ask, extras: Extras): Promise<Answered<DepthAnswer>> => {
    const wished = [...LOCAL_ATTRIBUTES, ...(extras.openInputCount ? [READERS] : [])];
    const queues = await display(ask, 'qlocal', wished, locals);
    if (!queues.ok) return queues;
    const warnings = [...queues.warnings, ...missingOf(wished, locals)];
    let ages: ReadonlyMap<string, number> = new Map();
    if (extras.oldestMessageAge) {
      const statusAnswer = await display(ask, 'qstatus', [AGE], statuses);
      if (statusAnswer.ok) ages = pickAges(statusAnswer.value);
      else warnings.push(`the age of messages is not known: ${statusAnswer.verdict.what}`);
      warnings.push(...missingOf([AGE], statuses));
    }
    return answered({ pick: (names) => pickQueueObjects(queues.value, ages, names) }, warnings);
  };

  return {
    name: 'mqsc',
    depths,
    aliases: async (ask) => {
      const command = { qualifier: 'qalias', name: '*', responseParameters: ['target'] };
      const result = readCommand(await run(ask, command));
      return result.ok ? answered(pickAliasObjects(result.value), result.warnings) : result;
    },
    exists: async (ask, queue) => {
      const command = { qualifier: 'queue', name: queue, responseParameters: ['type'] };
      const result = readCommand(await run(ask, command));
      return result.ok ? answered(result.value.length > 0) : result;
    },
  };
}

function commandFor(qualifier: string, { filtered, attributes }: Scope): object {
  return {
    qualifier,
    name: '*',
    ...(filtered ? { parameters: { WHERE: 'CURDEPTH GT 0' } } : {}),
    responseParameters: ['curdepth', ...attributes],
  };
}

function missingOf(wished: readonly string[], refusals: Refusals): readonly string[] {
  const allowed = refusals.allowed(wished).attributes;
  const missing = wished.filter((attribute) => !allowed.includes(attribute));
  return missing.length === 0
    ? []
    : [`the web server refuses ${missing.join(', ')}: rules on these have no effect`];
}

const NOTHING: Scope = { filtered: false, attributes: [] };

/** Reads one command's answer. Parts that failed beside others that did not are warnings. */
function readCommand(answer: IncomingAnswer, scope: Scope = NOTHING): Answered<readonly unknown[]> {
  if (answer.status !== 200) return failed(judgeRefusedCommand(answer, scope));
  if (answer.truncated) return failed(tooLong());
  const response = parseCommandResponse(answer.body, answer.headers['content-type']);
  if (response.kind === 'unreadable') return failed(unreadableAnswer(response.reason));
  const [first] = response.failures;
  if (first === undefined) return answered(response.objects);
  const refused = refusedOf(first, scope);
  if (response.objects.length > 0 && refused === undefined)
    return answered(response.objects, [partlyFailed(response.failures)]);
  const verdict = judgeReasonCode(first.reasonCode, first.messageId);
  return failed(refused === undefined ? verdict : { ...verdict, refused });
}

/** A 400 that names nothing may mean the filter or an attribute: the filter is given up first. */
function judgeRefusedCommand(answer: IncomingAnswer, scope: Scope): Verdict {
  const verdict = judgeFailedAnswer(answer, scope.attributes);
  if (answer.status !== 400 || verdict.refused !== undefined || verdict.code === 'unreadable') return verdict;
  return { ...verdict, notOffered: true, refused: anyOf(scope) };
}

function anyOf({ filtered, attributes }: Scope): Refused {
  return { filter: filtered, attributes: filtered ? [] : attributes };
}

/** A syntax error, or an attribute that cannot be displayed: which part of the command it may mean. */
function refusedOf({ messageId, text }: CommandFailure, scope: Scope): Refused | undefined {
  if (messageId === undefined || !/^(?:AMQ8405|MQWB0120|AMQ8496)/.test(messageId)) return undefined;
  const named = scope.attributes.filter((attribute) => mentions(text, [attribute]));
  if (messageId.startsWith('MQWB0120'))
    return { filter: false, attributes: named.length > 0 ? named : scope.attributes };
  return named.length > 0 ? { filter: false, attributes: named } : anyOf(scope);
}

function partlyFailed(failures: readonly CommandFailure[]): string {
  const ids = new Set(failures.map(({ messageId, reasonCode }) => messageId ?? `reason code ${reasonCode}`));
  return `${failures.length} queues could not be displayed (${[...ids].slice(0, 5).join(', ')})`;
}
