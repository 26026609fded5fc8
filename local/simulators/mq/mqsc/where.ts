import { matchesName } from '../name-pattern.ts';
import type { MqscValue } from './mqsc-context.ts';

/** `WHERE(attribute operator value)`, taken apart. */
export interface Where {
  /** In lower case. */
  readonly attribute: string;
  readonly matches: (value: MqscValue) => boolean;
}

const FORM = /^\s*\(?\s*([A-Za-z]+)\s+([A-Za-z]{2})\s+'?([^'()]*?)'?\s*\)?\s*$/;

const ORDERS: Readonly<Record<string, (order: number) => boolean>> = {
  LT: (order) => order < 0,
  GT: (order) => order > 0,
  LE: (order) => order <= 0,
  GE: (order) => order >= 0,
  EQ: (order) => order === 0,
  NE: (order) => order !== 0,
};

/** Reads a condition; undefined when it is none. `LK` and `NL` take a trailing `*`. */
export function parseWhere(text: string): Where | undefined {
  const [, attribute, operator = '', value = ''] = FORM.exec(text) ?? [];
  if (attribute === undefined || value === '') return undefined;
  const compare = comparison(operator.toUpperCase(), value);
  return (
    compare && {
      attribute: attribute.toLowerCase(),
      matches: (actual) => actual !== undefined && compare(actual),
    }
  );
}

function comparison(operator: string, value: string): ((actual: MqscValue) => boolean) | undefined {
  if (operator === 'LK') return (actual) => matchesName(String(actual), value);
  if (operator === 'NL') return (actual) => !matchesName(String(actual), value);
  const fits = ORDERS[operator];
  if (fits === undefined) return undefined;
  return (actual) =>
    fits(typeof actual === 'number' ? actual - Number(value) : orderOf(String(actual), value.toUpperCase()));
}

function orderOf(actual: string, value: string): number {
  if (actual === value) return 0;
  return actual < value ? -1 : 1;
}
