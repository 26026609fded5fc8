import { spawnSync } from 'node:child_process';

/** Why the tests that need Prometheus' own checker are skipped; undefined where it is installed. A CI run has to have it. */
export const missingPromtool: string | undefined = findMissing();

function findMissing(): string | undefined {
  if (spawnSync('promtool', ['--version']).status === 0) return undefined;
  const message = 'promtool is not installed (apt-get install prometheus): its tests are skipped';
  if (process.env['CI'] === 'true') throw new Error(message);
  console.warn(message);
  return message;
}

/** Runs it and answers what it objects to; empty when nothing. */
export function promtool(args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync('promtool', args, {
    input,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return status === 0 && stderr === '' ? '' : `${stderr}${stdout}` || `it ended with ${status}`;
}
