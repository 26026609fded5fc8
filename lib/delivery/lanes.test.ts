import { describe, expect, it } from 'vitest';
import { createLanes, type Lanes } from './lanes.ts';

const runIn = (lanes: Lanes, host: string, slow: boolean, work: () => Promise<void>): Promise<void> =>
  new Promise((resolve) =>
    lanes.enter(host, slow, (leave) => {
      void work().then(leave).then(resolve);
    }),
  );

/** Work that ends when it is told to. */
function held(): {
  readonly work: () => Promise<void>;
  readonly release: () => void;
  readonly begun: () => boolean;
} {
  let begun = false;
  let release: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (release = resolve));
  return {
    work: () => {
      begun = true;
      return done;
    },
    release: () => release(),
    begun: () => begun,
  };
}

describe('lanes', () => {
  it('keep a place for healthy hosts however many slow ones hang', async () => {
    const lanes = createLanes({ atOnce: 16, perHost: 8 });
    const hanging = Array.from({ length: 100 }, () => held());
    const all = hanging.map(({ work }, index) => runIn(lanes, `slow${index}`, true, work));
    const healthy = held();
    const run = runIn(lanes, 'healthy', false, healthy.work);
    await Promise.resolve();
    expect(healthy.begun()).toBe(true);
    expect(hanging.filter(({ begun }) => begun())).toHaveLength(2);
    for (const { release } of [...hanging, healthy]) release();
    await Promise.all([...all, run]);
    expect(hanging.every(({ begun }) => begun())).toBe(true);
  });

  it('have at least one place for the slow', async () => {
    const lanes = createLanes({ atOnce: 1, perHost: 1 });
    const only = held();
    const run = runIn(lanes, 'slow', true, only.work);
    expect(only.begun()).toBe(true);
    only.release();
    await run;
  });
});
