import { expect, it } from 'vitest';
import { testStore } from '../../test/support/test-store.ts';
import { createMemoryObjectStore } from '../object-store/memory/memory-object-store.ts';
import type { ObjectStore } from '../object-store/object-store.ts';
import { asRegistrationId } from '../registration/registration.ts';
import { anEndpoint, anEvent, createReceivers, eventsOver } from './events-test-support.ts';

/** A store that answers writes only when all that can be under way at once are, and tells how many those were. */
function createRoundsStore(): { readonly objects: ObjectStore; readonly rounds: () => readonly number[] } {
  const objects = createMemoryObjectStore();
  const rounds: number[] = [];
  const waiting: (() => void)[] = [];
  const answerAll = (): void => {
    rounds.push(waiting.length);
    for (const answer of waiting.splice(0)) answer();
  };
  return {
    objects: {
      ...objects,
      put: async (...call) => {
        if (waiting.length === 0) setImmediate(answerAll);
        await new Promise<void>((resolve) => waiting.push(resolve));
        return objects.put(...call);
      },
    },
    rounds: () => rounds,
  };
}

it('64 events are written at once for each endpoint, and confirmed so, and no endpoint waits for another', async () => {
  const { objects, rounds } = createRoundsStore();
  const store = testStore({ objects });
  const endpoints = ['one', 'two', 'three'].map((name) => anEndpoint(name));
  const events = eventsOver(store, endpoints, createReceivers().deliver);
  const told = Array.from({ length: 100 }, (_, index) => anEvent(`r${index}`));
  const expects = { id: asRegistrationId('one'), revision: 'r1', is: 'stored' } as const;
  const { confirm } = await events.announce(told, expects);
  expect(rounds()).toEqual([3 * 64, 3 * 36]);
  await confirm();
  expect(rounds().slice(2)).toEqual([3 * 64, 3 * 36]);
});
