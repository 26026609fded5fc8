import type { FunctionList } from '../function-list/function-list.ts';

/** All that the local host runs. */
export interface Bundles {
  readonly functions: FunctionList;
  /** The folder with `<name>/main.js`. */
  readonly distDir: string;
  /** The function runner as plain JavaScript, for a worker that evaluates it. */
  readonly runnerSource: string;
}
