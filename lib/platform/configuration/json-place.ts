import type { Findings } from './findings.ts';
import { typeName } from './json-values.ts';
import { quote, type Parse } from './parse.ts';

/** A value that was given, and where. Undefined: it was not, or is null. */
export interface Place {
  readonly key: string;
  readonly value: unknown;
  readonly findings: Findings;
}

/** A text that the parser takes. Anything else is reported; so is none where one is required. */
export function textAt<T>(
  { key, value, findings }: Place,
  parse: Parse<T>,
  { required = false } = {},
): T | undefined {
  if (value === undefined && !required) return undefined;
  const parsed = parse(typeof value === 'string' ? value : '');
  if (typeof value === 'string' && parsed.ok) return parsed.value;
  const expected = parsed.ok ? 'a text in quotes' : parsed.expected;
  findings.problem(key, `${shapeOf(value, parsed.ok ? undefined : parsed.given)}; expected ${expected}`);
  return undefined;
}

function shapeOf(value: unknown, given: string | undefined): string {
  if (value === undefined) return 'is not set';
  if (typeof value !== 'string') return `is ${typeName(value)}`;
  return given ?? `is ${quote(value)}`;
}

/** A whole number within bounds. Anything else is reported. */
export function numberAt({ key, value, findings }: Place, min: number, max: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  const shape = typeof value === 'number' ? String(value) : typeName(value);
  findings.problem(key, `is ${shape}; expected a whole number from ${min} to ${max}`);
  return undefined;
}

/** True or false. Anything else is reported. */
export function switchAt({ key, value, findings }: Place): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  findings.problem(key, `is ${typeName(value)}; expected true or false`);
  return undefined;
}
