import type { Bundle } from './bundle-functions.ts';

/** The sizes of the bundles against their budgets, one line each; where one is over, what it is made of. */
export function sizeTable(bundles: readonly Bundle[]): string {
  const width = Math.max(...bundles.map(({ name }) => name.length));
  const lines = bundles.flatMap((one) => {
    const line = `${one.name.padEnd(width)}  ${kilobytes(one.bytes)} KB of ${kilobytes(one.bytesMax)} KB`;
    if (one.bytes <= one.bytesMax) return [line];
    const sources = one.largestSources.map(({ path, bytes }) => `    ${kilobytes(bytes)} KB  ${path}`);
    return [`${line}  TOO LARGE; most of it:`, ...sources];
  });
  return lines.join('\n');
}

/** The bundles that are larger than they may be. */
export function overBudget(bundles: readonly Bundle[]): readonly Bundle[] {
  return bundles.filter(({ bytes, bytesMax }) => bytes > bytesMax);
}

function kilobytes(bytes: number): string {
  return (bytes / 1024).toFixed(1).padStart(7);
}
