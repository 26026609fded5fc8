import { describe, expect, it } from 'vitest';
import { within } from './time-limit.ts';

const never = async (): Promise<never> => new Promise(() => undefined);

describe('a time limit', () => {
  it('ends work that heeds nothing', async () => {
    await expect(within({ timeoutMs: 5 }, never)).rejects.toMatchObject({
      code: 'timeout',
      message: 'no complete answer within 5 ms',
    });
  });

  it('tells the work, and the limits within it, why', async () => {
    let inner: Promise<unknown> = Promise.resolve();
    const outer = within({ timeoutMs: 5 }, async (signal) => {
      inner = within({ timeoutMs: 60_000, signal }, never);
      return inner;
    });
    await expect(outer).rejects.toMatchObject({ code: 'timeout' });
    await expect(inner).rejects.toMatchObject({ code: 'timeout', message: 'no complete answer within 5 ms' });
  });

  it('starts nothing that was called off', async () => {
    let started = 0;
    const work = async (): Promise<number> => (started += 1);
    const ended = within({ timeoutMs: 60_000, signal: AbortSignal.abort() }, work);
    await expect(ended).rejects.toMatchObject({ code: 'aborted' });
    expect(started).toBe(0);
  });

  it('gives back what the work gives or throws', async () => {
    await expect(within({ timeoutMs: 60_000 }, async () => 7)).resolves.toBe(7);
    const failing = async (): Promise<never> => Promise.reject(new Error('no'));
    await expect(within({ timeoutMs: 60_000 }, failing)).rejects.toThrow('no');
  });
});
