import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ColdReadMemory } from '../support/simulation-cold-read.ts';
import { bundleWorker } from '../support/worker-processes.ts';

const REGISTRATIONS = 50_000;
/** What is kept is about three quarters of a parsed copy, which shares nothing; a second one makes it more than one. */
const COPIES_MAX = 0.9;

describe('a cold read of 50,000 registrations through the snapshot', () => {
  it('keeps one copy of them', async () => {
    const script = await bundleWorker('simulation-cold-read.ts');
    try {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--expose-gc', '--max-old-space-size=512', script.path, String(REGISTRATIONS)],
        { timeout: 60_000 },
      );
      const { records, gained, oneCopy } = JSON.parse(stdout) as ColdReadMemory;
      expect(records).toBe(REGISTRATIONS);
      expect(oneCopy).toBeGreaterThan(10 * 1024 * 1024);
      expect(gained / oneCopy).toBeLessThan(COPIES_MAX);
    } finally {
      await script.remove();
    }
  }, 90_000);
});
