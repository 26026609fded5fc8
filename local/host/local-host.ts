import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createAccessCheck } from '../../lib/platform/access.ts';
import type { Clock, Randomness } from '../../lib/platform/clock.ts';
import type { Logger } from '../../lib/platform/logging.ts';
import type { FunctionEntry } from '../function-list/function-list.ts';
import { createGateway, type Gateway } from '../gateway/gateway.ts';
import { startGatewayServer, type GatewayServer } from '../gateway/gateway-server.ts';
import { answerOfOutcome } from '../gateway/outcome-answer.ts';
import type { CallOutcome } from '../instances/call-outcome.ts';
import { createInstancePool, type InstancePool } from '../instances/instance-pool.ts';
import { startInstance } from '../instances/instance.ts';
import { startScheduler, type Scheduler } from '../scheduler/scheduler.ts';
import type { Bundles } from './bundles.ts';
import { CALLED_BY_TIMER, logFailedCall } from './failed-call.ts';
import type { HostPlan } from './host-plan.ts';
import { HostStartError } from './host-start-error.ts';
import { isLoopbackHost } from './loopback.ts';

/** A running local host. */
export interface LocalHost {
  /** Where the gateway listens, as this machine reaches it. */
  readonly url: string;
  /** The functions that the scheduler calls. */
  readonly scheduled: Scheduler['scheduled'];
  /** Takes nothing new, lets what is in flight finish for up to `STOP_GRACE_MS`, then ends everything. */
  readonly stop: () => Promise<void>;
}

export interface LocalHostDeps {
  readonly plan: HostPlan;
  readonly bundles: Bundles;
  readonly log: Logger;
  /** Called with each line that a function writes. */
  readonly onLine: (functionName: string, line: string) => void;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/** How long what is in flight may take to finish once the host stops. */
export const STOP_GRACE_MS = 8_000;
const LAST_ANSWERS_MS = 500;

// One more than one, because on the platform a second call of a busy function meets a second instance, and what the two
// do to each other must show here, too.
const INSTANCES_MAX = Math.max(2, availableParallelism() + 1);
const WAITING_MAX = 1_000;

/**
 * Starts the functions' instances, the gateway and the scheduler, in this order.
 * @throws {HostStartError} when a bundle does not load.
 * @throws {ListenError} when the address is taken. @throws {ScheduleError} when a schedule cannot be followed.
 */
export async function startLocalHost(deps: LocalHostDeps): Promise<LocalHost> {
  const pools = await startPools(deps);
  const stopPools = (graceMs: number): Promise<unknown> =>
    Promise.all([...pools.values()].map((pool) => pool.stop(graceMs)));
  let server: GatewayServer | undefined;
  try {
    server = await listen(deps, pools);
    const scheduler = schedule(deps, pools);
    return {
      url: `http://${urlHost(deps.plan.configuration.local.host)}:${server.port}`,
      scheduled: scheduler.scheduled,
      stop: () => stop(scheduler, server, stopPools),
    };
  } catch (error) {
    await server?.close(0);
    await stopPools(0);
    throw error;
  }
}

async function stop(
  scheduler: Scheduler,
  server: GatewayServer | undefined,
  stopPools: (graceMs: number) => Promise<unknown>,
): Promise<void> {
  scheduler.stop();
  server?.stopAccepting();
  await stopPools(STOP_GRACE_MS);
  await server?.close(LAST_ANSWERS_MS);
}

async function startPools(deps: LocalHostDeps): Promise<ReadonlyMap<string, InstancePool>> {
  const pools = new Map(deps.bundles.functions.map((entry) => [entry.name, poolOf(deps, entry)]));
  const failures = await Promise.all(
    [...pools].map(async ([name, pool]) => {
      const reason = await pool.start();
      return reason === undefined ? [] : [`${name}: ${reason}`];
    }),
  );
  if (failures.flat().length === 0) return pools;
  await Promise.all([...pools.values()].map((pool) => pool.stop(0)));
  throw new HostStartError(`not every function could be started:\n  ${failures.flat().join('\n  ')}`);
}

function poolOf(deps: LocalHostDeps, entry: FunctionEntry): InstancePool {
  const { distDir, runnerSource } = deps.bundles;
  return createInstancePool({
    startInstance: (onRetired) =>
      startInstance({
        runnerSource,
        bundle: join(distDir, entry.name, 'main.js'),
        env: deps.plan.functionEnv,
        memoryMegabytes: Number.parseInt(entry.memory, 10) * 1024,
        callMsMax: entry.maxExecutionSeconds * 1000,
        onLine: (line) => deps.onLine(entry.name, line),
        onRetired,
      }),
    concurrency: entry.concurrency,
    instancesMax: INSTANCES_MAX,
    waitingMax: WAITING_MAX,
    idleMs: entry.scaleDownDelaySeconds * 1000,
    onLost: (reason) => deps.log.warn('instance lost', { lost: entry.name, reason }),
  });
}

function listen(deps: LocalHostDeps, pools: ReadonlyMap<string, InstancePool>): Promise<GatewayServer> {
  const { local } = deps.plan.configuration;
  return startGatewayServer({
    gateway: gatewayOf(deps, pools),
    host: local.host,
    port: local.port,
    onBug: (error) => deps.log.error('the gateway failed', { cause: String(error) }),
  });
}

function gatewayOf(deps: LocalHostDeps, pools: ReadonlyMap<string, InstancePool>): Gateway {
  const { access, local } = deps.plan.configuration;
  return createGateway({
    functions: deps.bundles.functions,
    access: {
      check: createAccessCheck(access),
      hasTokens: access.registerTokens.length + access.adminTokens.length > 0,
      isLoopbackOnly: isLoopbackHost(local.host),
      isOpenByDefault: deps.plan.isOpenByDefault,
    },
    call: (name, paramsJson) => callPool(pools, name, paramsJson),
    requestId: deps.randomness.uuid,
    onFailedCall: (name, outcome, calledBy) => logFailedCall(deps.log, name, outcome, calledBy),
  });
}

function schedule(deps: LocalHostDeps, pools: ReadonlyMap<string, InstancePool>): Scheduler {
  const { cycles, mode } = deps.plan.configuration;
  return startScheduler({
    functions: deps.bundles.functions,
    cycles,
    mode,
    call: async (name, paramsJson) => {
      const outcome = await callPool(pools, name, paramsJson);
      if (outcome.kind !== 'returned') logFailedCall(deps.log, name, outcome, CALLED_BY_TIMER);
      return answerOfOutcome(name, outcome).status;
    },
    clock: deps.clock,
    uuid: deps.randomness.uuid,
    onTick: (name, result) => {
      if (result.kind === 'lost') deps.log.warn('tick lost', { called: name, ...result });
    },
  });
}

function callPool(
  pools: ReadonlyMap<string, InstancePool>,
  name: string,
  paramsJson: string,
): Promise<CallOutcome> {
  const pool = pools.get(name);
  return pool === undefined
    ? Promise.resolve({ kind: 'crashed', cause: `there is no function ${name}` })
    : pool.call(paramsJson);
}

/** The host as it stands in a URL. An address that stands for all of them is reached over loopback. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
