import { describe, expect, it } from 'vitest';
import {
  ACCEPTED,
  aMinute,
  anEndpoint,
  anEvent,
  createReceivers,
  eventsOver,
  HELD,
  labelOf,
  REFUSED,
  type Receivers,
} from '../../lib/events/events-test-support.ts';
import type { Events } from '../../lib/events/events.ts';
import { eventId, type LifecycleEvent } from '../../lib/events/lifecycle-event.ts';
import { createMemoryObjectStore } from '../../lib/object-store/memory/memory-object-store.ts';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import type { Store } from '../../lib/store/store.ts';
import { createFaultyObjectStore, type Fault, type StoreCall } from '../support/faulty-object-store.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';
import { aDraft, testStore } from '../support/test-store.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

/**
 * A process that dies at each of its calls to the store while it tells of changes: before the call takes effect, after
 * it, and halfway through a delete of many keys. Whoever comes afterwards must find every event that was announced, and
 * none of what did not happen.
 */

const ENDPOINTS = [anEndpoint('one'), anEndpoint('two', { threshold: 2 })];
/** After it nobody holds an endpoint, and what was not confirmed is dropped. */
const LATER_MS = 120_000;

function aWorld() {
  const clock = createVirtualClock();
  const objects = createMemoryObjectStore();
  const receivers = createReceivers();
  let instances = 0;
  /** One more process over the same objects. */
  const start = (at?: { readonly index: number; readonly fault: Fault }) => {
    const faulty = createFaultyObjectStore(objects, ({ index }) =>
      index === at?.index ? at.fault : undefined,
    );
    instances += 1;
    const store = testStore({ objects: faulty.objects, clock, random: seededRandomness(instances) });
    const events = eventsOver(store, ENDPOINTS, receivers.deliver, 1_000 + instances);
    return { store, events, faulty };
  };
  /** What the next processes do: they drain until nothing waits. */
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 3; round++) {
      clock.advance(LATER_MS);
      const { events } = start();
      await events.drain(HELD, aMinute(clock));
    }
    const backlogs = await start().events.backlogs();
    expect(backlogs.map(({ pending }) => pending)).toEqual([0, 0]);
  };
  return { clock, objects, receivers, start, settle };
}

type World = ReturnType<typeof aWorld>;

interface Process {
  readonly store: Store;
  readonly events: Events;
}

interface Scenario {
  readonly prepare?: (world: World) => Promise<void>;
  readonly act: (world: World, process: Process, acknowledged: LifecycleEvent[]) => Promise<void>;
  /** After everything has settled. */
  readonly check: (world: World, played: Played) => Promise<void> | void;
}

interface Played {
  readonly acknowledged: readonly LifecycleEvent[];
  readonly died: boolean;
  /** What the process changed in the store. */
  readonly writes: readonly StoreCall[];
}

/** Plays a scenario once for each call and each way to die at it. */
async function atEachCall(scenario: Scenario): Promise<number> {
  const play = async (at?: { readonly index: number; readonly fault: Fault }): Promise<number> => {
    const world = aWorld();
    await scenario.prepare?.(world);
    const process = world.start(at);
    const acknowledged: LifecycleEvent[] = [];
    await Promise.race([scenario.act(world, process, acknowledged), process.faulty.killed]);
    await process.faulty.arrived();
    expect(process.faulty.isKilled()).toBe(at !== undefined);
    await world.settle();
    await scenario.check(world, { acknowledged, died: at !== undefined, writes: process.faulty.writes });
    return process.faulty.calls.length;
  };
  const calls = await play();
  for (let index = 0; index < calls; index++)
    for (const when of ['before', 'after', 'halfway'] as const)
      await play({ index, fault: { kind: 'killed', when } }).catch((error: unknown) => {
        throw new Error(`killed ${when} call ${index} of ${calls}`, { cause: error });
      });
  return calls;
}

/** What an endpoint accepted, each event where it came first. */
function firstSeen(receivers: Receivers, endpoint: string): readonly string[] {
  return [...new Map(receivers.accepted(endpoint).map((event) => [event.id, labelOf(event)])).values()];
}

/** The same event always came with the same content. */
function expectFaithful(receivers: Receivers, told: readonly LifecycleEvent[]): void {
  const known = new Map(told.map((event) => [event.id, event]));
  for (const { name } of ENDPOINTS)
    for (const event of receivers.accepted(name)) expect(event).toEqual(known.get(event.id));
}

const TOLD = [1, 2, 3].flatMap((count) => ['a', 'b'].map((subject) => anEvent(subject, count)));

describe('a process that dies', () => {
  it('while it announces loses nothing that it told of, and nothing comes twice under two ids', async () => {
    const calls = await atEachCall({
      act: async (_, { events }, acknowledged) => {
        for (const event of TOLD) {
          await events.announce([event]);
          acknowledged.push(event);
        }
      },
      check: ({ receivers }, { acknowledged }) => {
        for (const { name } of ENDPOINTS) {
          const seen = firstSeen(receivers, name);
          expect(seen.slice(0, acknowledged.length)).toEqual(acknowledged.map(labelOf));
          expect(seen.length - acknowledged.length).toBeLessThanOrEqual(1);
        }
        expectFaithful(receivers, TOLD);
      },
    });
    expect(calls).toBe(TOLD.length * ENDPOINTS.length);
  });

  it('and is run again tells the same events, each once', async () => {
    const calls = await atEachCall({
      act: async (_, { events }) => {
        await events.announce(TOLD);
      },
      check: async (world) => {
        // What a cycle tells again, since it died before it stored what it learned.
        await world.start().events.announce(TOLD);
        await world.settle();
        for (const { name } of ENDPOINTS)
          expect(firstSeen(world.receivers, name).toSorted()).toEqual(TOLD.map(labelOf).toSorted());
        expectFaithful(world.receivers, TOLD);
      },
    });
    expect(calls).toBe(TOLD.length * ENDPOINTS.length);
  });

  it('while it drains loses nothing and keeps the order, with one endpoint well and one failing', async () => {
    const calls = await atEachCall({
      prepare: async ({ start, receivers }) => {
        await start().events.announce(TOLD);
        const answers = [REFUSED, ACCEPTED, REFUSED, REFUSED];
        receivers.answer('two', () => answers.shift() ?? ACCEPTED);
      },
      act: async ({ clock }, { events }) => {
        await events.drain(HELD, aMinute(clock));
      },
      check: ({ receivers }, { died }) => {
        for (const { name } of ENDPOINTS) {
          expect(firstSeen(receivers, name)).toEqual(TOLD.map(labelOf));
          if (!died) expect(receivers.accepted(name)).toHaveLength(TOLD.length);
        }
        expectFaithful(receivers, TOLD);
      },
    });
    expect(calls).toBeGreaterThan(15);
  });

  it('while it gives events up loses none: each is delivered or among the dead letters, and comes back', async () => {
    const calls = await atEachCall({
      prepare: async ({ start, clock }) => {
        await start().events.announce(TOLD);
        clock.advance(86_400_000);
      },
      act: async ({ clock }, { events, store }) => {
        await events.drain(HELD, aMinute(clock));
        await store.outbox.deadLetters.replay(Infinity);
      },
      check: async (world) => {
        await world.start().store.outbox.deadLetters.replay(Infinity);
        await world.settle();
        for (const { name } of ENDPOINTS) expect(firstSeen(world.receivers, name)).toEqual(TOLD.map(labelOf));
        expect(await world.start().store.outbox.deadLetters.count()).toEqual(new Map());
      },
    });
    expect(calls).toBeGreaterThan(40);
  });

  it('while it registers and removes tells of all that it acknowledged, and of nothing that did not happen', async () => {
    const id = asRegistrationId('reg');
    const calls = await atEachCall({
      act: async (_, { events, store }, acknowledged) => {
        const tell = (type: 'registered' | 'unregistered', revision: string): LifecycleEvent => ({
          ...anEvent('reg', type === 'registered' ? 1 : 2, type),
          id: eventId(type, id, revision),
        });
        let revision = '';
        let event = tell('registered', revision);
        let announcement: Awaited<ReturnType<Events['announce']>> | undefined;
        const before =
          (type: 'registered' | 'unregistered', is: 'stored' | 'gone') =>
          async (record: { readonly revision: string }): Promise<void> => {
            revision = record.revision;
            event = tell(type, revision);
            announcement = await events.announce([event], { id, revision, is });
          };
        await store.registrations.put(aDraft({ id }), undefined, before('registered', 'stored'));
        await announcement?.confirm();
        acknowledged.push(event);
        await store.registrations.remove(id, before('unregistered', 'gone'));
        await announcement?.confirm();
        acknowledged.push(event);
      },
      check: ({ receivers }, { acknowledged, writes }) => {
        const changes = writes.filter(({ keys }) => keys[0]?.includes('/registrations/'));
        const happened = changes.map(({ operation }) => (operation === 'put' ? 'reg#1' : 'reg#2'));
        for (const { name } of ENDPOINTS) expect(firstSeen(receivers, name)).toEqual(happened);
        expect(happened).toEqual(expect.arrayContaining(acknowledged.map(labelOf)));
      },
    });
    expect(calls).toBeGreaterThan(10);
  });
});
