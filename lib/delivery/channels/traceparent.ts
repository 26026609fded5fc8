/**
 * A W3C trace context for one wake-up: the same on every attempt, made of its id, so that logs can be joined: the trace
 * id is the wake-up's UUID without its dashes.
 */
export function traceparentOf(wakeUpId: string): string {
  const trace = wakeUpId.replaceAll('-', '').toLowerCase();
  return `00-${trace}-${trace.slice(-16)}-01`;
}
