/** Clocks of two machines are seldom further apart than this. */
const SKEW_MS = 60_000;

/** How long ago that was: `12 s ago`. */
export function ago(time: string, nowMs: number): string {
  const sinceMs = nowMs - Date.parse(time);
  if (sinceMs < -SKEW_MS) return `in ${span(-sinceMs)} (clocks differ)`;
  return sinceMs < 1_000 ? 'just now' : `${span(sinceMs)} ago`;
}

/** How long it is until then: `9 min 5 s left`. */
export function left(time: string, nowMs: number): string {
  const leftMs = Date.parse(time) - nowMs;
  return leftMs <= 0 ? 'over: the next restore cycle lifts it' : `${span(leftMs)} left`;
}

/** A duration that was measured: `812 ms`, `1.5 s`. */
export function took(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** A number with its noun: `1 queue`, `2,000 queues`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** In the largest unit that it fills and the one below: `1 h 35 min`. Never more than it is, but for what is under a second. */
function span(ms: number): string {
  const first = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  if (first === -1) return '1 s';
  let restMs = ms;
  const words = UNITS.slice(first, first + 2).map(([name, unitMs]) => {
    const count = Math.floor(restMs / unitMs);
    restMs -= count * unitMs;
    return count === 0 ? '' : `${count} ${name}`;
  });
  return words.filter((word) => word !== '').join(' ');
}
