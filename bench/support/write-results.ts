import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replacedBetweenMarkers } from '../form/between-markers.ts';
import { reportOf } from '../form/report.ts';
import { mergedResults, type Results, type SectionResult } from '../form/results.ts';
import { sections } from '../sections.ts';

const NOTHING: Results = { format: 1, sections: [] };

/** Puts results in the place of earlier ones of the same sections: `docs/performance/`, and the table of `docs/performance.md`. */
export function writeResults(
  later: readonly SectionResult[],
  pictures: Readonly<Record<string, string>>,
): void {
  const docs = join(process.cwd(), 'docs');
  const folder = join(docs, 'performance');
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of Object.entries(pictures)) writeFileSync(join(folder, name), svg);
  const file = join(folder, 'results.json');
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : NOTHING;
  const order = sections.map(({ name }) => name);
  const results = mergedResults(before, later, order);
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  const page = join(docs, 'performance.md');
  const text = replacedBetweenMarkers(readFileSync(page, 'utf8'), 'results', reportOf(results));
  writeFileSync(page, text);
}
