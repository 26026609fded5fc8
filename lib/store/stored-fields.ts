// What is stored may be of any form: these take what is of the form that is asked for, and nothing else. None ever throws.

export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function textsIn(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

export function countsIn(value: unknown): Readonly<Record<string, number>> {
  const counts = Object.entries(fieldsOf(value)).flatMap(([name, given]) => {
    const count = countOf(given);
    return count === undefined ? [] : [[name, count] as const];
  });
  return Object.fromEntries(counts);
}
