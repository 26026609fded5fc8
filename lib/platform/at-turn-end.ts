/**
 * Makes a function that puts work off to the end of this turn of the event loop, where all of it is done in one go. For
 * writes to many sockets: what is written between two computations wakes its receiver each time, or the kernel for it,
 * and that costs more than the write.
 */
export function createTurnEnd(): (work: () => void) => void {
  let waiting: (() => void)[] = [];
  const doAll = (): void => {
    const now = waiting;
    waiting = [];
    for (const work of now) work();
  };
  return (work) => {
    if (waiting.length === 0) setImmediate(doAll);
    waiting.push(work);
  };
}
