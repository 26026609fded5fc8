import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { watchOutput } from './output-loss.ts';

describe('the loss of the output', () => {
  it('is told by the stream that failed first, and later failures are nobody’s business', async () => {
    const failing = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    const { lost } = watchOutput({ stdout: new Writable(), stderr: failing });
    failing.write('x');
    expect(await lost).toBe('stderr cannot be written to (EPIPE)');
    failing.emit('error', new Error('once more'));
  });

  it('does not end a process that goes on writing', { timeout: 20_000 }, async () => {
    const source = `
      import { watchOutput } from ${JSON.stringify(fileURLToPath(new URL('output-loss.ts', import.meta.url)))};
      const { lost } = watchOutput({ stdout: process.stdout, stderr: process.stderr });
      const timer = setInterval(() => { process.stdout.write('more\\n'); process.stderr.write('more\\n'); }, 5);
      void lost.then(() => setTimeout(() => { clearInterval(timer); process.exitCode = 7; }, 100));`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', source], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.stderr.destroy();
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(7);
  });
});
