import type { QueueManager } from '../model.ts';
import { listAnswer, type RestAnswer } from '../rest/rest-answer.ts';
import { badRequest, replyQueueMissing } from '../rest/rest-errors.ts';
import type { RestExchange } from '../rest/rest-exchange.ts';
import { isAtLeast } from '../rest/version-level.ts';
import { roleMissing } from '../login/login-errors.ts';
import { display } from './display.ts';
import { commandText } from './display-text.ts';
import { parseMqscBody } from './command-body.ts';
import type { MqscCommand } from './mqsc-command.ts';
import { failed, type MqscItem } from './mqsc-item.ts';

const CHANGES = new Set(['DEFINE', 'ALTER', 'DELETE', 'CLEAR']);
const JSON_COMMANDS_SINCE = '9.1.3';
/** The reason that is told for a command of which some part failed. */
const COMMAND_FAILED = 3008;

/** Answers `POST …/mqsc` of a queue manager that runs. */
export function answerMqsc(qmgr: QueueManager, exchange: RestExchange): RestAnswer {
  if (!qmgr.replyQueue) return replyQueueMissing();
  const parsed = parseMqscBody(exchange.body);
  if (parsed.kind === 'bad') return badRequest(`The command is not valid: ${parsed.why}.`);
  const { command } = parsed;
  const refusal = refuse(qmgr, command, exchange);
  if (refusal !== undefined) return refusal;
  const result = display(command, { qmgr, exchange });
  if (result.kind === 'items') return itemsAnswer(result.items, command, qmgr, exchange);
  return exchange.switches.attr120As === '400'
    ? listAnswer(400, 'error', [{ msgId: 'MQWB0120E', message: 'Attribute not valid' }])
    : itemsAnswer(
        [failed(COMMAND_FAILED, `MQWB0120E: Attribute '${result.attribute}' not valid.`)],
        command,
        qmgr,
        exchange,
      );
}

function refuse(qmgr: QueueManager, command: MqscCommand, exchange: RestExchange): RestAnswer | undefined {
  const { switches, user } = exchange;
  const isTooNew = !command.isText && !isAtLeast(qmgr.versionLevel, JSON_COMMANDS_SINCE);
  if (isTooNew && switches.oldJsonCommandAs === '400')
    return badRequest("The type 'runCommandJSON' is not known.");
  if (command.where !== undefined && switches.whereAccepted === '400')
    return badRequest("The parameter 'WHERE' is not known.");
  return CHANGES.has(command.verb) && (user.role ?? 'MQWebAdminRO') === 'MQWebAdminRO'
    ? roleMissing(user.name, 'MQWebAdmin, MQWebUser')
    : undefined;
}

function itemsAnswer(
  items: readonly MqscItem[],
  command: MqscCommand,
  qmgr: QueueManager,
  { switches }: RestExchange,
): RestAnswer {
  const { noMatchAs, overallReasonKey } = switches;
  const isNoMatch = items.every((item) => item.kind === 'failed' && item.reasonCode === 2085);
  const isFailed = items.some(({ kind }) => kind === 'failed') && !(isNoMatch && noMatchAs === 'emptyOk');
  const isEmpty = isNoMatch && (noMatchAs === 'emptyOk' || noMatchAs === 'empty3008');
  const hasWords = !(isNoMatch && noMatchAs === 'noText');
  const shownItems = isEmpty ? [] : items.map((item) => itemJson(item, hasWords));
  return listAnswer(
    200,
    'commandResponse',
    command.isText && !isEmpty ? commandText(items, command, qmgr) : shownItems,
    {
      overallCompletionCode: isFailed ? 2 : 0,
      [overallReasonKey]: isFailed ? COMMAND_FAILED : 0,
    },
  );
}

function itemJson(item: MqscItem, hasWords: boolean): unknown {
  if (item.kind === 'shown') return { completionCode: 0, reasonCode: 0, parameters: item.object };
  const { reasonCode, text } = item;
  return { completionCode: 2, reasonCode, ...(hasWords ? { message: [text] } : {}) };
}
