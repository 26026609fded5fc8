import { missingPrograms } from '../../test/support/s3-cluster.ts';
import { parseOptions } from '../form/options.ts';
import { reportOf } from '../form/report.ts';
import { missedOf, type SectionResult } from '../form/results.ts';
import type { Effort, Section } from '../section.ts';
import { sections } from '../sections.ts';
import { machine } from '../support/machine.ts';
import { writeResults } from '../support/write-results.ts';

/**
 * The benchmarks: every figure beside its baseline in the same run. `--only <section>,…` measures these alone, `--quick` less
 * of each, `--write` puts the results in the place of those in `docs/`.
 */
const options = parseOptions(
  process.argv.slice(2),
  sections.map(({ name }) => name),
);
if (!options.ok) {
  console.error(options.message);
  process.exit(1);
}
const { only, quick, write } = options;
const effort: Effort = { quick, rounds: quick ? 2 : 5 };
const results: SectionResult[] = [];
const pictures: Record<string, string> = {};

async function measure(section: Section): Promise<void> {
  const { name, title } = section;
  const missing = section.needsS3 === true ? missingPrograms() : [];
  if (missing.length > 0) {
    console.error(`${name} is left out: it needs a real S3 server; not installed: ${missing.join(', ')}`);
    return;
  }
  const beganMs = performance.now();
  const { figures, curves = [], pictures: drawn = {} } = await section.measure(effort);
  results.push({ section: name, title, machine: machine(), quick, figures, curves });
  Object.assign(pictures, drawn);
  console.error(`${name}: ${((performance.now() - beganMs) / 1000).toFixed(0)} s`);
}

for (const section of sections) if (only.length === 0 || only.includes(section.name)) await measure(section);
console.log(`\n${reportOf({ format: 1, sections: results })}`);
const missed = missedOf(results);
console.log(
  missed.length === 0 ? '\nAll targets are met.' : `\nTargets that are missed:\n${missed.join('\n')}`,
);
if (write) writeResults(results, pictures);
