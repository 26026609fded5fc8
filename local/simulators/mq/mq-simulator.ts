import type { Clock } from '../../../lib/platform/clock.ts';
import { systemClock, systemRandomness } from '../../../lib/platform/system-clock.ts';
import { createControlHandler } from './control/control-api.ts';
import { createMqControl } from './control/create-mq-control.ts';
import type { MqControl } from './control/mq-control.ts';
import type { ActionFault } from './fault.ts';
import { createFaultRules } from './faults/fault-rules.ts';
import { createDirectory } from './login/directory.ts';
import { LOGINS, type Login } from './login/sign-in.ts';
import { createTokens } from './login/tokens.ts';
import { listenOnLoopback, LOOPBACK, type LoopbackServer } from '../shared/loopback-server.ts';
import { DEFAULT_SETTINGS, type QueueManagerDefinition } from './model.ts';
import { createJournal } from './rest/journal.ts';
import { createRestHandler } from './rest/rest-server.ts';
import { SimulatorError } from '../shared/simulator-error.ts';
import { createQueueManagers } from './state/queue-managers.ts';
import { DEFAULT_SWITCHES, parseSwitches, type Switches } from './switches.ts';
import type { TlsFaultKind, TlsMaterial } from './tls/tls-material.ts';
import { DEFAULT_USERS, type SimulatedUser } from './users.ts';

/** How a simulator begins. */
export interface MqSimulatorOptions {
  /** None when not given; `addQueueManager` adds more. */
  readonly queueManagers?: readonly QueueManagerDefinition[];
  /** `mqreader` and `app`, whose passwords are their names, when not given: `DEFAULT_USERS`. */
  readonly users?: readonly SimulatedUser[];
  /** How one can sign in; every way when not given. */
  readonly logins?: readonly Login[];
  readonly switches?: Partial<Switches>;
  /** HTTPS instead of HTTP. */
  readonly tls?: TlsMaterial;
  /** So many servers offer the same queue managers (1); `activeOn` of a queue manager says on which it is active. */
  readonly endpoints?: number;
  /** Of the web server (9.4.0.0), for requests that name no queue manager. */
  readonly versionLevel?: string;
  /** What the cookie's name has after `LtpaToken2`; `''` as on the MQ Appliance. */
  readonly cookieSuffix?: string;
  /** How long a login lasts (2 hours). */
  readonly cookieLifetimeMs?: number;
  /** How long a request hangs until the web server gives up on it (30 s). */
  readonly hangMs?: number;
  /** Of the REST API. Another one is taken when it is not free, or not given. */
  readonly port?: number;
  /** Of the control API, likewise. */
  readonly controlPort?: number;
  readonly clock?: Clock;
}

/** A running simulator: its servers on 127.0.0.1, and its control. */
export interface MqSimulator extends MqControl {
  /** Scheme and host of the REST API, as `MQ_REST_HOST` takes them. */
  readonly restUrl: string;
  readonly restPort: number;
  /** Scheme, host and port of the REST API; of the first endpoint when there are several. */
  readonly restBaseUrl: string;
  /** The same of every endpoint. */
  readonly restBaseUrls: readonly string[];
  /** Scheme, host and port of the control API; `/_emu` comes after it. */
  readonly controlUrl: string;
  /** Cuts what is going on, hanging answers included, and frees all ports. */
  readonly close: () => Promise<void>;
}

const TWO_HOURS_MS = 7_200_000;
const HANG_MS = 30_000;

/**
 * Starts a simulator of the MQ web server, over as many queue managers as wanted, each of which can be told to misbehave:
 * the queue resource of REST v1, commands (`mqsc`) and messages in v1 to v3, every way to sign in.
 * @throws {SimulatorError} when something cannot be as it is given.
 */
export async function startMqSimulator(options: MqSimulatorOptions = {}): Promise<MqSimulator> {
  const { clock = systemClock, endpoints = 1, tls } = options;
  const { nowMs } = clock;
  const managers = createQueueManagers(nowMs);
  for (const definition of options.queueManagers ?? []) managers.add(definition);
  const directory = createDirectory(options.users ?? DEFAULT_USERS);
  const { cookieSuffix = '_1648032846462470073', cookieLifetimeMs = TWO_HOURS_MS } = options;
  const randomness = systemRandomness;
  const tokens = createTokens({ nowMs, randomness, lifetimeMs: cookieLifetimeMs, suffix: cookieSuffix });
  const switches = { current: { ...DEFAULT_SWITCHES, ...parseSwitches(options.switches ?? {}) } };
  const journal = createJournal();
  const closing = new AbortController();

  const act = (fault: ActionFault, qmgr: string | undefined): void => {
    switch (fault.kind) {
      case 'cookieRename':
        return tokens.rename();
      case 'cookieExpire':
        return tokens.expireAll();
      case 'rotatePassword':
        return directory.rotatePasswords(fault.text);
      case 'standbyFlip':
        if (qmgr !== undefined && managers.has(qmgr)) control.flip(qmgr);
    }
  };
  const faults = createFaultRules(act);
  const rest: LoopbackServer[] = [];
  const presentCertificate = (fault: TlsFaultKind | undefined): void => {
    const certificate = fault === undefined ? tls : tls?.faulty?.[fault];
    if (fault !== undefined && certificate === undefined)
      throw new SimulatorError(409, `${fault} needs TLS, and a certificate that was given for it`);
    if (certificate !== undefined) for (const server of rest) server.present(certificate);
  };
  const control = createMqControl({
    ...{ managers, faults, journal, nowMs, endpoints, switches, presentCertificate },
  });

  const deps = {
    ...{ queueManagers: managers, faults, journal, clock, directory, tokens },
    fraction: randomness.fraction,
    logins: options.logins ?? LOGINS,
    switches: () => switches.current,
    versionLevel: options.versionLevel ?? DEFAULT_SETTINGS.versionLevel,
    hangMs: options.hangMs ?? HANG_MS,
    closing: closing.signal,
  };
  for (let endpoint = 0; endpoint < endpoints; endpoint += 1)
    rest.push(
      await listenOnLoopback(createRestHandler(deps, endpoint), endpoint === 0 ? options.port : 0, tls),
    );
  const controlServer = await listenOnLoopback(createControlHandler(control), options.controlPort);

  const restUrl = `${tls === undefined ? 'http' : 'https'}://${LOOPBACK}`;
  const restBaseUrls = rest.map(({ port }) => `${restUrl}:${port}`);
  return {
    ...control,
    restUrl,
    restPort: rest[0]?.port ?? 0,
    restBaseUrl: restBaseUrls[0] ?? '',
    restBaseUrls,
    controlUrl: `http://${LOOPBACK}:${controlServer.port}`,
    close: async () => {
      closing.abort();
      await Promise.all([...rest, controlServer].map((server) => server.close()));
    },
  };
}
