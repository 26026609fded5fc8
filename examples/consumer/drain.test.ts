import { describe, expect, it } from 'vitest';
import { ATTEMPTS_MAX, drain, REFUSED_MAX, UNHANDLED_MAX, type DrainDeps, type Drained } from './drain.ts';
import { MqError, type MessageQueue } from './message-queue.ts';

/** A queue in memory: ids are texts. */
function queueOf(ids: readonly string[]): MessageQueue & { readonly left: string[] } {
  const left = [...ids];
  return {
    left,
    list: async (limit) => left.slice(0, limit),
    browse: async (id) =>
      left.includes(id) ? { kind: 'message', message: { id, text: id } } : { kind: 'gone' },
    confirm: async (id) => {
      const index = left.indexOf(id);
      if (index >= 0) left.splice(index, 1);
      return index >= 0;
    },
  };
}
const names = (n: number): readonly string[] => Array.from({ length: n }, (_, index) => `m${index}`);
const run = (deps: Pick<DrainDeps, 'queue' | 'handle'> & Partial<DrainDeps>): Promise<Drained> =>
  drain({
    pause: async () => undefined,
    onFailure: () => undefined,
    stop: new AbortController().signal,
    ...deps,
  });

describe('a run', () => {
  it('handles every message in its order, and confirms each only when it was handled', async () => {
    const queue = queueOf(names(25));
    const seen: string[] = [];
    const drained = await run({
      queue,
      handle: async ({ id }) => {
        expect(queue.left[0]).toBe(id);
        seen.push(id);
      },
    });
    expect(drained).toEqual({ handled: 25, gone: 0, unhandled: new Map(), end: 'empty' });
    expect(seen).toEqual(names(25));
    expect(queue.left).toEqual([]);
  });

  it('tries a message again that could not be handled, after the others', async () => {
    const queue = queueOf(names(3));
    const seen: string[] = [];
    const handle = async ({ id }: { readonly id: string }): Promise<void> => {
      seen.push(id);
      if (seen.length === 1) throw new Error('not yet');
    };
    expect(await run({ queue, handle })).toMatchObject({ handled: 3, end: 'empty' });
    expect(seen).toEqual(['m0', 'm1', 'm2', 'm0']);
  });

  it('leaves on the queue what cannot be handled, after three attempts, and handles all others', async () => {
    const queue = queueOf(names(40));
    const poisoned = new Set(['m0', 'm1', 'm17']);
    const failures: unknown[] = [];
    const drained = await run({
      queue,
      handle: async ({ id }) => {
        if (poisoned.has(id)) throw new Error('poison');
      },
      onFailure: (failure) => failures.push(failure),
    });
    expect(drained.handled).toBe(37);
    expect([...drained.unhandled]).toEqual(
      ['m0', 'm1', 'm17'].map((id) => [id, 'poison']) as unknown as [string, string][],
    );
    expect(queue.left).toEqual(['m0', 'm1', 'm17']);
    expect(failures).toHaveLength(3 * ATTEMPTS_MAX);
  });

  it('tries no more when most messages fail: the fault is elsewhere', async () => {
    const queue = queueOf(names(100));
    let tries = 0;
    const drained = await run({
      queue,
      handle: async () => {
        tries += 1;
        throw new Error('the database is down');
      },
    });
    expect(drained.end).toBe('too many unhandled');
    expect(drained.unhandled.size).toBeGreaterThanOrEqual(UNHANDLED_MAX);
    expect(tries).toBeLessThan(100);
    expect(queue.left).toHaveLength(100);
  });

  it('gives up at once on what cannot be read', async () => {
    const queue: MessageQueue = {
      ...queueOf(['m0']),
      browse: async () => ({ kind: 'unreadable', why: 'no text' }),
    };
    const failures: unknown[] = [];
    const drained = await run({
      queue,
      handle: async () => undefined,
      onFailure: (one) => failures.push(one),
    });
    expect([...drained.unhandled]).toEqual([['m0', 'no text']]);
    expect(failures).toHaveLength(1);
  });

  it('handles what lies behind a message that the server never gives, and tries that one three times', async () => {
    const inner = queueOf(names(12));
    const refused: string[] = [];
    const queue: MessageQueue = {
      ...inner,
      browse: (id) => {
        if (id !== 'm0') return inner.browse(id);
        refused.push(id);
        return Promise.resolve({ kind: 'refused', why: 'MQ answered 400' });
      },
    };
    const drained = await run({ queue, handle: async () => undefined });
    expect(drained).toMatchObject({ handled: 11, end: 'empty' });
    expect([...drained.unhandled]).toEqual([['m0', 'MQ answered 400']]);
    expect(refused).toHaveLength(ATTEMPTS_MAX);
  });

  it('gives up when the server gives none of several messages in a row, and not before', async () => {
    const browsed: string[] = [];
    const refuseUpTo = (n: number): MessageQueue => {
      const inner = queueOf(names(n + 1));
      return {
        ...inner,
        browse: (id) => {
          browsed.push(id);
          if (id === `m${n}`) return inner.browse(id);
          return Promise.resolve({ kind: 'refused', why: 'MQ answered 500' });
        },
      };
    };
    const handle = async (): Promise<void> => undefined;
    await expect(run({ queue: refuseUpTo(REFUSED_MAX), handle })).rejects.toThrow(
      new MqError('MQ answered 500'),
    );
    expect(browsed).toEqual(names(REFUSED_MAX));
    expect(await run({ queue: refuseUpTo(REFUSED_MAX - 1), handle })).toMatchObject({ handled: 1 });
  });

  it('takes no message again that it has confirmed, and leaves it when it is listed again', async () => {
    const inner = queueOf(['m0', 'm0', 'm1']);
    const queue: MessageQueue = { ...inner, confirm: async (id) => id === 'm0' || inner.confirm(id) };
    const seen: string[] = [];
    const stop = new AbortController();
    const handle = async ({ id }: { readonly id: string }): Promise<void> => {
      if (seen.push(id) > 9) stop.abort();
    };
    const drained = await run({ queue, handle, stop: stop.signal });
    expect(seen).toEqual(['m0', 'm1']);
    expect(drained).toMatchObject({ handled: 2, end: 'empty' });
    expect([...drained.unhandled]).toEqual([['m0', expect.stringContaining('listed again')]]);
  });

  it('takes it as done when another consumer was faster, before or after handling', async () => {
    const inner = queueOf(names(4));
    const queue: MessageQueue = {
      ...inner,
      list: async (limit) => {
        const listed = await inner.list(limit);
        if (listed.length === 4) await inner.confirm('m1');
        return listed;
      },
    };
    const handle = async ({ id }: { readonly id: string }): Promise<void> => {
      if (id === 'm2') await inner.confirm('m2');
    };
    expect(await run({ queue, handle })).toEqual({
      handled: 2,
      gone: 2,
      unhandled: new Map(),
      end: 'empty',
    });
  });

  it('does not go round for ever when messages are listed that are not there', async () => {
    const queue: MessageQueue = { ...queueOf(['m0']), browse: async () => ({ kind: 'gone' }) };
    const drained = await run({ queue, handle: async () => undefined });
    expect([...drained.unhandled]).toEqual([['m0', 'it is listed, and not there']]);
    expect(drained.end).toBe('empty');
  });

  it('does not wait for ever for a handler, and neither confirms nor begins again what it may still be at', async () => {
    // Two messages with one id.
    const queue = queueOf(['m0', 'm0']);
    let begun = 0;
    const handle = (): Promise<void> => {
      begun += 1;
      return new Promise(() => undefined);
    };
    const drained = await run({ queue, handle, handlingMsMax: 5 });
    expect([...drained.unhandled]).toEqual([['m0', 'it took longer than 5 ms']]);
    expect(queue.left).toEqual(['m0', 'm0']);
    // The first may still be at work.
    expect(begun).toBe(1);
  });

  it('ends in the middle when it is told to, and leaves what is not handled', async () => {
    const queue = queueOf(names(5));
    const ending = new AbortController();
    const drained = await run({
      queue,
      stop: ending.signal,
      handle: ({ id }) => {
        if (id !== 'm2') return Promise.resolve();
        ending.abort();
        return new Promise(() => undefined);
      },
    });
    expect(drained).toEqual({ handled: 2, gone: 0, unhandled: new Map(), end: 'stopped' });
    expect(queue.left).toEqual(['m2', 'm3', 'm4']);
  });

  it('passes on that the queue cannot be asked', async () => {
    const queue: MessageQueue = {
      ...queueOf(['m0']),
      confirm: () => Promise.reject(new MqError('MQ did not answer')),
    };
    await expect(run({ queue, handle: async () => undefined })).rejects.toThrow('MQ did not answer');
  });
});
