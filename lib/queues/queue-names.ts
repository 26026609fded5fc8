/** A queue of MQ itself. */
export function isSystemQueue(queue: string): boolean {
  return queue.startsWith('SYSTEM.');
}

/** Which queues somebody waits for. */
export interface QueueNames {
  /** Names registered as they are: the only way to ask for a queue that is `hidden`. */
  readonly exact: ReadonlySet<string>;
  /**
   * Whether a queue is wanted. `hidden` are queues that no pattern means: those of MQ itself, transmission queues and
   * temporary dynamic ones.
   */
  readonly wants: (queue: string, hidden: boolean) => boolean;
  /** Every queue is wanted. */
  readonly every: boolean;
}

/** Splits registered names into exact ones and beginnings (a trailing `*`); with `every` all others are wanted, too. */
export function createQueueNames(names: Iterable<string>, every = false): QueueNames {
  const exact = new Set<string>();
  const beginnings: string[] = [];
  for (const name of names) {
    if (name.endsWith('*')) beginnings.push(name.slice(0, -1));
    else exact.add(name);
  }
  return {
    exact,
    wants: (queue, hidden) =>
      every || exact.has(queue) || (!hidden && beginnings.some((beginning) => queue.startsWith(beginning))),
    every,
  };
}
