/** Deeper than anything that an observer takes or answers, and far from where the runtime gives up. */
const LEVELS_MAX = 1_000;

/** Whether a value that was read from JSON is nested no deeper than can be worked with: reading any depth is no trouble, writing it is. */
export function isShallow(value: unknown): boolean {
  let level: readonly object[] = objectsAmong([value]);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === LEVELS_MAX) return false;
    level = level.flatMap((one) => objectsAmong(Object.values(one)));
  }
  return true;
}

function objectsAmong(values: readonly unknown[]): readonly object[] {
  return values.filter((value): value is object => typeof value === 'object' && value !== null);
}
