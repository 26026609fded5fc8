import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDispatcher, type Dispatcher, type Leave } from './dispatcher.ts';

/** Runs `work` in a slot of `host`. */
const runIn =
  ({ enter }: Dispatcher) =>
  <T>(host: string, work: () => Promise<T>, priority?: number): Promise<T> =>
    new Promise((resolve, reject) =>
      enter(
        host,
        (leave) => {
          const worked = (async () => work())();
          void worked.then(resolve, reject).finally(leave);
        },
        priority,
      ),
    );

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work that goes on until it is told to end, and a log of what was started. */
function aWorkshop(limits: { readonly atOnce: number; readonly perHost: number }) {
  const run = runIn(createDispatcher(limits));
  const started: string[] = [];
  const running = new Map<string, () => void>();
  const give = (host: string, name: string): Promise<string> =>
    run(host, async () => {
      started.push(name);
      await new Promise<void>((resolve) => running.set(name, resolve));
      running.delete(name);
      return name;
    });
  const end = async (name: string): Promise<void> => {
    running.get(name)?.();
    await settled();
  };
  return { give, end, started, running };
}

describe('the dispatcher', () => {
  it('starts at once what there is room for, and the rest as room comes', async () => {
    const { give, end, started } = aWorkshop({ atOnce: 2, perHost: 2 });
    const all = Promise.all(['1', '2', '3'].map((name) => give('a', name)));
    await settled();
    expect(started).toEqual(['1', '2']);
    await end('2');
    expect(started).toEqual(['1', '2', '3']);
    await end('1');
    await end('3');
    expect(await all).toEqual(['1', '2', '3']);
  });

  it('gives hosts their turns: one with much work delays nobody else', async () => {
    const { give, end, started } = aWorkshop({ atOnce: 1, perHost: 1 });
    const names = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'];
    const all = Promise.all(names.map((name) => give(name.charAt(0), name)));
    await settled();
    for (let count = 0; count < names.length; count++) await end(started.at(-1) ?? '');
    expect(started).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
    await all;
  });

  it('lets a host that hangs take its own slots only', async () => {
    const { give, end, started } = aWorkshop({ atOnce: 10, perHost: 2 });
    const hanging = Array.from({ length: 50 }, (_, index) => give('dead', `dead${index}`));
    const fast = Array.from({ length: 20 }, (_, index) => give('alive', `alive${index}`));
    await settled();
    for (let index = 0; index < 20; index++) await end(`alive${index}`);
    expect(await Promise.all(fast)).toHaveLength(20);
    expect(started.filter((name) => name.startsWith('dead'))).toEqual(['dead0', 'dead1']);
    for (let index = 0; index < 50; index++) await end(`dead${index}`);
    await Promise.all(hanging);
  });

  it('frees the slot of work that fails', async () => {
    const run = runIn(createDispatcher({ atOnce: 1, perHost: 1 }));
    const failing = [
      run('a', () => Promise.reject(new Error('rejected'))),
      run('a', () => {
        throw new Error('thrown');
      }),
      run('b', async () => 'fine'),
    ];
    expect(await Promise.allSettled(failing)).toMatchObject([
      { status: 'rejected', reason: { message: 'rejected' } },
      { status: 'rejected', reason: { message: 'thrown' } },
      { status: 'fulfilled', value: 'fine' },
    ]);
  });

  it('frees the slot of a start that throws, starts the others all the same, and throws its error on', () => {
    const { enter } = createDispatcher({ atOnce: 1, perHost: 1 });
    const started: string[] = [];
    const leaves: Leave[] = [];
    const throwing = (name: string) => () => {
      started.push(name);
      throw new Error(name);
    };
    const holding = (name: string) => (leave: Leave) => {
      started.push(name);
      leaves.push(leave);
    };
    expect(() => enter('a', throwing('a1'))).toThrow('a1');
    enter('a', holding('a2'));
    enter('a', throwing('a3'));
    enter('b', throwing('b1'));
    enter('b', holding('b2'));
    expect(started).toEqual(['a1', 'a2']);
    expect(() => leaves.shift()?.()).toThrow('b1');
    expect(started).toEqual(['a1', 'a2', 'b1', 'a3', 'b2']);
    leaves.shift()?.();
    enter('c', holding('c1'));
    expect(started.at(-1)).toBe('c1');
  });

  it('frees one slot for one start, however often it leaves, and although it throws then', () => {
    const { enter } = createDispatcher({ atOnce: 2, perHost: 1 });
    const leaves: Leave[] = [];
    const holding = (leave: Leave): void => void leaves.push(leave);
    enter('a', holding);
    const [leave] = leaves;
    leave?.();
    leave?.();
    const leavingAndThrowing = (once: Leave): void => {
      once();
      throw new Error('after it left');
    };
    expect(() => enter('a', leavingAndThrowing)).toThrow('after it left');
    for (const host of ['a', 'a', 'b', 'c']) enter(host, holding);
    expect(leaves).toHaveLength(3);
    leave?.();
    expect(leaves).toHaveLength(3);
  });

  it('starts any number that end at once', () => {
    const { enter } = createDispatcher({ atOnce: 1, perHost: 1 });
    const leaves: Leave[] = [];
    enter('a', (leave) => void leaves.push(leave));
    let ended = 0;
    for (let index = 0; index < 20_000; index++)
      enter('a', (leave) => {
        leave();
        ended += 1;
      });
    leaves[0]?.();
    expect(ended).toBe(20_000);
  });

  it('takes work that gives work', async () => {
    const run = runIn(createDispatcher({ atOnce: 2, perHost: 2 }));
    const inner = run('a', () => run('a', () => Promise.resolve('inner')));
    expect(await inner).toBe('inner');
  });

  it('keeps its limits, forgets nothing and runs nothing twice, in whatever order work is given and ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.record({ host: fc.constantFrom('a', 'b', 'c', 'd'), fails: fc.boolean() }), {
          maxLength: 25,
        }),
        async (scheduler, atOnce, perHost, works) => {
          const run = runIn(createDispatcher({ atOnce, perHost }));
          const active = new Map<string, number>();
          const runs: number[] = [];
          const peak = { inAll: 0, perHost: 0 };
          const note = (host: string, change: number): void => {
            active.set(host, (active.get(host) ?? 0) + change);
            const all = [...active.values()];
            peak.inAll = Math.max(
              peak.inAll,
              all.reduce((sum, count) => sum + count, 0),
            );
            peak.perHost = Math.max(peak.perHost, ...all);
          };
          const given = works.map(async ({ host, fails }, index) => {
            await scheduler.schedule(Promise.resolve(), `given ${index}`);
            return run(host, async () => {
              note(host, 1);
              runs.push(index);
              await scheduler.schedule(Promise.resolve(), `done ${index}`);
              note(host, -1);
              if (fails) throw new Error('fails');
            });
          });
          const results = await scheduler.waitFor(Promise.allSettled(given));
          expect(results.map(({ status }) => status === 'rejected')).toEqual(works.map(({ fails }) => fails));
          expect(runs.toSorted((a, b) => a - b)).toEqual(works.map((_, index) => index));
          expect(peak.inAll).toBeLessThanOrEqual(atOnce);
          expect(peak.perHost).toBeLessThanOrEqual(perHost);
          expect([...active.values()].every((count) => count === 0)).toBe(true);
        },
      ),
    );
  });

  it('never leaves a slot empty while there is work for it', async () => {
    const { give, end, running } = aWorkshop({ atOnce: 3, perHost: 2 });
    const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2'].map((name) => give(name.charAt(0), name));
    await settled();
    const sizes: number[] = [];
    while (running.size > 0) {
      sizes.push(running.size);
      await end([...running.keys()][0] ?? '');
    }
    expect(sizes.slice(0, 4)).toEqual([3, 3, 3, 3]);
    await Promise.all(all);
  });
});
