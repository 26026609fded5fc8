import type { Instance } from './instance.ts';

/** The instances of one function: started when they are needed, ended when they are idle. */
export interface InstanceSet {
  /** Starts one, whatever there is already. */
  readonly startOne: () => Instance;
  /** One with a free place, started where one more is allowed; `undefined` when all are busy. */
  readonly free: () => Instance | undefined;
  /** Says that a call of `instance` has ended. */
  readonly release: (instance: Instance) => void;
  /** Asks all that are busy to come to an end. From here on nobody counts as lost. */
  readonly windDown: () => void;
  /** Ends all of them at once. */
  readonly endAll: () => Promise<void>;
}

export interface InstanceSetOptions {
  /** Starts one instance; `onRetired` is called when it accepts no more calls. */
  readonly startInstance: (onRetired: (reason: string) => void) => Instance;
  /** Calls at the same time in one instance. */
  readonly concurrency: number;
  /** Instances that accept calls at the same time. */
  readonly instancesMax: number;
  /** How long an instance may be idle beside another one. */
  readonly idleMs: number;
  /** Called when an instance went away that nobody asked to go. */
  readonly onLost: (reason: string) => void;
}

export function createInstanceSet(options: InstanceSetOptions): InstanceSet {
  const all = new Set<Instance>();
  const dismissed = new Set<Instance>();
  let isEnding = false;

  const accepting = (): Instance[] => [...all].filter((instance) => instance.accepts());
  // An instance that accepts nothing more is kept while others' calls finish in it, so that it can be ended with the rest.
  const forgetIfDone = (instance: Instance): void => {
    if (!instance.accepts() && instance.inFlight() === 0) all.delete(instance);
  };
  const startOne = (): Instance => {
    const instance = options.startInstance((reason) => {
      forgetIfDone(instance);
      if (!isEnding && !dismissed.delete(instance)) options.onLost(reason);
    });
    all.add(instance);
    return instance;
  };
  const dismissIfIdle = (instance: Instance): void => {
    if (isEnding || !instance.accepts() || instance.inFlight() > 0 || accepting().length < 2) return;
    dismissed.add(instance);
    void instance.end();
  };

  return {
    startOne,
    free: () => {
      const live = accepting();
      const free = live.find((instance) => instance.inFlight() < options.concurrency);
      return free ?? (live.length < options.instancesMax ? startOne() : undefined);
    },
    release: (instance) => {
      forgetIfDone(instance);
      if (instance.inFlight() === 0) setTimeout(() => dismissIfIdle(instance), options.idleMs).unref();
    },
    windDown: () => {
      isEnding = true;
      for (const instance of all) if (instance.inFlight() > 0) instance.windDown();
    },
    endAll: async () => {
      isEnding = true;
      await Promise.all([...all].map((instance) => instance.end()));
    },
  };
}
