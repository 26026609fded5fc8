import type { Clock } from '../../lib/platform/clock.ts';
import { DEFAULT_USERS } from '../simulators/mq/users.ts';
import { startMqSimulator } from '../simulators/mq/mq-simulator.ts';
import { startTraffic } from '../simulators/mq/traffic.ts';
import { DEMO_QUEUE_MANAGER, INVOICES, ORDERS, PAYMENTS, type SimulatedMq } from './demo-settings.ts';
import { startSampleTarget } from './sample-target.ts';
import type { WakeUp } from './wake-up.ts';

/** The simulated world: a queue manager on which messages arrive, and an application that takes them when woken. */
export interface Demo {
  readonly mq: SimulatedMq;
  readonly targetUrl: string;
  readonly controlUrl: string;
  readonly stop: () => Promise<void>;
}

// Preferred, so that what was registered in one run is still right in the next.
const PORTS = { rest: 18_443, control: 18_444, target: 18_081 } as const;

/** Starts it. `say` gets one line per wake-up. */
export async function startDemo(deps: {
  readonly clock: Clock;
  readonly say: (line: string) => void;
}): Promise<Demo> {
  const [user] = DEFAULT_USERS;
  const simulator = await startMqSimulator({
    queueManagers: [{ name: DEMO_QUEUE_MANAGER, queues: { [ORDERS]: 2, [PAYMENTS]: 0, [INVOICES]: 0 } }],
    port: PORTS.rest,
    controlPort: PORTS.control,
    clock: deps.clock,
  });
  const onWakeUp = ({ qmgr, queue, depth }: WakeUp): void => {
    const taken = simulator.get(qmgr, queue, depth);
    const left = simulator.depth(qmgr, queue);
    deps.say(
      `WAKE-UP  ${qmgr}/${queue} holds ${depth}: the sample application was woken, took ${taken}, left ${left}`,
    );
  };
  const target = await startSampleTarget({ port: PORTS.target, onWakeUp });
  const traffic = startTraffic(simulator, {
    clock: deps.clock,
    sources: [
      { qmgr: DEMO_QUEUE_MANAGER, queue: ORDERS, everyMs: 4_000 },
      { qmgr: DEMO_QUEUE_MANAGER, queue: PAYMENTS, everyMs: 7_000, messages: 2 },
    ],
  });
  return {
    mq: {
      restUrl: simulator.restUrl,
      restPort: simulator.restPort,
      user: user?.name ?? '',
      password: user?.password ?? '',
    },
    targetUrl: `http://127.0.0.1:${target.port}`,
    controlUrl: simulator.controlUrl,
    stop: async () => {
      await traffic.stop();
      await Promise.all([target.close(), simulator.close()]);
    },
  };
}
