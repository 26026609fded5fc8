import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMqSimulator, type MqSimulator } from './mq-simulator.ts';
import { startTraffic, type Arrival } from './traffic.ts';

/** Time that stands still until `pass` is called. */
function manualClock() {
  let nowMs = 0;
  let sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      sleepers.push({ atMs: nowMs + ms, wake });
      signal?.addEventListener('abort', wake);
    });
  const pass = async (ms: number): Promise<void> => {
    for (const endMs = nowMs + ms; nowMs < endMs;) {
      nowMs += 1;
      const due = sleepers.filter(({ atMs }) => atMs <= nowMs);
      sleepers = sleepers.filter(({ atMs }) => atMs > nowMs);
      for (const { wake } of due) wake();
      if (due.length > 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { clock: { sleep }, pass };
}

let simulator: MqSimulator;
beforeEach(async () => {
  simulator = await startMqSimulator({ queueManagers: [{ name: 'QM1' }] });
});
afterEach(() => simulator.close());

describe('traffic', () => {
  it('lets messages arrive at the pace of each source, until it is stopped', async () => {
    const { clock, pass } = manualClock();
    const arrivals: Arrival[] = [];
    const traffic = startTraffic(simulator, {
      clock,
      sources: [
        { qmgr: 'QM1', queue: 'DEV.QUEUE.1', everyMs: 100 },
        { qmgr: 'QM1', queue: 'DEV.QUEUE.2', everyMs: 250, messages: 5 },
      ],
      onArrival: (arrival) => arrivals.push(arrival),
    });
    await pass(99);
    expect(arrivals).toEqual([]);
    await pass(451);
    expect(simulator.depth('QM1', 'DEV.QUEUE.1')).toBe(5);
    expect(simulator.depth('QM1', 'DEV.QUEUE.2')).toBe(10);
    expect(arrivals[0]).toEqual({ qmgr: 'QM1', queue: 'DEV.QUEUE.1', messages: 1, depth: 1 });
    await traffic.stop();
    await pass(1000);
    expect(arrivals).toHaveLength(7);
  });

  it('stops to pile up where nobody takes messages off', async () => {
    const { clock, pass } = manualClock();
    const source = { qmgr: 'QM1', queue: 'DEV.QUEUE.1', everyMs: 10, messages: 2, depthMax: 5 };
    const traffic = startTraffic(simulator, { clock, sources: [source] });
    await pass(200);
    expect(simulator.depth('QM1', 'DEV.QUEUE.1')).toBe(4);
    simulator.get('QM1', 'DEV.QUEUE.1', 4);
    await pass(10);
    expect(simulator.depth('QM1', 'DEV.QUEUE.1')).toBe(2);
    await traffic.stop();
  });

  it('waits for a queue that is not there', async () => {
    const { clock, pass } = manualClock();
    const traffic = startTraffic(simulator, {
      clock,
      sources: [{ qmgr: 'QM1', queue: 'LATER', everyMs: 10 }],
    });
    await pass(50);
    simulator.addQueue('QM1', 'LATER', {});
    await pass(10);
    expect(simulator.depth('QM1', 'LATER')).toBe(1);
    await traffic.stop();
  });
});
