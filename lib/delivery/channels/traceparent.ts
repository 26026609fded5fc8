import { createHash } from 'node:crypto';

/** A W3C trace context for one wake-up: the same on every attempt, made from its id, so that logs can be joined. */
export function traceparentOf(wakeUpId: string): string {
  const digest = createHash('sha256').update(wakeUpId).digest('hex');
  return `00-${digest.slice(0, 32)}-${digest.slice(32, 48)}-01`;
}
