import { ObjectStoreError } from '../object-store/object-store.ts';
import type { Logger } from '../platform/logging.ts';
import { createErrorKernel, type ErrorKernel, type ErrorKernelDeps } from './error-kernel.ts';
import { ERROR_TABLE } from './error-table.ts';
import { parseToldCauses, WINDOW_MS } from './told-causes.ts';

/** A kernel as tests watch it: on a clock that stands still until it is moved, with a log that is kept. */
export interface WatchedKernel {
  readonly kernelOf: (more?: Partial<ErrorKernelDeps>) => ErrorKernel;
  readonly lines: {
    readonly level: string;
    readonly message: string;
    readonly fields: Readonly<Record<string, unknown>>;
  }[];
  readonly wait: (ms: number) => void;
}

export const STARTED_MS = 100 * WINDOW_MS + 1234;

export function watchKernel(): WatchedKernel {
  let nowMs = STARTED_MS;
  const lines: WatchedKernel['lines'] = [];
  const at =
    (level: string): Logger['warn'] =>
    (message, fields = {}) =>
      void lines.push({ level, message, fields });
  return {
    kernelOf: (more) =>
      createErrorKernel({
        table: ERROR_TABLE,
        clock: { nowMs: () => nowMs },
        log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
        told: parseToldCauses(undefined),
        ...more,
      }),
    lines,
    wait: (ms) => {
      nowMs += ms;
    },
  };
}

/** The store did not answer. */
export const down = (): ObjectStoreError =>
  new ObjectStoreError('unavailable', 'put state/3.json: no answer');

export function boom(): never {
  throw new Error('boom');
}

export function throwing(...names: readonly string[]): PropertyDescriptorMap {
  return Object.fromEntries(names.map((name) => [name, { get: boom }]));
}
