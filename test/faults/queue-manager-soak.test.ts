import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runNotifyCycle } from '../../lib/cycle/notify-cycle.ts';
import type { NotifyReport } from '../../lib/cycle/report.ts';
import { systemClock } from '../../lib/platform/system-clock.ts';
import type { MqFault } from '../../local/simulators/mq/fault.ts';
import { startMqSimulator, type MqSimulator } from '../../local/simulators/mq/mq-simulator.ts';
import { createMqClient, mqSettings, type MqClient } from '../support/mq-client.ts';
import { aCall, notifyDeps, scriptedChannel } from '../support/test-cycles.ts';
import { aDraft, testStore } from '../support/test-store.ts';

const COUNT = 1_000;
const SHARE = COUNT / 20;
const TIMEOUT_MS = 15_000;
const QUEUE = 'ORDERS';
const NAMES = Array.from({ length: COUNT }, (_, index) => `QM${String(index).padStart(4, '0')}`);
const GARBAGE: readonly MqFault[] = ['notjson', 'html:200', 'truncate', 'wrongShape:array', 'html:404'];
/** Of twenty one hangs, one refuses and one answers garbage. */
const kindOf = (index: number): 'hangs' | 'refuses' | 'garbage' | 'healthy' =>
  (({ 3: 'hangs', 7: 'refuses', 11: 'garbage' }) as const)[index % 20] ?? 'healthy';
const HEALTHY = NAMES.filter((_, index) => kindOf(index) === 'healthy');

let simulator: MqSimulator;
let client: MqClient;
const closed = async (): Promise<string> => {
  const gone = await startMqSimulator();
  await gone.close();
  return gone.restBaseUrl;
};

beforeAll(async () => {
  const queueManagers = NAMES.map((name) => ({ name, preload: false, queues: { [QUEUE]: 1, OTHER: 7 } }));
  simulator = await startMqSimulator({ queueManagers, hangMs: 60_000 });
  const nobody = await closed();
  const settings = NAMES.map((qmgr, index) =>
    mqSettings(kindOf(index) === 'refuses' ? nobody : simulator.restBaseUrl, { qmgr }),
  );
  client = createMqClient(settings, TIMEOUT_MS);
});
afterAll(async () => {
  client.close();
  await simulator.close();
});

async function aCycle(names: readonly string[]) {
  const store = testStore({ clock: systemClock });
  for (const qmgr of names) await store.registrations.put(aDraft({ id: qmgr, qmgr, queue: QUEUE }));
  const channel = scriptedChannel();
  let lastMs = 0;
  channel.answerWith(() => {
    lastMs = performance.now();
    return { kind: 'answered', status: 204 };
  });
  const beganMs = performance.now();
  const report = await runNotifyCycle(notifyDeps(store, { queues: client, channel }), aCall());
  return { report: report as NotifyReport, lastWokenMs: lastMs - beganMs };
}

describe('a thousand queue managers, some of which hang, refuse or answer garbage', () => {
  it('are read in one cycle: the others are served as if those were not there', async () => {
    const alone = await aCycle(HEALTHY);
    for (const [index, name] of NAMES.entries()) {
      const kind = kindOf(index);
      if (kind === 'hangs') simulator.setFault(name, 'hang');
      if (kind === 'garbage') simulator.setFault(name, GARBAGE[Math.floor(index / 20) % GARBAGE.length]);
    }
    simulator.clearJournal();
    const all = await aCycle(NAMES);
    expect(alone.report.notifications).toMatchObject({ due: HEALTHY.length, succeeded: HEALTHY.length });
    expect(all.report.notifications).toMatchObject({ due: HEALTHY.length, succeeded: HEALTHY.length });
    // The last of the healthy does not wait for any that hangs.
    expect(all.lastWokenMs).toBeLessThan(TIMEOUT_MS);
    expect(all.report.duration_ms).toBeLessThan(2 * TIMEOUT_MS + alone.report.duration_ms);
    const errors = all.report.queue_managers.flatMap(({ error }) => error ?? []);
    const saying = (words: RegExp): number => errors.filter((error) => words.test(error)).length;
    expect(errors).toHaveLength(3 * SHARE);
    expect([saying(/no complete answer/), saying(/no connection/)]).toEqual([SHARE, SHARE]);
    // Whoever hangs was asked once.
    const hanging = simulator.journal().filter(({ qmgr }) => kindOf(NAMES.indexOf(qmgr ?? '')) === 'hangs');
    expect(hanging).toHaveLength(SHARE);
    console.log(
      `soak: ${COUNT} queue managers, ${HEALTHY.length} healthy; last woken after ${alone.lastWokenMs.toFixed(0)} ms alone, ${all.lastWokenMs.toFixed(0)} ms beside 150 troubled ones; cycle ${all.report.duration_ms} ms`,
    );
  }, 90_000);
});
