import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../../test/support/virtual-clock.ts';
import { systemClock } from '../../../platform/system-clock.ts';
import type { NatsSession } from './nats-session.ts';
import { createSharedSession } from './shared-session.ts';

const LIMITS = { timeoutMs: 500, signal: new AbortController().signal };
const never = new Promise<never>(() => undefined);

interface TestSession extends NatsSession {
  readonly done: string[];
  readonly lose: () => void;
}

function aSession(drain: () => Promise<void> = () => Promise.resolve()): TestSession {
  const done: string[] = [];
  let over = false;
  return {
    done,
    lose: () => {
      over = true;
    },
    isOver: () => over,
    ask: () => never,
    tell: () => never,
    drain: () => {
      done.push('drain');
      return drain();
    },
    close: async () => void done.push('close'),
  };
}

/** Connects to what `next` gives, and counts. */
function sharing(next: () => Promise<NatsSession>, clock = systemClock) {
  const count = { connections: 0 };
  const connect = (): Promise<NatsSession> => {
    count.connections += 1;
    return next();
  };
  return { count, ...createSharedSession(connect, clock) };
}

describe('the connection of a cycle', () => {
  it('is made once for all who ask at once, and kept', async () => {
    const session = aSession();
    const { get, count } = sharing(async () => session);
    const all = await Promise.all([get(LIMITS), get(LIMITS), get(LIMITS)]);
    expect(all.map((made) => made.ok && made.session)).toEqual([session, session, session]);
    await get(LIMITS);
    expect(count.connections).toBe(1);
  });

  it('is made anew once it is lost, by one for all', async () => {
    const sessions: TestSession[] = [];
    const { get, count } = sharing(async () => sessions[sessions.push(aSession()) - 1] ?? never);
    await get(LIMITS);
    sessions[0]?.lose();
    const all = await Promise.all([get(LIMITS), get(LIMITS)]);
    expect(all.map((made) => made.ok && made.session === sessions[1])).toEqual([true, true]);
    expect(count.connections).toBe(2);
  });

  it('that is lost as soon as it is made is not made over and over', async () => {
    const { get, count } = sharing(async () => {
      const session = aSession();
      session.lose();
      return session;
    });
    expect(await get(LIMITS)).toMatchObject({ ok: true });
    expect(count.connections).toBe(1);
  });

  it('is not tried again for a second after a failure', async () => {
    const clock = createVirtualClock();
    const pacing = { ...clock, sleep: () => never };
    const { get, count } = sharing(() => Promise.reject(new Error('down')), pacing);
    for (const advanceMs of [0, 999, 1, 999, 1]) {
      clock.advance(advanceMs);
      expect(await get(LIMITS)).toMatchObject({ ok: false, failure: { kind: 'misconfigured' } });
    }
    expect(count.connections).toBe(3);
  });

  it('is drained and closed at the end of the cycle, and the next cycle makes another', async () => {
    const session = aSession();
    const { get, release, count } = sharing(async () => session);
    await release();
    await get(LIMITS);
    await release();
    expect(session.done).toEqual(['drain', 'close']);
    await get(LIMITS);
    expect(count.connections).toBe(2);
  });

  it.each([
    ['never ends', () => never],
    ['fails', () => Promise.reject(new Error('closed'))],
  ])('is closed also when draining it %s', async (_case, drain) => {
    const session = aSession(drain);
    const { get, release } = sharing(async () => session);
    await get(LIMITS);
    await release();
    expect(session.done).toEqual(['drain', 'close']);
  });

  it('that is still being made when the cycle ends is closed once it is made', async () => {
    const session = aSession();
    let connected = (_session: NatsSession): void => undefined;
    const { get, release } = sharing(
      () =>
        new Promise((resolve) => {
          connected = resolve;
        }),
    );
    expect(await get({ ...LIMITS, timeoutMs: 1 })).toMatchObject({
      ok: false,
      failure: { kind: 'misconfigured' },
    });
    await release();
    connected(session);
    await expect.poll(() => session.done).toEqual(['drain', 'close']);
  });
});
