/** Gives back a slot; once. */
export type Leave = () => void;

/** Keeps work under two limits: so much at once in all, and so much per host. */
export interface Dispatcher {
  /**
   * Calls `start` as soon as there is a slot of the host; hosts take turns, so that one with much work, or one that hangs,
   * delays nobody else. What has a higher `priority` (0 when not given) goes before what waits with a lower one, of
   * whatever host. Nothing but `start` is kept for what waits: many can.
   */
  readonly enter: (host: string, start: (leave: Leave) => void, priority?: number) => void;
}

interface Lane {
  active: number;
  readonly leave: Leave;
  /** Who waits, by priority; no queue is empty. */
  readonly waiting: Map<number, Queue<(leave: Leave) => void>>;
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
      const start = queue?.take();
      if (queue?.isEmpty() === true) lane.waiting.delete(priority);
      if (start === undefined) continue;
      active += 1;
      lane.active += 1;
      enqueueTurns(host, lane);
      start(lane.leave);
    }
  };

  const laneOf = (host: string): Lane => {
    const known = lanes.get(host);
    if (known !== undefined) return known;
    const lane: Lane = {
      active: 0,
      waiting: new Map(),
      leave: () => {
        active -= 1;
        lane.active -= 1;
        if (lane.active === 0 && lane.waiting.size === 0) lanes.delete(host);
        else enqueueTurns(host, lane);
        startNext();
      },
    };
    lanes.set(host, lane);
    return lane;
  };

  return {
    enter: (host, start, priority = 0) => {
      const lane = laneOf(host);
      const queue = lane.waiting.get(priority) ?? createQueue();
      lane.waiting.set(priority, queue);
      queue.add(start);
      enqueueTurns(host, lane);
      startNext();
    },
  };
}

/** First in, first out; long ones, too, at no cost per place. */
interface Queue<T> {
  readonly add: (item: T) => void;
  readonly take: () => T | undefined;
  readonly isEmpty: () => boolean;
}

function createQueue<T>(): Queue<T> {
  let items: (T | undefined)[] = [];
  let head = 0;
  return {
    add: (item) => void items.push(item),
    take: () => {
      const item = items[head];
      items[head] = undefined;
      head += 1;
      if (head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    isEmpty: () => head === items.length,
  };
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
