/** What a target is told: which queue holds how many messages. */
export interface WakeUp {
  readonly qmgr: string;
  readonly queue: string;
  readonly depth: number;
}

/** Reads the payload of a wake-up; `undefined` when it is not one. */
export function readWakeUp(body: string): WakeUp | undefined {
  const payload = parse(body);
  if (typeof payload !== 'object' || payload === null) return undefined;
  const {
    CE_QMGR: qmgr,
    CE_QUEUE: queue,
    CE_DEPTH: depth,
  } = Object.fromEntries<unknown>(Object.entries(payload));
  const isComplete = typeof qmgr === 'string' && typeof queue === 'string' && typeof depth === 'string';
  return isComplete && /^[1-9]\d{0,8}$/.test(depth) ? { qmgr, queue, depth: Number(depth) } : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
