import type { Clock } from '../../lib/platform/clock.ts';
import { cronCallParams, type Tick } from './cron-event.ts';

/** How a tick ended: taken by the function, or lost after the last delivery. */
export type TickResult =
  | { readonly kind: 'taken'; readonly status: number }
  | { readonly kind: 'lost'; readonly status: number; readonly deliveries: number };

export interface TickDelivery {
  /** Calls the function with these params as JSON and resolves with the HTTP status of its answer. */
  readonly call: (paramsJson: string) => Promise<number>;
  readonly clock: Clock;
  /** Aborted when nothing new may be started. */
  readonly signal: AbortSignal;
}

/** The statuses after which the platform's cron delivers again; every other failure loses the tick at once. */
const REDELIVERED: ReadonlySet<number> = new Set([404, 413, 425, 429, 502, 503, 504]);
const WAITS_MS = [100, 200, 400, 800, 1600];

/** Delivers one tick as the platform's cron does: up to five times again, with the same id. Never rejects. */
export async function deliverTick(tick: Tick, delivery: TickDelivery): Promise<TickResult> {
  const paramsJson = JSON.stringify(cronCallParams(tick));
  for (let deliveries = 1; ; deliveries++) {
    const status = await delivery.call(paramsJson);
    if (status >= 200 && status <= 299) return { kind: 'taken', status };
    const waitMs = WAITS_MS[deliveries - 1];
    if (waitMs === undefined || !REDELIVERED.has(status)) return { kind: 'lost', status, deliveries };
    await delivery.clock.sleep(waitMs, delivery.signal);
    if (delivery.signal.aborted) return { kind: 'lost', status, deliveries };
  }
}
