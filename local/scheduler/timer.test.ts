import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTimer } from './timer.ts';

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 0, 1, 12, 0, 0, 500) }));
afterEach(() => vi.useRealTimers());

const cron = (expression: string) => ({ kind: 'cron', expression }) as const;
const every = (intervalMs: number) => ({ kind: 'every', intervalMs }) as const;

describe('a timer', () => {
  it.each([
    ['five fields', cron('*/5 * * * *'), 15 * 60_000, 3],
    ['six fields, seconds first', cron('*/10 * * * * *'), 60_000, 6],
    ['an hour of UTC', cron('30 13 * * *'), 24 * 3_600_000, 1],
    ['an interval', every(30_000), 95_000, 3],
  ])('follows %s', async (_what, schedule, spanMs, ticks) => {
    const onTick = vi.fn();
    const timer = startTimer(schedule, onTick);
    await vi.advanceTimersByTimeAsync(spanMs);
    expect(onTick).toHaveBeenCalledTimes(ticks);
    timer.stop();
    await vi.advanceTimersByTimeAsync(spanMs);
    expect(onTick).toHaveBeenCalledTimes(ticks);
  });

  it('waits as long as it must, also longer than one timer of Node can', async () => {
    const onTick = vi.fn();
    const timer = startTimer(every(40 * 86_400_000), onTick);
    await vi.advanceTimersByTimeAsync(39 * 86_400_000);
    expect(onTick).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(86_400_000 + 10);
    expect(onTick).toHaveBeenCalledTimes(1);
    timer.stop();
  });

  it.each(['* * * *', '* * * * * * *', '99 * * * *', 'soon'])('refuses %s', (expression) => {
    expect(() => startTimer(cron(expression), () => undefined)).toThrow(
      'is not a cron expression of five or six fields',
    );
  });

  it('refuses a day that never comes', () => {
    expect(() => startTimer(cron('0 0 30 2 *'), () => undefined)).toThrow(
      'names no time that will ever come',
    );
  });
});
