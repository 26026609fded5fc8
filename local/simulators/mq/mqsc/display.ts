import type { Queue } from '../model.ts';
import { maySee } from '../users.ts';
import { matchesName } from '../name-pattern.ts';
import { QUEUE_ATTRIBUTES, QUEUE_MANAGER_ATTRIBUTES, STATUS_ATTRIBUTES } from './mqsc-attributes.ts';
import type { MqscAttributes, MqscContext, MqscValue } from './mqsc-context.ts';
import { failed, notFound, syntaxError, type MqscItem } from './mqsc-item.ts';
import type { MqscCommand } from './mqsc-command.ts';
import { parseWhere, type Where } from './where.ts';

/** What a display command comes to: an item per object, or the attribute that cannot be shown. */
export type DisplayResult =
  | { readonly kind: 'items'; readonly items: readonly MqscItem[] }
  | { readonly kind: 'bad-attribute'; readonly attribute: string };

interface Qualifier {
  readonly attributes: MqscAttributes<Queue>;
  readonly has: (queue: Queue) => boolean;
}

const ofType = (type?: Queue['type']): Qualifier => ({
  attributes: QUEUE_ATTRIBUTES,
  has: (queue) => type === undefined || queue.type === type,
});
const [ANY, LOCAL, ALIAS, REMOTE] = [ofType(), ofType('local'), ofType('alias'), ofType('remote')];
const STATUS: Qualifier = { attributes: STATUS_ATTRIBUTES, has: ({ type }) => type === 'local' };
const QUALIFIERS: Readonly<Record<string, Qualifier>> = {
  QUEUE: ANY,
  Q: ANY,
  QLOCAL: LOCAL,
  QL: LOCAL,
  QALIAS: ALIAS,
  QA: ALIAS,
  QREMOTE: REMOTE,
  QR: REMOTE,
  QSTATUS: STATUS,
  QS: STATUS,
};

/** Runs a `DISPLAY`; anything else is a syntax error. */
export function display(command: MqscCommand, context: MqscContext): DisplayResult {
  if (command.verb !== 'DISPLAY') return { kind: 'items', items: [syntaxError(command.verb)] };
  if (command.qualifier === 'QMGR') return displayQueueManager(command, context);
  const qualifier = Object.hasOwn(QUALIFIERS, command.qualifier) ? QUALIFIERS[command.qualifier] : undefined;
  if (qualifier === undefined) return { kind: 'items', items: [syntaxError(command.qualifier)] };
  const attribute = badAttribute(qualifier.attributes, command, context);
  if (attribute !== undefined) return { kind: 'bad-attribute', attribute };
  return { kind: 'items', items: displayQueues(qualifier, command, context) };
}

function displayQueues(
  qualifier: Qualifier,
  command: MqscCommand,
  context: MqscContext,
): readonly MqscItem[] {
  const { switches, user, distortion } = context.exchange;
  const isIgnored = switches.whereAccepted === 'ignored';
  const where = command.where === undefined || isIgnored ? undefined : parseWhere(command.where);
  if (command.where !== undefined && !isIgnored) {
    const isRefused = switches.whereAccepted === 'syntaxError' || distortion.refusesFilter === true;
    if (isRefused || where === undefined || !Object.hasOwn(qualifier.attributes, where.attribute))
      return [syntaxError('WHERE')];
  }
  const named = context.qmgr.queues.filter(
    (queue) =>
      qualifier.has(queue) && matchesName(queue.name, command.name) && hasType(queue, command, context),
  );
  const isGeneric = command.name.endsWith('*');
  const items = named.flatMap((queue) => {
    if (!maySee(user, queue.name)) return isGeneric ? [] : [failed(2035, 'AMQ8135E: Not authorized.')];
    if (queue.damaged || distortion.damagedQueue === queue.name)
      return [failed(2101, `AMQ8149S: IBM MQ object ${queue.name} damaged.`)];
    return passes(queue, where, qualifier, context) ? [shown(queue, qualifier, command, context)] : [];
  });
  return items.length > 0 ? items : [notFound(command.name)];
}

function passes(
  queue: Queue,
  where: Where | undefined,
  { attributes }: Qualifier,
  context: MqscContext,
): boolean {
  return where === undefined || where.matches(attributes[where.attribute]?.(queue, context));
}

/** `TYPE(…)` selects among queues; for the status it says what is shown. */
function hasType(queue: Queue, { type, qualifier }: MqscCommand, context: MqscContext): boolean {
  if (type === undefined || type === 'ALL' || QUALIFIERS[qualifier] === STATUS) return true;
  return QUEUE_ATTRIBUTES['type']?.(queue, context) === type;
}

function shown(queue: Queue, qualifier: Qualifier, command: MqscCommand, context: MqscContext): MqscItem {
  if (qualifier === STATUS && command.type === 'HANDLE')
    return { kind: 'shown', object: { queue: queue.name, type: 'HANDLE', objects: handlesOf(queue) } };
  const always = ['queue', 'type', ...(context.qmgr.platform === 'zos' ? ['qsgdisp'] : [])];
  return {
    kind: 'shown',
    object: describe(queue, qualifier.attributes, always, command, context),
  };
}

function displayQueueManager(command: MqscCommand, context: MqscContext): DisplayResult {
  const attribute = badAttribute(QUEUE_MANAGER_ATTRIBUTES, command, context);
  if (attribute !== undefined) return { kind: 'bad-attribute', attribute };
  const object = describe(context.qmgr, QUEUE_MANAGER_ATTRIBUTES, ['qmname'], command, context);
  return { kind: 'items', items: [{ kind: 'shown', object }] };
}

function badAttribute(
  known: object,
  { attributes }: MqscCommand,
  { exchange }: MqscContext,
): string | undefined {
  if (attributes === 'all') return undefined;
  const refused = exchange.distortion.refusedAttribute?.toLowerCase();
  return attributes.find((attribute) => attribute === refused || !Object.hasOwn(known, attribute));
}

function describe<T>(
  object: T,
  known: MqscAttributes<T>,
  always: readonly string[],
  { attributes }: MqscCommand,
  context: MqscContext,
): Readonly<Record<string, MqscValue>> {
  const names = attributes === 'all' ? Object.keys(known) : new Set([...always, ...attributes]);
  return Object.fromEntries([...names].map((name) => [name, known[name]?.(object, context)]));
}

function handlesOf({ inputHandles, outputHandles }: Queue): readonly Readonly<Record<string, string>>[] {
  const handle = (input: string, output: string) => ({
    appltag: 'simulated',
    input,
    browse: 'NO',
    output,
    channel: 'DEV.APP.SVRCONN',
  });
  return [
    ...Array.from({ length: inputHandles }, () => handle('SHARED', 'NO')),
    ...Array.from({ length: outputHandles }, () => handle('NO', 'YES')),
  ];
}
