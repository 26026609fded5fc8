/** Runs work under two limits: so much at once in all, and so much per host. */
export interface Dispatcher {
  /** Runs `work` when there is room; hosts take turns, so that one with much work, or one that hangs, delays nobody else. */
  readonly run: <T>(host: string, work: () => Promise<T>) => Promise<T>;
}

interface Lane {
  active: number;
  readonly waiting: (() => void)[];
}

/** @param limits positive whole numbers */
export function createDispatcher(limits: { readonly atOnce: number; readonly perHost: number }): Dispatcher {
  const lanes = new Map<string, Lane>();
  /** Hosts that have waiting work and room for it, in the order of their turns. */
  const turns = new Set<string>();
  let active = 0;

  const enqueueTurn = (host: string, lane: Lane): void => {
    if (lane.waiting.length > 0 && lane.active < limits.perHost) turns.add(host);
  };

  const startNext = (): void => {
    while (active < limits.atOnce) {
      const [host] = turns;
      if (host === undefined) return;
      turns.delete(host);
      const lane = lanes.get(host);
      const start = lane?.waiting.shift();
      if (lane === undefined || start === undefined) continue;
      active += 1;
      lane.active += 1;
      enqueueTurn(host, lane);
      start();
    }
  };

  const finished = (host: string, lane: Lane): void => {
    active -= 1;
    lane.active -= 1;
    if (lane.active === 0 && lane.waiting.length === 0) lanes.delete(host);
    else enqueueTurn(host, lane);
    startNext();
  };

  const run = async <T>(host: string, work: () => Promise<T>): Promise<T> => {
    const lane = lanes.get(host) ?? { active: 0, waiting: [] };
    lanes.set(host, lane);
    await new Promise<void>((resolve) => {
      lane.waiting.push(resolve);
      enqueueTurn(host, lane);
      startNext();
    });
    try {
      return await work();
    } finally {
      finished(host, lane);
    }
  };

  return { run };
}
