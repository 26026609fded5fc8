import { expect, it } from 'vitest';
import { seededRandomness } from '../../test/support/seeded-randomness.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { anEvent } from '../events/events-test-support.ts';
import { createMemoryObjectStore } from '../object-store/memory/memory-object-store.ts';
import type { ObjectStore } from '../object-store/object-store.ts';
import { createOutbox } from './outbox.ts';

/** An outbox with that many dead letters; each read of an object takes 30 ms, and reads take turns backwards. */
async function withDeadLetters(count: number) {
  const clock = createVirtualClock();
  const memory = createMemoryObjectStore();
  const waiting: (() => void)[] = [];
  const rounds: number[] = [];
  const answerAll = (): void => {
    rounds.push(waiting.length);
    clock.advance(30);
    for (const answer of waiting.splice(0).toReversed()) answer();
  };
  const objects: ObjectStore = {
    ...memory,
    get: async (...call) => {
      if (waiting.length === 0) setImmediate(answerAll);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return memory.get(...call);
    },
  };
  const outbox = createOutbox({ objects, clock, random: seededRandomness(1), patienceMs: 5_000 });
  const events = Array.from({ length: count }, (_, index) => anEvent('a', index));
  for (const event of events) await outbox.add('all', outbox.nextStamp(), event);
  const entries = (await outbox.list()).entries.get('all') ?? [];
  for (const [index, entry] of entries.entries())
    await outbox.deadLetters.bury(entry, events[index] ?? anEvent('none'), 'no reason');
  await outbox.remove(entries.map(({ key }) => key));
  return { clock, outbox, rounds, ids: events.map(({ id }) => id) };
}

it('a replay puts back 16 at once in their order, until its time is over, and tells what is left', async () => {
  const { clock, outbox, rounds, ids } = await withDeadLetters(40);
  const first = await outbox.deadLetters.replay(clock.nowMs() + 60);
  expect(first).toEqual({ replayed: 32, damaged: [], left: 8 });
  expect(rounds).toEqual([16, 16]);
  expect(await outbox.deadLetters.replay(clock.nowMs() + 60)).toEqual({ replayed: 8, damaged: [], left: 0 });
  expect(await outbox.deadLetters.count()).toEqual(new Map());
  const { entries } = await outbox.list();
  expect(entries.get('all')?.map(({ eventId }) => eventId)).toEqual(ids);
});
