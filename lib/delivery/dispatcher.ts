/** Runs work under two limits: so much at once in all, and so much per host. */
export interface Dispatcher {
  /**
   * Runs `work` when there is room; hosts take turns, so that one with much work, or one that hangs, delays nobody else.
   * What has a higher `priority` (0 when not given) goes before what waits with a lower one, of whatever host.
   */
  readonly run: <T>(host: string, work: () => Promise<T>, priority?: number) => Promise<T>;
}

interface Lane {
  active: number;
  /** What waits, by priority; no list is empty. */
  readonly waiting: Map<number, (() => void)[]>;
}

/** @param limits positive whole numbers */
export function createDispatcher(limits: { readonly atOnce: number; readonly perHost: number }): Dispatcher {
  const lanes = new Map<string, Lane>();
  const turns = createTurns();
  let active = 0;

  const enqueueTurns = (host: string, lane: Lane): void => {
    if (lane.active < limits.perHost) for (const priority of lane.waiting.keys()) turns.add(priority, host);
  };

  const startNext = (): void => {
    while (active < limits.atOnce) {
      const next = turns.take();
      if (next === undefined) return;
      const { host, priority } = next;
      const lane = lanes.get(host);
      // A host without room gets its turns back when one of its own has finished.
      if (lane === undefined || lane.active >= limits.perHost) continue;
      const queue = lane.waiting.get(priority);
      const start = queue?.shift();
      if (queue?.length === 0) lane.waiting.delete(priority);
      if (start === undefined) continue;
      active += 1;
      lane.active += 1;
      enqueueTurns(host, lane);
      start();
    }
  };

  const finished = (host: string, lane: Lane): void => {
    active -= 1;
    lane.active -= 1;
    if (lane.active === 0 && lane.waiting.size === 0) lanes.delete(host);
    else enqueueTurns(host, lane);
    startNext();
  };

  const run = async <T>(host: string, work: () => Promise<T>, priority = 0): Promise<T> => {
    const lane = lanes.get(host) ?? { active: 0, waiting: new Map<number, (() => void)[]>() };
    lanes.set(host, lane);
    await new Promise<void>((resolve) => {
      const queue = lane.waiting.get(priority);
      if (queue === undefined) lane.waiting.set(priority, [resolve]);
      else queue.push(resolve);
      enqueueTurns(host, lane);
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

/** Whose turn it is: hosts with waiting work, in order, by priority. */
interface Turns {
  /** Puts a host at the end, unless it has its place already. */
  readonly add: (priority: number, host: string) => void;
  /** Takes the first host of the highest priority. */
  readonly take: () => { readonly host: string; readonly priority: number } | undefined;
}

function createTurns(): Turns {
  /** The highest first. Few: one for each number of cycles that somebody has waited. */
  const levels: { readonly priority: number; readonly hosts: Set<string> }[] = [];
  return {
    add: (priority, host) => {
      const known = levels.find((level) => level.priority === priority);
      if (known !== undefined) return void known.hosts.add(host);
      levels.push({ priority, hosts: new Set([host]) });
      levels.sort((a, b) => b.priority - a.priority);
    },
    take: () => {
      for (const { priority, hosts } of levels) {
        const [host] = hosts;
        if (host === undefined) continue;
        hosts.delete(host);
        return { host, priority };
      }
      return undefined;
    },
  };
}
