import type { RegistrationDraft } from '../../lib/registration/original-document.ts';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import { eachOf } from '../../lib/store/registration-reader.ts';
import type { Store } from '../../lib/store/store.ts';

/** What registrations a fleet is made of. */
export interface FleetPlan {
  readonly registrations: number;
  /** Names of queue managers, which registrations take in turns. */
  readonly queueManagers: readonly string[];
  /** Queues of each; of these the sink says that the first hundred hold messages. */
  readonly queues: number;
  readonly hosts: readonly string[];
  /** Of the sink. */
  readonly port: number;
}

const WRITES_AT_ONCE = 64;

/** Names of queue managers: how they answer depends on the prefix (`bench/programs/sink.ts`). */
export function queueManagerNames(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

function draftOf({ queueManagers, queues, hosts, port }: FleetPlan, index: number): RegistrationDraft {
  const round = Math.floor(index / queueManagers.length);
  return {
    id: asRegistrationId(`r${index}`),
    qmgr: queueManagers[index % queueManagers.length] ?? '',
    queue: `APP.QUEUE.${round % queues}`,
    notify: `http://${hosts[index % hosts.length]}:${port}/wake/${index}`,
    delivery: { attempts: 1 },
    lastUpdatedMs: 1_800_000_000_000,
  };
}

/** Registers the whole fleet. */
export async function register(store: Store, plan: FleetPlan): Promise<void> {
  const numbers = Array.from({ length: plan.registrations }, (_, index) => index);
  await eachOf(numbers, WRITES_AT_ONCE, async (index) => {
    await store.registrations.put(draftOf(plan, index));
  });
}

/** Registers it, and writes the snapshot that cold readers begin with. */
export async function registerWithSnapshot(store: Store, plan: FleetPlan): Promise<void> {
  await register(store, plan);
  await store.snapshot.save((await store.registrations.readAll()).records);
}
