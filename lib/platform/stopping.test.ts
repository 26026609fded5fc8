import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { STOP_GRACE_MS, stoppable, type Stopping } from './stopping.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A call in flight, the events it listens to, and the way to end it. */
function inFlight() {
  const events = new EventEmitter();
  const seen: Stopping[] = [];
  let end = (): void => undefined;
  const call = stoppable(events, (stopping) => {
    seen.push(stopping);
    return new Promise<string>((resolve) => {
      end = () => resolve('done');
    });
  });
  const [stopping] = seen;
  if (stopping === undefined) throw new Error('the call was not made');
  return { events, call, stopping, end: () => end() };
}

describe('a call that can be stopped', () => {
  it('knows nothing of a stop while there is none, and leaves no listener behind', async () => {
    const { events, call, stopping, end } = inFlight();
    expect([stopping.stop.aborted, stopping.abandon.aborted, events.listenerCount('SIGTERM')]).toEqual([
      false,
      false,
      1,
    ]);
    end();
    expect(await call).toBe('done');
    expect(events.listenerCount('SIGTERM')).toBe(0);
  });

  it('is told at once to start nothing, and a while later to give up', async () => {
    const { events, call, stopping, end } = inFlight();
    events.emit('SIGTERM');
    expect([stopping.stop.aborted, stopping.abandon.aborted]).toEqual([true, false]);
    vi.advanceTimersByTime(STOP_GRACE_MS - 1);
    expect(stopping.abandon.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(stopping.abandon.aborted).toBe(true);
    end();
    await call;
  });

  it('that ends in time leaves no timer behind', async () => {
    const { events, call, stopping, end } = inFlight();
    events.emit('SIGTERM');
    end();
    await call;
    expect(vi.getTimerCount()).toBe(0);
    expect(stopping.abandon.aborted).toBe(false);
  });

  it('that fails hands its failure on and leaves nothing behind either', async () => {
    const events = new EventEmitter();
    await expect(stoppable(events, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect([events.listenerCount('SIGTERM'), vi.getTimerCount()]).toEqual([0, 0]);
  });
});
