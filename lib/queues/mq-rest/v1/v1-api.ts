import type { IncomingAnswer } from '../../../platform/http-client.ts';
import type { Ask, DepthAnswer, Extras, QueueApi } from '../api.ts';
import { parseErrorReport } from '../error-report.ts';
import { judgeFailedAnswer } from '../failed-answer.ts';
import { askForLess, createRefusals, type Scope } from '../less-each-time.ts';
import { encodeName } from '../queue-manager-path.ts';
import { judgeRefusal } from '../refused-part.ts';
import { tooLong, unreadableAnswer } from '../unreadable-answer.ts';
import { answered, failed, type Answered } from '../verdict.ts';
import { parseQueueList, pickAliases, pickQueues } from './queue-list.ts';

const AGE = 'status.oldestMessageAge';
const READERS = 'status.openInputCount';
const INHIBITED = 'general.inhibitGet';
const TRANSMISSION = 'general.isTransmissionQueue';

const ALIASES: Scope = { filtered: false, basic: [], optional: [INHIBITED] };

/** The message that there is no queue of that name. */
const NO_SUCH_QUEUE = 'MQWB0037E';

/**
 * The `queue` resource of REST v1: one `GET` for all local queues that hold messages. `nowMs`: milliseconds since any fixed
 * moment.
 */
export function createV1Api(qmgr: string, nowMs: () => number): QueueApi {
  const resource = `/ibmmq/rest/v1/admin/qmgr/${encodeName(qmgr)}/queue`;
  const refusals = { locals: createRefusals(nowMs), aliases: createRefusals(nowMs) };

  const depths = async (ask: Ask, extras: Extras): Promise<Answered<DepthAnswer>> => {
    const wished = localsFor(extras);
    const list = await askForLess(refusals.locals, wished, async (scope) =>
      entriesOf(await ask({ method: 'GET', path: `${resource}?${localsQuery(scope)}` }), scope),
    );
    if (!list.ok) return list;
    const pick: DepthAnswer['pick'] = (names) => pickQueues(list.value, names);
    return answered({ pick }, refusals.locals.warnings(wished));
  };

  return {
    name: 'v1',
    depths,
    aliases: async (ask) => {
      const list = await askForLess(refusals.aliases, ALIASES, async (scope) => {
        const query = ['type=alias', ...attributesQuery(scope.optional)].join('&');
        return entriesOf(await ask({ method: 'GET', path: `${resource}?${query}` }), scope);
      });
      return list.ok ? answered(pickAliases(list.value)) : list;
    },
    exists: async (ask, queue) => {
      const answer = await ask({ method: 'GET', path: `${resource}/${encodeName(queue)}` });
      if (answer.status === 200) {
        const list = readEntries(answer);
        return list.ok ? answered(list.value.length > 0 ? true : undefined) : list;
      }
      const report = parseErrorReport(answer.body, answer.headers['content-type']);
      return report?.msgId === NO_SUCH_QUEUE ? answered(false) : failed(judgeFailedAnswer(answer));
    },
  };
}

function localsFor({ oldestMessageAge, openInputCount }: Extras): Scope {
  return {
    filtered: true,
    basic: [INHIBITED, TRANSMISSION],
    optional: [...(oldestMessageAge ? [AGE] : []), ...(openInputCount ? [READERS] : [])],
  };
}

/** `type=local` spares z/OS the channel initiator; the filter keeps the answer small, for there is no paging. */
function localsQuery({ filtered, basic, optional }: Scope): string {
  return [
    'type=local',
    ...attributesQuery(basic),
    `status=${['status.currentDepth', ...optional].join(',')}`,
    ...(filtered ? ['filter=status.currentDepth:greaterThan:0'] : []),
  ].join('&');
}

function attributesQuery(attributes: readonly string[]): readonly string[] {
  return attributes.length === 0 ? [] : [`attributes=${attributes.join(',')}`];
}

function entriesOf(answer: IncomingAnswer, scope: Scope): Answered<readonly unknown[]> {
  return answer.status === 200 ? readEntries(answer) : failed(judgeRefusal(answer, scope));
}

/** Of an answer with status 200. */
function readEntries(answer: IncomingAnswer): Answered<readonly unknown[]> {
  if (answer.truncated) return failed(tooLong());
  const list = parseQueueList(answer.body, answer.headers['content-type']);
  return list.kind === 'queues' ? answered(list.entries) : failed(unreadableAnswer(list.reason));
}
