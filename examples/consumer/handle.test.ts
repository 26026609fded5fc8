import { describe, expect, it } from 'vitest';
import { handle } from './handle.ts';

const inTime = new AbortController().signal;

describe('the work for a message', () => {
  it('gives the same for the same message, however often it comes', async () => {
    const message = { id: '0'.repeat(47) + '1', text: '3 lamps' };
    const first = await handle(message, inTime);
    expect(first).toBe('order 0000000000000001 has 7 characters');
    expect(await handle(message, inTime)).toBe(first);
  });

  it('refuses a message without content, and begins nothing when its time is over', async () => {
    await expect(handle({ id: '0'.repeat(48), text: ' \n' }, inTime)).rejects.toThrow('empty');
    await expect(handle({ id: '0'.repeat(48), text: 'x' }, AbortSignal.abort())).rejects.toThrow('aborted');
  });
});
