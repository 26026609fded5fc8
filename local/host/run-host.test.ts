import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/platform/system-clock.ts';
import { createConsole } from '../console/console.ts';
import type { Environment } from './host-plan.ts';
import { runHost } from './run-host.ts';

let cwd = '';
let said = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'run-host-'));
  said = '';
});
afterEach(() => rmSync(cwd, { recursive: true }));

const run = (env: Environment): Promise<number> =>
  runHost({
    env,
    cwd,
    hostConsole: createConsole({
      write: (text) => (said += text),
      isTerminal: false,
      colour: false,
      clock: systemClock,
    }),
    // Whoever gets so far as to start is ended at once.
    stopRequested: Promise.resolve('the test'),
  });

describe('a host that has no queue manager to observe', { timeout: 30_000 }, () => {
  it('does not simulate one where an env.json was named', async () => {
    writeFileSync(join(cwd, 'prod.json'), '{}');
    expect(await run({ EnvFile: 'prod.json', DATA_DIR: 'mine' })).toBe(1);
    expect(said).toMatch(/nothing was started:\n {2}EnvFile names "prod.json", which holds no queue manager/);
    expect(readdirSync(cwd)).toEqual(['prod.json']);
  });

  it('does not simulate one where env.json holds some that are of no use', async () => {
    writeFileSync(join(cwd, 'env.json'), '{"MQ_ENDPOINTS":[{"QMGR":"","MQ_REST_HOST":""}]}');
    expect(await run({ DATA_DIR: 'mine' })).toBe(1);
    expect(said).toContain('  MQ_ENDPOINTS in env.json holds no queue manager');
    expect(readdirSync(cwd)).toEqual(['env.json']);
  });

  it('does not simulate one on data that is not simulated', async () => {
    writeFileSync(join(cwd, 'encryption.key'), 'x');
    expect(await run({ DATA_DIR: '.' })).toBe(1);
    expect(said).toContain(
      `  DATA_DIR is ${JSON.stringify(cwd)}, whose data was not made by a demonstration`,
    );
    expect(readdirSync(cwd)).toEqual(['encryption.key']);
  });
});
