/** Runs tasks of one name one after the other, in the order of their calls; tasks of different names at once. */
export interface SerialQueue {
  readonly run: <T>(name: string, task: () => Promise<T>) => Promise<T>;
}

/** A queue for the callers within this process. It keeps nothing of names that nobody waits for. */
export function createSerialQueue(): SerialQueue {
  const tails = new Map<string, Promise<void>>();
  return {
    run: async (name, task) => {
      const before = tails.get(name);
      const { promise: tail, resolve: done } = defer();
      tails.set(name, tail);
      await before;
      try {
        return await task();
      } finally {
        done();
        if (tails.get(name) === tail) tails.delete(name);
      }
    },
  };
}

function defer(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
