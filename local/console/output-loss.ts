/** What fails when nobody reads it any more. */
interface Output {
  readonly on: (event: 'error', listener: (error: NodeJS.ErrnoException) => void) => unknown;
}

/** The end of a process's output. */
export interface OutputLoss {
  /** Resolves at the first failed write, with what failed. */
  readonly lost: Promise<string>;
}

/**
 * Watches the streams that a process writes to. From now on a failed write, as to a pipe whose reader has gone
 * (`npm start | head`) or a terminal that was closed, is nothing that is thrown, however often it happens.
 */
export function watchOutput(streams: Readonly<Record<string, Output>>): OutputLoss {
  const lost = new Promise<string>((resolve) => {
    for (const [name, stream] of Object.entries(streams))
      stream.on('error', ({ code, message }) => resolve(`${name} cannot be written to (${code ?? message})`));
  });
  return { lost };
}
