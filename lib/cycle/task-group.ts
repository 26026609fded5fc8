/** Work that goes on at the same time and is waited for as a whole, without anything kept for each part of it. */
export interface TaskGroup {
  /** Announces one part; what it returns is told the promise of that part. */
  readonly begin: () => (part: Promise<void>) => void;
  /** Resolves when all announced parts have ended; rejects with the first failure. Called once, after the last `begin`. */
  readonly ended: () => Promise<void>;
}

export function createTaskGroup(): TaskGroup {
  let open = 0;
  let failure: { readonly error: unknown } | undefined;
  let settle: () => void = () => undefined;
  const end = (): void => {
    open -= 1;
    settle();
  };
  const fail = (error: unknown): void => {
    failure ??= { error };
    end();
  };
  const ended = (part: Promise<void>): void => void part.then(end, fail);
  return {
    begin: () => {
      open += 1;
      return ended;
    },
    ended: () =>
      new Promise((resolve, reject) => {
        settle = () => {
          if (open > 0) return;
          if (failure === undefined) resolve();
          else reject(failure.error);
        };
        settle();
      }),
  };
}
