import { createCountingObjectStore } from '../../test/support/counting-object-store.ts';
import { newInstance, standInBucket } from '../support/bucket.ts';
import { cpuMs } from '../support/cpu.ts';
import type { CyclesGiven, CyclesTold, OneCycle } from '../support/cycles.ts';
import { createFleet } from '../support/fleet.ts';
import { sinkQueueManagers } from '../support/mq.ts';
import { processSize, type ProcessSize } from '../support/process-size.ts';
import { given, tell } from '../support/told.ts';

/** An instance of the notify function in a process of its own: runs cycles one after another, and tells what they took. */
const { url, port, queueManagers, cycles, sizesAfter, patienceMs } = given() as CyclesGiven;
const objects = createCountingObjectStore(standInBucket(url));
const queues = sinkQueueManagers(port, queueManagers, patienceMs);
const fleet = createFleet({
  ...{ store: newInstance(objects), queues, mode: 'cloudevents' },
  ...{ atOnce: 128, perHost: 8 },
});
const took: OneCycle[] = [];
const sizes: ProcessSize[] = [];
for (let cycle = 1; cycle <= cycles; cycle++) {
  const [beganMs, cpuBefore] = [performance.now(), cpuMs()];
  const { report } = await fleet.cycle();
  const { A, B } = objects.takeCounts();
  took.push({
    ...{ wallMs: performance.now() - beganMs, cpuMs: cpuMs() - cpuBefore },
    storeRequests: A.puts + A.lists + B.gets,
    woken: report.notifications.succeeded,
    queueManagers: report.queue_managers.length,
  });
  if (sizesAfter.includes(cycle)) sizes.push(processSize());
}
tell({ cycles: took, sizes } satisfies CyclesTold);
fleet.close();
queues.close();
