import type { Queue, QueueManager } from './model.ts';
import { attributeNames, describeQueue } from './queue-attributes.ts';
import { matchesName, parseFilter } from './queue-filter.ts';
import { listAnswer, type RestAnswer } from './rest-answer.ts';
import { badParameter, unknownQueue } from './rest-errors.ts';

const TYPES = ['all', 'local', 'alias', 'remote', 'cluster', 'model'];
const PARAMETERS = new Set(['type', 'status', 'attributes', 'name', 'filter']);

/** Answers `GET …/queue` (no `queueName`) and `GET …/queue/{queueName}` of a queue manager that runs. */
export function answerQueueQuery(
  qmgr: QueueManager,
  queueName: string | undefined,
  query: URLSearchParams,
): RestAnswer {
  const unknown = [...query.keys()].find((parameter) => !PARAMETERS.has(parameter));
  if (unknown !== undefined) return badParameter(unknown, 'it is not known');
  const attributes = selected(query, 'attributes');
  if (attributes === undefined)
    return badParameter('attributes', 'it names an attribute that does not exist');
  const status = selected(query, 'status');
  if (status === undefined) return badParameter('status', 'it names an attribute that does not exist');
  const shown = [...attributes, ...status];

  if (queueName === undefined) return collection(qmgr, query, shown);
  const queue = qmgr.queues.find(({ name }) => name === queueName);
  return queue === undefined
    ? unknownQueue(queueName)
    : listAnswer(200, 'queue', [describeQueue(queue, shown)]);
}

function collection({ queues }: QueueManager, query: URLSearchParams, shown: readonly string[]): RestAnswer {
  const type = query.get('type') ?? 'all';
  if (!TYPES.includes(type)) return badParameter('type', `'${type}' is none of ${TYPES.join(', ')}`);
  const name = query.get('name') ?? '*';
  const filterText = query.get('filter');
  const filter = filterText === null ? undefined : parseFilter(filterText);
  if (filter?.kind === 'bad') return badParameter('filter', filter.why);

  const wanted = (queue: Queue): boolean =>
    (type === 'all' || queue.type === type) &&
    matchesName(queue.name, name) &&
    (filter === undefined || filter.matches(queue));
  const found = queues.filter(wanted).map((queue) => describeQueue(queue, shown));
  return listAnswer(200, 'queue', found);
}

/** The attributes that `attributes=` or `status=` selects: `*`, groups and `group.attribute`; undefined when one is wrong. */
function selected(query: URLSearchParams, parameter: 'attributes' | 'status'): readonly string[] | undefined {
  const text = query.get(parameter);
  if (text === null) return [];
  const names = attributeNames(parameter);
  const groups = text
    .split(',')
    .map((item) => names.filter((name) => item === '*' || name === item || name.startsWith(`${item}.`)));
  return groups.some((group) => group.length === 0) ? undefined : groups.flat();
}
