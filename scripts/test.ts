import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Runs all tests and ends with one line that counts them: `N passed, N failed`, with skipped ones named if there are any. */

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
}

const folder = mkdtempSync(join(tmpdir(), 'mq-observer-tests-'));
const results = join(folder, 'results.json');
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const run = spawnSync(
  process.execPath,
  [
    vitest,
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
    ...process.argv.slice(2),
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);

function countsOf(path: string): Counts | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Counts;
  } catch {
    return undefined;
  }
}

const counts = countsOf(results);
rmSync(folder, { recursive: true });
// A file that could not be loaded counts no test as failed; it must not look like a success.
const failed = Math.max(counts?.numFailedTests ?? 1, run.status === 0 ? 0 : 1);
const skipped = counts?.numPendingTests ?? 0;
console.log(
  `${counts?.numPassedTests ?? 0} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
);
process.exitCode = failed > 0 ? 1 : 0;
