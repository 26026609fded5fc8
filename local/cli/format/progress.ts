import type { Output } from '../command-context.ts';

/** How far a long command is. */
export interface Progress {
  readonly show: (done: number) => void;
  /** Takes it away. */
  readonly end: () => void;
}

const WIDTH = 30;
const CLEAR_LINE = '\r\u001b[K';

/** A bar on a terminal; nothing elsewhere. */
export function createProgress(output: Output, all: number): Progress {
  const write = (text: string): void => {
    if (output.isTTY === true) output.write(`${CLEAR_LINE}${text}`);
  };
  return { show: (done) => write(progressBar(done, all)), end: () => write('') };
}

/** `[#####-----] 50 of 100`. */
export function progressBar(done: number, all: number): string {
  const filled = all === 0 ? WIDTH : Math.floor((WIDTH * done) / all);
  return `[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${done} of ${all}`;
}
