/** Gives back a slot. Calling it again does nothing. */
export type Leave = () => void;

/** Keeps work under two limits: so much at once in all, and so much per host. */
export interface Dispatcher {
  /**
   * Calls `start` as soon as there is a slot of the host; hosts take turns, so that one with much work, or one that hangs,
   * delays nobody else. What has a higher `priority` (0 when not given) goes before what waits with a lower one, of
   * whatever host. Nothing but `start` is kept for what waits: many can.
   *
   * A `start` that throws has given back its slot. Once all others that have room were started, its error (the first of
   * several) is thrown by the call of `enter` or of a `leave` that had started it.
   */
  readonly enter: (host: string, start: (leave: Leave) => void, priority?: number) => void;
}

interface Lane {
  active: number;
  /** Who waits, by priority; no queue is empty. */
  readonly waiting: Map<number, Queue<(leave: Leave) => void>>;
}

/** @param limits positive whole numbers */
export function createDispatcher(limits: { readonly atOnce: number; readonly perHost: number }): Dispatcher {
  const lanes = new Map<string, Lane>();
  const turns = createTurns();
  let active = 0;
  let isStarting = false;

  const enqueueTurns = (host: string, lane: Lane): void => {
    if (lane.active < limits.perHost) for (const priority of lane.waiting.keys()) turns.add(priority, host);
  };

  const startIn = (host: string, lane: Lane, start: (leave: Leave) => void): void => {
    active += 1;
    lane.active += 1;
    enqueueTurns(host, lane);
    let held = true;
    const leave = (): void => {
      if (!held) return;
      held = false;
      active -= 1;
      lane.active -= 1;
      if (lane.active === 0 && lane.waiting.size === 0) lanes.delete(host);
      else enqueueTurns(host, lane);
      startNext();
    };
    try {
      start(leave);
    } catch (error) {
      leave();
      throw error;
    }
  };

  const startNext = (): void => {
    // What is started may enter and leave in the meantime: the loop that started it goes on with that.
    if (isStarting) return;
    isStarting = true;
    const errors: unknown[] = [];
    while (active < limits.atOnce) {
      const next = turns.take();
      if (next === undefined) break;
      const { host, priority } = next;
      const lane = lanes.get(host);
      // A host without room gets its turns back when one of its own has finished.
      if (lane === undefined || lane.active >= limits.perHost) continue;
      const queue = lane.waiting.get(priority);
      const start = queue?.take();
      if (queue?.isEmpty() === true) lane.waiting.delete(priority);
      if (start === undefined) continue;
      try {
        startIn(host, lane, start);
      } catch (error) {
        errors.push(error);
      }
    }
    isStarting = false;
    if (errors.length > 0) throw errors[0];
  };

  const laneOf = (host: string): Lane => {
    const known = lanes.get(host);
    if (known !== undefined) return known;
    const lane: Lane = { active: 0, waiting: new Map() };
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
