import type { Queue } from '../model.ts';
import { matchesName } from '../name-pattern.ts';
import { attributeNames, attributeOf, type AttributeContext } from './queue-attributes.ts';

/** A filter, or the reason why it is none. */
export type QueueFilter =
  | { readonly kind: 'filter'; readonly matches: (queue: Queue, context: AttributeContext) => boolean }
  | { readonly kind: 'bad'; readonly why: string };

type Comparison = (order: number) => boolean;

const OPERATORS: Readonly<Record<string, Comparison>> = {
  lessThan: (order) => order < 0,
  greaterThan: (order) => order > 0,
  lessThanOrEqualTo: (order) => order <= 0,
  greaterThanOrEqualTo: (order) => order >= 0,
  equalTo: (order) => order === 0,
  notEqualTo: (order) => order !== 0,
};

const NUMBERS = new Set([
  'storage.maximumDepth',
  'status.currentDepth',
  'status.oldestMessageAge',
  'status.openInputCount',
  'status.openOutputCount',
  'status.uncommittedMessages',
]);

/** Reads `attribute:operator:value`. Numbers compare as numbers; in texts a trailing `*` stands for anything. */
export function parseFilter(text: string): QueueFilter {
  const [attribute = '', operator = '', ...rest] = text.split(':');
  const value = rest.join(':');
  const known = [...attributeNames('attributes'), ...attributeNames('status')];
  if (!known.includes(attribute)) return bad(`'${attribute}' cannot be filtered by`);
  const compare = OPERATORS[operator];
  if (compare === undefined) return bad(`'${operator}' is no operator`);
  const fits = NUMBERS.has(attribute) ? /^-?\d{1,10}$/.test(value) : value !== '';
  if (!fits) return bad(`'${value}' does not fit '${attribute}'`);
  return {
    kind: 'filter',
    matches: (queue, context) => {
      const actual = attributeOf(queue, attribute, context);
      if (typeof actual === 'number') return compare(actual - Number(value));
      const isText = typeof actual === 'string' || typeof actual === 'boolean';
      return isText && compare(orderOf(String(actual), value));
    },
  };
}

function orderOf(text: string, value: string): number {
  if (matchesName(text, value)) return 0;
  return text < value ? -1 : 1;
}

function bad(why: string): QueueFilter {
  return { kind: 'bad', why };
}
