import type { CallOutcome } from './call-outcome.ts';
import { createInstanceSet, type InstanceSetOptions } from './instance-set.ts';
import type { Instance } from './instance.ts';

/** Everything that runs one function: its instances, and the calls that wait for one. */
export interface InstancePool {
  /** Starts the first instance. Resolves with the reason when its bundle cannot be loaded. */
  readonly start: () => Promise<string | undefined>;
  /** Calls the function with these `params`, written as JSON. Waits for a free place when there is none. Never rejects. */
  readonly call: (paramsJson: string) => Promise<CallOutcome>;
  /**
   * Starts nothing more, asks what is in flight to come to an end, and ends the instances when it has, or after
   * `graceMs`. Calls that wait end as `refused`.
   */
  readonly stop: (graceMs: number) => Promise<void>;
}

export interface InstancePoolOptions extends InstanceSetOptions {
  /** Calls that may wait for a place; more are refused as `busy`. */
  readonly waitingMax: number;
}

interface WaitingCall {
  readonly paramsJson: string;
  readonly settle: (outcome: CallOutcome) => void;
}

export function createInstancePool(options: InstancePoolOptions): InstancePool {
  const instances = createInstanceSet(options);
  const waiting: WaitingCall[] = [];
  const running = new Set<Promise<void>>();
  let isStopping = false;

  const run = async (instance: Instance, call: WaitingCall): Promise<void> => {
    const outcome = await instance.call(call.paramsJson);
    instances.release(instance);
    call.settle(outcome);
    startWaiting();
  };
  const startWaiting = (): void => {
    while (waiting.length > 0) {
      const instance = instances.free();
      const call = instance === undefined ? undefined : waiting.shift();
      if (instance === undefined || call === undefined) return;
      const done = run(instance, call);
      running.add(done);
      void done.finally(() => running.delete(done));
    }
  };
  const call = (paramsJson: string): Promise<CallOutcome> =>
    new Promise((settle) => {
      if (isStopping) return settle({ kind: 'refused', reason: 'stopping' });
      if (waiting.length >= options.waitingMax) return settle({ kind: 'refused', reason: 'busy' });
      waiting.push({ paramsJson, settle });
      startWaiting();
    });
  const stop = async (graceMs: number): Promise<void> => {
    isStopping = true;
    for (const { settle } of waiting.splice(0)) settle({ kind: 'refused', reason: 'stopping' });
    instances.windDown();
    await withinMs(graceMs, Promise.all(running));
    await instances.endAll();
    await Promise.all(running);
  };

  return { start: () => instances.startOne().loaded, call, stop };
}

/** Resolves when `work` has, or after `limitMs`, whichever comes first. */
async function withinMs(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
