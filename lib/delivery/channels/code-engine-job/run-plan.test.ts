import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aWakeUp } from './code-engine-test-support.ts';
import {
  isNamedFor,
  isOurRun,
  isStartedFor,
  runNameAfter,
  runNameOf,
  runOf,
  runPrefixOf,
} from './run-plan.ts';

const place = { region: 'eu-de', projectId: 'home-id', projectName: 'home', job: 'orders' };

const wakeUps = fc
  .record(
    {
      id: fc.string(),
      revision: fc.string(),
      lastWokenAtMs: fc.nat(),
      depth: fc.integer({ min: 1, max: 1_000_000 }),
    },
    { requiredKeys: ['id', 'revision'] },
  )
  .map((given) => ({ given, wakeUp: aWakeUp(given) }));

describe('the name of a run', () => {
  it('is one that the platform takes, and that we know again', () => {
    fc.assert(
      fc.property(wakeUps, ({ wakeUp }) => {
        const name = runNameOf(wakeUp);
        expect(name).toMatch(/^[a-z0-9]([.a-z0-9-]{0,51}[a-z0-9])?$/);
        expect(isOurRun(name)).toBe(true);
        expect(name.startsWith(runPrefixOf(wakeUp))).toBe(true);
        const stale = { job: 'orders', status: 'failed', isActive: false, endedAtMs: 2 };
        const other = runNameAfter({ ...stale, name, createdAtMs: 1 }, wakeUp);
        expect(other).toMatch(/^[a-z0-9]([.a-z0-9-]{0,51}[a-z0-9])?$/);
        expect(isOurRun(other)).toBe(true);
        expect(other.startsWith(`${name}-`)).toBe(true);
      }),
    );
  });

  it('is the same for the same registration in the same state, whatever the queue holds by then', () => {
    fc.assert(
      fc.property(wakeUps, fc.integer({ min: 1 }), ({ given, wakeUp }, depth) => {
        const again = { ...aWakeUp({ ...given, depth }), id: 'another cycle', decidedAtMs: 9 };
        expect(runNameOf(again)).toBe(runNameOf(wakeUp));
      }),
    );
  });

  it('is another one once the registration was woken, was changed, or is another one', () => {
    fc.assert(
      fc.property(wakeUps, wakeUps, ({ given, wakeUp }, { given: other, wakeUp: otherWakeUp }) => {
        const isSame =
          given.id === other.id &&
          given.revision === other.revision &&
          (given.lastWokenAtMs ?? 0) === (other.lastWokenAtMs ?? 0);
        expect(runNameOf(wakeUp) === runNameOf(otherWakeUp)).toBe(isSame);
      }),
    );
  });

  it.each(['mqo-orders', 'orders-jobrun-fji48', 'mqo-0123456789-0123456789-x', 'xmqo-0123456789-0123456789'])(
    '%s is not one of ours',
    (name) => {
      expect(isOurRun(name)).toBe(false);
    },
  );
});

describe('the run of a test', () => {
  it('has a name of its own for each request, which the next wake-up does not meet', () => {
    const wakeUp = aWakeUp({ id: 'A', revision: 'r' });
    const names = [wakeUp, { ...wakeUp, test: 'one' }, { ...wakeUp, test: 'two' }].map(runNameOf);
    expect(new Set(names).size).toBe(3);
    expect(runNameOf({ ...wakeUp, test: 'one', lastWokenAtMs: 5 })).toBe(names[1]);
  });

  it('is one instance, although no messages are told', () => {
    const registration = { ...aWakeUp({ id: 'A' }).registration, job: { messages_per_instance: 10 } };
    expect(runOf({ ...aWakeUp({ id: 'A' }), registration, depth: 0 }, place, 'x').scaleArraySpec).toBe('0');
  });
});

describe('a run of before', () => {
  const MINUTE_MS = 60_000;
  const decidedAtMs = 100 * MINUTE_MS;
  const wakeUp = aWakeUp({ decidedAtMs });
  const ended = { job: 'orders', status: 'completed', isActive: false, endedAtMs: undefined };
  const run = { ...ended, name: runNameOf(wakeUp), createdAtMs: decidedAtMs };

  it.each([
    ['its start', {}, true],
    ['a minute before', { createdAtMs: decidedAtMs - MINUTE_MS }, true],
    ['longer before', { createdAtMs: decidedAtMs - MINUTE_MS - 1 }, false],
    ['a time that nobody knows', { createdAtMs: undefined }, false],
    ['longer before, but still active', { createdAtMs: 1, isActive: true }, true],
  ])('that began at %s is the one that is wanted: %s', (_, more, isWanted) => {
    expect(isStartedFor(wakeUp, { ...run, ...more })).toBe(isWanted);
  });

  it('has the name of this wake-up, or one in its place', () => {
    expect(isNamedFor(wakeUp, run)).toBe(true);
    expect(isNamedFor(wakeUp, { ...run, name: runNameAfter(run, wakeUp) })).toBe(true);
    expect(isNamedFor(wakeUp, { ...run, name: runNameOf(aWakeUp({ id: 'other' })) })).toBe(false);
  });

  it('is named around alike by whoever sees it, and otherwise than the next one', () => {
    const later = aWakeUp({ decidedAtMs: decidedAtMs + 10 * MINUTE_MS });
    const name = runNameAfter(run, wakeUp);
    expect(runNameAfter(run, later)).toBe(name);
    expect(runNameAfter({ ...run, name }, wakeUp)).not.toBe(name);
    expect(runNameAfter({ ...run, createdAtMs: run.createdAtMs + 1 }, wakeUp)).not.toBe(name);
  });
});

describe('a run', () => {
  it('is one instance with the five texts of the payload', () => {
    const wakeUp = aWakeUp({ depth: 42 });
    expect(runOf(wakeUp, place, 'the-name')).toEqual({
      projectId: 'home-id',
      jobName: 'orders',
      name: 'the-name',
      runEnvVariables: [
        { type: 'literal', name: 'CE_QMGR', value: 'QM1' },
        { type: 'literal', name: 'CE_QUEUE', value: 'DEV.QUEUE.1' },
        { type: 'literal', name: 'CE_DEPTH', value: '42' },
        { type: 'literal', name: 'ID', value: 'registration-1' },
        { type: 'literal', name: 'notification', value: 'messages found on queue' },
      ],
    });
  });

  it.each([
    [1, { messages_per_instance: 10 }, '0'],
    [10, { messages_per_instance: 10 }, '0'],
    [11, { messages_per_instance: 10 }, '0-1'],
    [95, { messages_per_instance: 10 }, '0-9'],
    [95, { messages_per_instance: 10, max_instances: 4 }, '0-3'],
    [95, { messages_per_instance: 10, max_instances: 1 }, '0'],
    [999_999, { messages_per_instance: 1 }, '0-999'],
    [95, { max_instances: 4 }, undefined],
    [95, {}, undefined],
  ])('for %i messages and %j has the indices %s', (depth, job, spec) => {
    expect(runOf(aWakeUp({ depth, job }), place, 'the-name').scaleArraySpec).toBe(spec);
  });
});
