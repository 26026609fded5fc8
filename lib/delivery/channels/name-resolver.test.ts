import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import type { Clock } from '../../platform/clock.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { createNameResolver, type Resolve } from './name-resolver.ts';

const FOUND = [{ address: '192.0.2.1', family: 4 }];

function failing(code: string): Resolve {
  return async () => {
    throw Object.assign(new Error(code), { code });
  };
}

/** A resolver that counts what it is asked and answers when told to. */
function counted(answer: Resolve): { readonly resolve: Resolve; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    resolve: (hostname) => {
      asked.push(hostname);
      return answer(hostname);
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const afterTurns = async (turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
};

/** A clock whose sleeps never end by themselves. */
const frozen: Clock = { nowMs: () => 0, sleep: () => new Promise(() => undefined) };

describe('resolving names', () => {
  it('asks once for many who want the same name at the same time, and again when the answer is old', async () => {
    const clock = createVirtualClock();
    const ask = counted(async () => FOUND);
    const resolve = createNameResolver({
      clock: { ...clock, sleep: frozen.sleep },
      ask: ask.resolve,
      lookUp: failing('x'),
    });
    await Promise.all(Array.from({ length: 100 }, () => resolve('a.example')));
    expect(ask.asked).toEqual(['a.example']);
    clock.advance(29_000);
    await resolve('a.example');
    expect(ask.asked).toHaveLength(1);
    clock.advance(2_000);
    await resolve('a.example');
    expect(ask.asked).toHaveLength(2);
  });

  it('keeps failures for a shorter while', async () => {
    const clock = createVirtualClock();
    const ask = counted(failing('ETIMEOUT'));
    const resolve = createNameResolver({ clock, ask: ask.resolve, lookUp: failing('x') });
    for (let time = 0; time < 3; time++)
      await expect(resolve('dead.example')).rejects.toMatchObject({ code: 'ETIMEOUT' });
    expect(ask.asked).toHaveLength(1);
    clock.advance(10_001);
    await expect(resolve('dead.example')).rejects.toMatchObject({ code: 'ETIMEOUT' });
    expect(ask.asked).toHaveLength(2);
  });

  it.each(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED'])(
    'asks the machine when name servers say %s',
    async (code) => {
      const resolve = createNameResolver({ clock: frozen, ask: failing(code), lookUp: async () => FOUND });
      expect(await resolve('in.hosts.file')).toEqual(FOUND);
    },
  );

  it.each(['localhost', 'intranet', 'app.localhost', 'localhost.'])(
    'asks only the machine for %s',
    async (name) => {
      const ask = counted(async () => FOUND);
      const resolve = createNameResolver({ clock: frozen, ask: ask.resolve, lookUp: async () => [] });
      expect(await resolve(name)).toEqual([]);
      expect(ask.asked).toEqual([]);
    },
  );

  it('lets names that nobody answers for block neither each other nor a name that is well', async () => {
    const resolve = createNameResolver({
      clock: systemClock,
      ask: async (name) => (name.startsWith('dead') ? new Promise<never>(() => undefined) : FOUND),
      lookUp: async (name) => (name.startsWith('dead') ? new Promise<never>(() => undefined) : FOUND),
    });
    for (let index = 0; index < 50; index++) void resolve(`dead${index}.example`).catch(() => undefined);
    expect(await resolve('well.example')).toEqual(FOUND);
  });

  it('looks up two names at once at most, also when one comes just as another ends', async () => {
    const ending: (() => void)[] = [];
    let atOnce = 0;
    let peak = 0;
    let cameThen: Promise<unknown> | undefined;
    const resolve = createNameResolver({
      clock: frozen,
      ask: failing('x'),
      lookUp: async (name) => {
        atOnce += 1;
        peak = Math.max(peak, atOnce);
        await new Promise<void>((end) => ending.push(end));
        atOnce -= 1;
        // In every turn between the end of this lookup and the next one's beginning.
        if (name === 'first')
          for (let turns = 0; turns < 10; turns++)
            void afterTurns(turns).then(() => (cameThen = resolve(`late${turns}`)));
        return FOUND;
      },
    });
    const all = ['first', 'second', 'third'].map((name) => resolve(name));
    await settled();
    while (ending.length > 0) {
      ending.shift()?.();
      await settled();
    }
    expect(await Promise.all(all)).toEqual([FOUND, FOUND, FOUND]);
    expect(await cameThen).toEqual(FOUND);
    expect(peak).toBe(2);
  });

  it(
    'gives up a machine lookup that hangs, so that the next ones have their turn',
    { timeout: 15_000 },
    async () => {
      const clock: Clock = { nowMs: () => 0, sleep: async () => new Promise((done) => setTimeout(done, 50)) };
      const resolve = createNameResolver({
        clock,
        ask: failing('ENOTFOUND'),
        lookUp: () => new Promise(() => undefined),
      });
      const all = await Promise.allSettled(
        Array.from({ length: 5 }, (_, index) => resolve(`n${index}.example`)),
      );
      expect(all.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
    },
  );
});
