import type { Stamp } from '../lib/delivery/channels/post-to.ts';
import { createSigner } from '../lib/delivery/signing/standard-webhooks.ts';
import { createMemoryObjectStore } from '../lib/object-store/memory/memory-object-store.ts';
import { secret } from '../lib/platform/secret.ts';
import { atLeast, figureOf } from './form/figure.ts';
import type { Findings, Section } from './section.ts';
import { nodePosts, undiciPosts } from './support/bare-posts.ts';
import { newInstance } from './support/bucket.ts';
import { queueManagerNames, register } from './support/fleet-plan.ts';
import { createFleet, type Fleet, type FleetMode } from './support/fleet.ts';
import { inTurns, tookMs } from './support/in-turns.ts';
import { depthsInMemory } from './support/mq.ts';
import { hostNames, startSink } from './support/sink.ts';

const HOSTS = 16;
const IN_FLIGHT = 64;
const PER_HOST = 8;
const UNIT = 'wake-ups/s';

const signer = createSigner([secret(`whsec_${Buffer.alloc(32, 1).toString('base64')}`)]);
const signed: Stamp = (id, body) => signer(id, Date.now(), body);

/** Wake-ups per second of whole cycles, beside clients that only post the same. */
export const waking: Section = {
  name: 'waking',
  title: 'Waking: 10,000 registrations on 10 queue managers, targets and store that answer at once',
  measure: async ({ quick, rounds }): Promise<Findings> => {
    const count = quick ? 2_000 : 10_000;
    const sink = await startSink();
    const plain = await fleetOf(sink.port, count, 'http');
    const events = await fleetOf(sink.port, count, 'cloudevents');
    const stamped = await fleetOf(sink.port, count, 'cloudevents', signed);
    const undici = undiciPosts(sink.port, 'h.test', IN_FLIGHT);
    const node = nodePosts(sink.port, 'h.test', IN_FLIGHT);
    const rateOf = (work: () => Promise<void>) => async () => (count * 1000) / (await tookMs(work));
    try {
      const rates = await inTurns(rounds, {
        undici: rateOf(() => undici.post(count, IN_FLIGHT)),
        node: rateOf(() => node.post(count, IN_FLIGHT)),
        plain: rateOf(() => wakeAll(plain, count)),
        events: rateOf(() => wakeAll(events, count)),
        stamped: rateOf(() => wakeAll(stamped, count)),
      });
      const bare = { name: 'bare undici, 64 in flight', values: rates.undici };
      const target = atLeast(0.5, 0.75);
      return {
        figures: [
          figureOf({
            name: 'whole cycle, CloudEvents',
            unit: UNIT,
            baseline: bare,
            ours: rates.events,
            target,
          }),
          figureOf({ name: 'the same, signed', unit: UNIT, baseline: bare, ours: rates.stamped, target }),
          figureOf({
            name: 'whole cycle, plain POST',
            unit: UNIT,
            baseline: bare,
            ours: rates.plain,
            target,
          }),
          figureOf({
            ...{ name: 'whole cycle, CloudEvents', unit: UNIT, ours: rates.events },
            baseline: { name: 'bare node:http, 64 in flight', values: rates.node },
          }),
        ],
      };
    } finally {
      for (const { close } of [plain, events, stamped, undici, node]) close();
      await sink.stop();
    }
  },
};

async function fleetOf(port: number, registrations: number, mode: FleetMode, stamp?: Stamp): Promise<Fleet> {
  const queueManagers = queueManagerNames('QM', 10);
  const store = newInstance(createMemoryObjectStore());
  await register(store, { registrations, queueManagers, queues: 100, hosts: hostNames('h', HOSTS), port });
  return createFleet({
    ...{ store, queues: depthsInMemory(queueManagers, 'messages'), mode },
    ...{ atOnce: IN_FLIGHT, perHost: PER_HOST, ...(stamp === undefined ? {} : { stamp }) },
  });
}

async function wakeAll(fleet: Fleet, count: number): Promise<void> {
  const { report } = await fleet.cycle();
  const { succeeded } = report.notifications;
  if (succeeded !== count) throw new Error(`woke ${succeeded} of ${count}`);
}
