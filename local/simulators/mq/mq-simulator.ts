import type { Clock } from '../../../lib/platform/clock.ts';
import { systemClock } from '../../../lib/platform/system-clock.ts';
import { createControlHandler } from './control-api.ts';
import { createJournal } from './journal.ts';
import { listenOnLoopback, LOOPBACK } from './loopback-server.ts';
import type { QueueManagerDefinition } from './model.ts';
import { createMqControl, type Faults, type MqControl } from './mq-control.ts';
import { createQueueManagers } from './queue-managers.ts';
import { createRestHandler } from './rest-server.ts';
import { DEFAULT_USERS, type SimulatedUser } from './users.ts';

/** How a simulator begins. */
export interface MqSimulatorOptions {
  /** None when not given; `addQueueManager` adds more. */
  readonly queueManagers?: readonly QueueManagerDefinition[];
  /** `mqreader` with the password `mqreader` when not given. */
  readonly users?: readonly SimulatedUser[];
  /** Of the REST API. Another one is taken when it is not free, or not given. */
  readonly port?: number;
  /** Of the control API, likewise. */
  readonly controlPort?: number;
  readonly clock?: Clock;
}

/** A running simulator: two servers on 127.0.0.1, and its control. */
export interface MqSimulator extends MqControl {
  /** Scheme and host of the REST API, as `MQ_REST_HOST` takes them. */
  readonly restUrl: string;
  readonly restPort: number;
  /** Scheme, host and port of the REST API. */
  readonly restBaseUrl: string;
  /** Scheme, host and port of the control API; `/_emu` comes after it. */
  readonly controlUrl: string;
  /** Cuts what is going on, hanging answers included, and frees both ports. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a simulator of the MQ web server: the queue resource of REST v1 with basic authentication, over as many queue
 * managers as wanted, each of which can be told to misbehave.
 * @throws {SimulatorError} when a queue manager cannot be as it is given.
 */
export async function startMqSimulator(options: MqSimulatorOptions = {}): Promise<MqSimulator> {
  const { users = DEFAULT_USERS, clock = systemClock } = options;
  const queueManagers = createQueueManagers();
  for (const definition of options.queueManagers ?? []) queueManagers.add(definition);
  const faults: Faults = new Map();
  const journal = createJournal();
  const control = createMqControl(queueManagers, faults, journal);
  const closing = new AbortController();

  const faultOf = (qmgr: string) => faults.get(qmgr)?.parsed;
  const handleRest = createRestHandler({
    queueManagers,
    faultOf,
    users,
    journal,
    clock,
    closing: closing.signal,
  });
  const rest = await listenOnLoopback(handleRest, options.port);
  const controlServer = await listenOnLoopback(createControlHandler(control), options.controlPort);

  return {
    ...control,
    restUrl: `http://${LOOPBACK}`,
    restPort: rest.port,
    restBaseUrl: `http://${LOOPBACK}:${rest.port}`,
    controlUrl: `http://${LOOPBACK}:${controlServer.port}`,
    close: async () => {
      closing.abort();
      await Promise.all([rest.close(), controlServer.close()]);
    },
  };
}
