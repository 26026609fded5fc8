import { asRegistrationId } from '../../lib/registration/registration.ts';
import type { CycleName } from '../../lib/store/keys.ts';
import { expectPossible, IDS, type Simulation } from './simulation-context.ts';
import { answerOf } from './simulation-owner.ts';
import { marked, type Instance } from './simulation-world.ts';

type Operation = () => Promise<void>;

const JUMP_MS_MAX = 1_800_000;
const JUMP_BACK_MS_MAX = 600_000;

/** Answers a function that does one thing by chance, as owners, crons and time do. */
export function createOperations(simulation: Simulation): Operation {
  const { chance, note, schedule, world, owner } = simulation;
  let marks = 0;
  const anyId = (): (typeof IDS)[number] => chance.oneOf(IDS);
  const nextMark = (): string => `mark-${(marks += 1)}`;
  const cycle = createCycleOperation(simulation);
  const owned =
    (act: (instance: Instance) => Promise<void>): Operation =>
    () =>
      asOwner(simulation, act);
  const aDocument = (): string =>
    JSON.stringify({ mq_requests: [marked(anyId(), nextMark()), marked(anyId(), nextMark())] });

  const operations: readonly (readonly [number, string, Operation])[] = [
    [30, 'register', owned((instance) => owner.register(instance, anyId(), nextMark()))],
    [5, 'register new', owned((instance) => owner.registerNew(instance, anyId(), nextMark()))],
    [14, 'unregister', owned((instance) => owner.unregister(instance, anyId()))],
    [1, 'flush', owned((instance) => owner.flush(instance, IDS))],
    [3, 'import', owned((instance) => owner.importDocument(instance, aDocument()))],
    [8, 'list', owned((instance) => readAll(simulation, instance))],
    [6, 'read', owned((instance) => readOne(simulation, instance, anyId()))],
    [2, 'the original writes', () => owner.writeOriginal(schedule.through(world.objects), aDocument())],
    [16, 'notify', () => cycle('notify')],
    [7, 'restore', () => cycle('restore')],
    [7, 'persist', () => cycle('persist')],
    [5, 'time passes', async () => schedule.jump(chance.below(JUMP_MS_MAX))],
    [1, 'the clock is put back', async () => schedule.jump(-chance.below(JUMP_BACK_MS_MAX))],
    [3, 'targets change', async () => letSomeFail(simulation)],
  ];
  const weights = operations.reduce((sum, [weight]) => sum + weight, 0);

  return async () => {
    let dice = chance.below(weights);
    for (const [weight, name, operation] of operations) {
      dice -= weight;
      if (dice >= 0) continue;
      note(name);
      return operation();
    }
  };
}

/** From now on the targets of about half the registrations fail. */
export function letSomeFail({ world, chance }: Simulation): void {
  const bad = new Set<string>(IDS.filter(() => chance.happens(0.5)));
  world.failWhere((id) => bad.has(id));
}

/** Somebody calls `register`; it serves once the merge is done. */
async function asOwner(simulation: Simulation, act: (instance: Instance) => Promise<void>): Promise<void> {
  const slot = simulation.slots.register[simulation.chance.below(simulation.slots.register.length)];
  if (slot === undefined) return;
  const { instance } = slot;
  const ready = await answerOf(instance, instance.store.merge.ready());
  if (ready.kind === 'answered') await act(instance);
  if (slot.instance === instance && instance.faulty.isKilled()) slot.instance = simulation.start();
}

/** A cron's tick, sometimes one that was delivered before. */
function createCycleOperation({ slots, chance, cycles, note, start }: Simulation) {
  let ticks = 0;
  return async (cycle: CycleName): Promise<void> => {
    const slot = slots[cycle].find(({ busy }) => !busy);
    if (slot === undefined) return;
    slot.busy = true;
    if (chance.happens(0.8)) ticks += 1;
    const answer = await cycles.run(slot.instance, cycle, `tick#${ticks}`);
    note(`${cycle} ${answer.kind === 'answered' ? answer.value.outcome : answer.kind}`);
    if (slot.instance.faulty.isKilled() || chance.happens(0.2)) slot.instance = start();
    slot.busy = false;
  };
}

async function readAll(simulation: Simulation, instance: Instance): Promise<void> {
  const since = simulation.presence.now();
  const answer = await answerOf(instance, instance.store.registrations.readAll());
  // What is damaged may be any of them: it is not known by its id.
  if (answer.kind !== 'answered' || answer.value.damaged.length > 0) return;
  const found = new Map(answer.value.stored.map(({ record }) => [record.id as string, record.notify]));
  for (const id of IDS) expectPossible(simulation, id, found.get(id), since);
}

async function readOne(simulation: Simulation, instance: Instance, id: string): Promise<void> {
  const since = simulation.presence.now();
  const answer = await answerOf(instance, instance.store.registrations.get(asRegistrationId(id)));
  if (answer.kind === 'answered')
    expectPossible(simulation, id, answer.value?.registration.record.notify, since);
}
