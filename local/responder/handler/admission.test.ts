import { describe, expect, it } from 'vitest';
import { createAdmission } from './admission.ts';
import type { HandlerResult } from './handler-result.ts';

const DONE: HandlerResult = { kind: 'succeeded', data: undefined };

/** Work that ends when it is told to. */
function createWork() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => async (): Promise<HandlerResult> => {
    started.push(name);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    return DONE;
  };
  return { started, work, end: (name: string) => ends.get(name)?.() };
}

describe('admission', () => {
  it('runs so many at once, lets so many wait in order, and refuses the rest for now', async () => {
    const { started, work, end } = createWork();
    const admission = createAdmission({ atOnce: 1, waitingMax: 2 });
    const results = ['a', 'b', 'c', 'd'].map((name) => admission.admit(work(name)));
    expect(await results[3]).toMatchObject({ kind: 'refused', code: 429 });
    for (const name of ['a', 'b', 'c']) {
      await expect.poll(() => started.at(-1)).toBe(name);
      end(name);
    }
    expect(await Promise.all(results.slice(0, 3))).toEqual([DONE, DONE, DONE]);
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('lets what runs finish when it closes, and refuses what waits', async () => {
    const { started, work, end } = createWork();
    const admission = createAdmission({ atOnce: 1, waitingMax: 2 });
    const [first, second] = [admission.admit(work('a')), admission.admit(work('b'))];
    await expect.poll(() => started).toEqual(['a']);
    const closed = admission.close();
    end('a');
    expect(await first).toEqual(DONE);
    expect(await second).toMatchObject({ kind: 'refused', code: 503 });
    await closed;
    expect(await admission.admit(work('c'))).toMatchObject({ code: 503 });
    expect(started).toEqual(['a']);
  });
});
