import type { CallOutcome } from './call-outcome.ts';

/** The calls that one instance has not answered yet, each under its time limit. */
export interface CallsInFlight {
  readonly count: () => number;
  /** Notes a call. `outcome` resolves when it is settled; the timer settles it as `timed-out` after `onTimeout`. */
  readonly begin: () => { readonly id: number; readonly outcome: Promise<CallOutcome> };
  /** Settles a call; nothing happens when it is settled already. */
  readonly settle: (id: number, outcome: CallOutcome) => void;
  readonly settleAll: (outcome: CallOutcome) => void;
}

interface Call {
  readonly resolve: (outcome: CallOutcome) => void;
  readonly timer: NodeJS.Timeout;
}

export function createCallsInFlight(deps: {
  readonly limitMs: number;
  /** Called before a call is settled because of its time. */
  readonly onTimeout: () => void;
  /** Called after each call that was settled. */
  readonly onSettled: () => void;
}): CallsInFlight {
  const calls = new Map<number, Call>();
  let nextId = 1;

  const settle = (id: number, outcome: CallOutcome): void => {
    const call = calls.get(id);
    if (call === undefined) return;
    calls.delete(id);
    clearTimeout(call.timer);
    call.resolve(outcome);
    deps.onSettled();
  };
  const begin = (): ReturnType<CallsInFlight['begin']> => {
    const id = nextId++;
    const outcome = new Promise<CallOutcome>((resolve) => {
      const timer = setTimeout(() => {
        deps.onTimeout();
        settle(id, { kind: 'timed-out', limitMs: deps.limitMs });
      }, deps.limitMs);
      calls.set(id, { resolve, timer });
    });
    return { id, outcome };
  };
  return {
    count: () => calls.size,
    begin,
    settle,
    settleAll: (outcome) => {
      for (const id of calls.keys()) settle(id, outcome);
    },
  };
}
