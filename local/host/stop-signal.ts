/** How the process is asked to end. */
export interface StopSignal {
  /** Resolves with the first signal. */
  readonly received: Promise<NodeJS.Signals>;
}

/** Exit codes by convention: 128 and the number of the signal. */
const EXIT_CODES: Partial<Readonly<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};

// One Ctrl-C comes twice under npm: the terminal signals the whole group, and npm passes its own on.
const ECHO_MS = 500;

/** Listens for SIGINT, SIGTERM and SIGHUP, which a closed terminal sends. A second one, told from an echo of the first by its time, exits at once. */
export function listenForStop(): StopSignal {
  let firstMs: number | undefined;
  const received = new Promise<NodeJS.Signals>((resolve) => {
    const onSignal = (signal: NodeJS.Signals): void => {
      const nowMs = performance.now();
      if (firstMs !== undefined && nowMs - firstMs > ECHO_MS) process.exit(EXIT_CODES[signal] ?? 1);
      firstMs ??= nowMs;
      resolve(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
  return { received };
}
