import type { IncomingAnswer } from '../../../platform/http-client.ts';
import type { Ask, DepthAnswer, Extras, QueueApi } from '../api.ts';
import { judgeFailedAnswer } from '../failed-answer.ts';
import { createRefusals, smallerScope, type Scope } from '../less-each-time.ts';
import { encodeName } from '../queue-manager-path.ts';
import { tooLong, unreadableAnswer } from '../unreadable-answer.ts';
import { answered, failed, type Answered } from '../verdict.ts';
import { parseErrorReport } from '../error-report.ts';
import { parseQueueList, pickAliases, pickQueues } from './queue-list.ts';

const AGE = 'status.oldestMessageAge';
const READERS = 'status.openInputCount';
const INHIBITED = 'general.inhibitGet';
const TRANSMISSION = 'general.isTransmissionQueue';

/** The message that there is no queue of that name. */
const NO_SUCH_QUEUE = 'MQWB0037E';

/** The `queue` resource of REST v1: one `GET` for all local queues that hold messages. */
export function createV1Api(qmgr: string): QueueApi {
  const resource = `/ibmmq/rest/v1/admin/qmgr/${encodeName(qmgr)}/queue`;
  const refusals = createRefusals();

  const depths = async (ask: Ask, extras: Extras): Promise<Answered<DepthAnswer>> => {
    const wished = refusals.allowed(attributesFor(extras));
    for (let scope: Scope | undefined = wished; ;) {
      const answer = await ask({ method: 'GET', path: `${resource}?${queryFor(scope)}` });
      if (answer.status === 200) {
        const list = entriesOf(answer);
        if (!list.ok) return list;
        refusals.remember(wished, scope);
        const pick: DepthAnswer['pick'] = (names) => pickQueues(list.value, names);
        return answered({ pick }, warningsFor(refusals.allowed(attributesFor(extras)), extras));
      }
      const verdict = judgeFailedAnswer(answer, scope.attributes);
      scope = smallerScope(scope, verdict);
      if (scope === undefined) return failed(verdict);
    }
  };

  return {
    name: 'v1',
    depths,
    aliases: async (ask) => {
      const answer = await ask({ method: 'GET', path: `${resource}?type=alias` });
      if (answer.status !== 200) return failed(judgeFailedAnswer(answer));
      const list = entriesOf(answer);
      return list.ok ? answered(pickAliases(list.value)) : list;
    },
    exists: async (ask, queue) => {
      const answer = await ask({ method: 'GET', path: `${resource}/${encodeName(queue)}` });
      if (answer.status === 200) return answered(true);
      const report = parseErrorReport(answer.body, answer.headers['content-type']);
      return report?.msgId === NO_SUCH_QUEUE ? answered(false) : failed(judgeFailedAnswer(answer));
    },
  };
}

/** What is good to have, the dearest last. */
function attributesFor(extras: Extras): readonly string[] {
  return [
    INHIBITED,
    TRANSMISSION,
    ...(extras.oldestMessageAge ? [AGE] : []),
    ...(extras.openInputCount ? [READERS] : []),
  ];
}

/** `type=local` spares z/OS the channel initiator; the filter keeps the answer small, for there is no paging. */
function queryFor({ filtered, attributes }: Scope): string {
  const general = attributes.filter((attribute) => attribute.startsWith('general.'));
  const status = ['status.currentDepth', ...attributes.filter((name) => name.startsWith('status.'))];
  return [
    'type=local',
    ...(general.length === 0 ? [] : [`attributes=${general.join(',')}`]),
    `status=${status.join(',')}`,
    ...(filtered ? ['filter=status.currentDepth:greaterThan:0'] : []),
  ].join('&');
}

function warningsFor(allowed: Scope, extras: Extras): readonly string[] {
  const missing = attributesFor(extras).filter((attribute) => !allowed.attributes.includes(attribute));
  if (missing.length === 0) return [];
  return [`the web server refuses ${missing.join(', ')}: rules on these have no effect`];
}

function entriesOf(answer: IncomingAnswer): Answered<readonly unknown[]> {
  if (answer.truncated) return failed(tooLong());
  const list = parseQueueList(answer.body, answer.headers['content-type']);
  return list.kind === 'queues' ? answered(list.entries) : failed(unreadableAnswer(list.reason));
}
