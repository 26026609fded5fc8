import { createQueue, type Queue } from './model.ts';
import { attributeNames, attributeOf, type AttributeValue } from './queue-attributes.ts';

/** A filter, or the reason why it is none. */
export type QueueFilter =
  | { readonly kind: 'filter'; readonly matches: (queue: Queue) => boolean }
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

/** Reads `attribute:operator:value`. Numbers compare as numbers; in texts a trailing `*` stands for anything. */
export function parseFilter(text: string): QueueFilter {
  const [attribute = '', operator = '', ...rest] = text.split(':');
  const value = rest.join(':');
  const known = [...attributeNames('attributes'), ...attributeNames('status')];
  if (!known.includes(attribute)) return bad(`'${attribute}' cannot be filtered by`);
  const compare = OPERATORS[operator];
  if (compare === undefined) return bad(`'${operator}' is no operator`);
  if (!fits(attribute, value)) return bad(`'${value}' does not fit '${attribute}'`);
  return {
    kind: 'filter',
    matches: (queue) => {
      const actual = attributeOf(queue, attribute);
      return actual !== undefined && compare(orderOf(actual, value));
    },
  };
}

/** Whether `name` is `pattern`, or begins with what stands before its trailing `*`. */
export function matchesName(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function fits(attribute: string, value: string): boolean {
  const isNumber = typeof attributeOf(createQueue('ANY', {}), attribute) === 'number';
  return isNumber ? /^-?\d{1,10}$/.test(value) : value !== '';
}

function orderOf(actual: AttributeValue, value: string): number {
  if (typeof actual === 'number') return actual - Number(value);
  const text = String(actual);
  if (matchesName(text, value)) return 0;
  return text < value ? -1 : 1;
}

function bad(why: string): QueueFilter {
  return { kind: 'bad', why };
}
