import { describe, expect, it } from 'vitest';
import { seededRandomness } from '../../../test/support/seeded-randomness.ts';
import type { Alias } from './api.ts';
import { createQueueNames } from '../queue-names.ts';
import { createNameLookup } from './name-lookup.ts';
import { answered, failed, type Answered } from './verdict.ts';

const MINUTE_MS = 60_000;
const REFUSED = failed({ code: 'rejected', what: 'no.', toDo: 'Do.', forbidden: true });
const NOT_OFFERED = failed({ code: 'rejected', what: 'no.', toDo: 'Do.', notOffered: true });
const DOWN = failed({ code: 'unavailable', what: 'no.', toDo: 'Do.' });
const alias = (target: string): Alias => ({ target, getInhibited: false });

/** A lookup with a clock and a record of what it asked. */
function scene(seed = 1) {
  let nowMs = 0;
  const asked: string[] = [];
  const lookup = createNameLookup({ nowMs: () => nowMs, random: seededRandomness(seed) });
  return {
    asked,
    pass: (ms: number) => void (nowMs += ms),
    aliases: (unseen: readonly string[], list: Answered<ReadonlyMap<string, Alias>>, every = false) =>
      lookup.aliases({ unseen, wanted: createQueueNames(unseen, every) }, async () => {
        asked.push('aliases');
        return list;
      }),
    missing: (unseen: readonly string[], answer: Answered<boolean | undefined>, registered = unseen) =>
      lookup.missing({ unseen, registered: new Set(registered) }, async (name) => {
        asked.push(name);
        return answer;
      }),
  };
}

describe('a list of aliases', () => {
  const LIST = answered(
    new Map([
      ['A', alias('Q')],
      ['OTHER', alias('P')],
    ]),
  );

  it('is kept two minutes, and of it what somebody waits for', async () => {
    const { aliases, asked, pass } = scene();
    expect(await aliases(['A', 'E'], LIST)).toEqual({ byName: new Map([['A', alias('Q')]]), warnings: [] });
    pass(2 * MINUTE_MS - 1);
    await aliases(['A'], LIST);
    expect(asked).toHaveLength(1);
    pass(1);
    expect((await aliases(['A'], answered(new Map([['A', alias('P')]])))).byName.get('A')?.target).toBe('P');
    expect(asked).toHaveLength(2);
  });

  it('is asked for anew for a name that it was not kept for', async () => {
    const { aliases } = scene();
    await aliases(['A'], LIST);
    expect((await aliases(['OTHER'], LIST)).byName.get('OTHER')).toEqual(alias('P'));
  });

  it('that may lack some is used and not kept', async () => {
    const { aliases, asked } = scene();
    const partial = answered(new Map([['A', alias('Q')]]), ['some could not be displayed']);
    for (let round = 0; round < 2; round++)
      expect(await aliases(['A'], partial)).toEqual({
        byName: new Map([['A', alias('Q')]]),
        warnings: ['some could not be displayed'],
      });
    expect(asked).toHaveLength(2);
  });

  it('that cannot be had leaves what was known', async () => {
    const { aliases, pass } = scene();
    await aliases(['A'], LIST);
    pass(2 * MINUTE_MS);
    expect(await aliases(['A'], DOWN)).toEqual({
      byName: new Map([['A', alias('Q')]]),
      warnings: ['alias queues are not known: no.'],
    });
  });

  it('is not asked for when every name is accounted for', async () => {
    const { aliases, asked } = scene();
    await aliases([], LIST);
    expect(asked).toEqual([]);
  });
});

describe('a name', () => {
  it('that may not be seen is a warning, and is asked about again after five minutes', async () => {
    const { missing, asked, pass } = scene();
    const expected = { missing: new Set(), warnings: [expect.stringContaining('may not see A, B, or')] };
    expect(await missing(['A', 'B'], REFUSED)).toEqual(expected);
    pass(5 * MINUTE_MS - 1);
    expect(await missing(['A', 'B'], REFUSED)).toEqual(expected);
    expect(asked).toEqual(['A', 'B']);
    pass(1);
    expect(await missing(['A', 'B'], answered(true))).toEqual({ missing: new Set(), warnings: [] });
    expect(asked).toHaveLength(4);
  });

  it('of many that may not be seen is named or counted', async () => {
    const { missing } = scene();
    const many = Array.from({ length: 7 }, (_, index) => `N${index}`);
    await missing(many, REFUSED);
    const { warnings } = await missing(many, REFUSED);
    expect(warnings.join()).toContain('N0, N1, N2, N3, N4 and 2 more');
  });

  it('of which nothing was said counts as there for five minutes, one that could not be asked about for once', async () => {
    const { missing, asked } = scene();
    expect((await missing(['A'], answered(undefined))).missing.size).toBe(0);
    await missing(['A'], answered(undefined));
    expect(asked).toHaveLength(1);
    await missing(['B'], DOWN);
    await missing(['B'], DOWN);
    expect((await missing(['B'], NOT_OFFERED)).warnings).toEqual([]);
    expect(asked).toEqual(['A', 'B', 'B', 'B']);
  });

  it('is forgotten when nobody waits for it', async () => {
    const { missing, asked } = scene();
    await missing(['A'], answered(true));
    await missing(['B'], answered(true));
    await missing(['A'], answered(true));
    expect(asked).toEqual(['A', 'B', 'A']);
  });

  it('is asked about by some cold instance, however many there are', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `N${index}`);
    const all = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const { missing, asked } = scene(seed);
      await missing(many, answered(true));
      expect(asked).toHaveLength(4);
      for (const name of asked) all.add(name);
    }
    expect(all.size).toBe(40);
  });
});
