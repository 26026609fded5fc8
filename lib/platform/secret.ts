import { inspect } from 'node:util';

/** A value that prints as `[redacted]` in strings, JSON and `console`; `reveal` is the only way to it. */
export interface Secret {
  readonly reveal: () => string;
  readonly toString: () => string;
  readonly toJSON: () => string;
}

const REDACTED = '[redacted]';

/** Wraps `value` so that it cannot be logged by accident. */
export function secret(value: string): Secret {
  const wrapped = { reveal: () => value, toString: () => REDACTED, toJSON: () => REDACTED };
  return Object.defineProperty(wrapped, inspect.custom, { value: () => REDACTED });
}
