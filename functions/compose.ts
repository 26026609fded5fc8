import type { NotifyDeps } from '../lib/cycle/notify.ts';
import type { FanOut } from '../lib/cycle/fan-out/fan-out.ts';
import { createHttpFanOut } from '../lib/cycle/fan-out/http-fan-out.ts';
import {
  createRangeSigner,
  createRangeVerifier,
  type RangeVerifier,
} from '../lib/cycle/fan-out/range-signature.ts';
import type { CycleDeps } from '../lib/cycle/run-cycle.ts';
import type { Channels } from '../lib/cycle/wake.ts';
import { createCloudEventChannel } from '../lib/delivery/channels/cloud-event/cloud-event-channel.ts';
import { createGuardedHttpClient } from '../lib/delivery/channels/guarded-http.ts';
import { createEgressCheck } from '../lib/delivery/channels/egress-self-test.ts';
import { systemNameResolver, type Resolve } from '../lib/delivery/channels/name-resolver.ts';
import { createHttpPostChannel } from '../lib/delivery/channels/http-post/http-post-channel.ts';
import type { Stamp } from '../lib/delivery/channels/post-to.ts';
import { askConsent, withConsent, type Consent } from '../lib/delivery/channels/webhook-consent.ts';
import type { Channel } from '../lib/delivery/channel.ts';
import { createSigner } from '../lib/delivery/signing/standard-webhooks.ts';
import { lazyChannel } from '../lib/delivery/channels/lazy-channel.ts';
import { createUnavailableChannel } from '../lib/delivery/channels/unavailable-channel.ts';
import { createLanes } from '../lib/delivery/lanes.ts';
import { createTargetGuard, type TargetGuard } from '../lib/delivery/target-guard.ts';
import { createEvents } from '../lib/events/create-events.ts';
import { createEventDelivery } from '../lib/events/deliver-event.ts';
import type { Events } from '../lib/events/events.ts';
import { lazyObjectStore } from '../lib/object-store/lazy.ts';
import { createMemoryObjectStore } from '../lib/object-store/memory/memory-object-store.ts';
import type { ObjectStore } from '../lib/object-store/object-store.ts';
import type { Configuration, QueueManagerTrust } from '../lib/platform/configuration/configuration.ts';
import { createHttpClient, type HttpClient } from '../lib/platform/http-client.ts';
import { createSealer, type Sealer } from '../lib/platform/sealer.ts';
import { createMqRestQueueDepths } from '../lib/queues/mq-rest/mq-rest-queue-depths.ts';
import { createStore, type Store } from '../lib/store/store.ts';
import type { Runtime } from './runtime.ts';

/**
 * Where it is decided which adapters stand behind the ports. No other file of functions or library knows an adapter;
 * what a function does not use of this is left out of its bundle.
 */

/** The original's document when no `object_key` is configured and the store is a folder of our own. */
const ORIGINAL_KEY = 'storeddata';

function composeObjects(configuration: Configuration, runtime: Runtime): ObjectStore {
  const { store } = configuration;
  switch (store.kind) {
    case 'memory':
      return createMemoryObjectStore();
    case 'file':
      return lazyObjectStore(async () => {
        const { createFileObjectStore } = await import('../lib/object-store/file/file-object-store.ts');
        return createFileObjectStore({ folder: store.dataDir, clock: runtime.clock, random: runtime.random });
      });
    case 'cos':
      return lazyObjectStore(async () => {
        const { connectCos } = await import('../lib/object-store/cos/connect-cos.ts');
        return connectCos(required(store.cos), runtime.clock);
      });
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined)
    throw new Error('the configuration names an object store and does not describe it');
  return value;
}

/** Names the bucket and how it is spoken to: what was proved of one says nothing of another. */
function markOf({ cos }: Configuration['store']): string | undefined {
  return cos === undefined ? undefined : [cos.endpoint, cos.bucket, cos.etagQuotes].join(' ');
}

export function composeSealer(configuration: Configuration): Sealer {
  return createSealer(configuration.store.encryptionKeys);
}

export function composeStore(runtime: Runtime, sealer: Sealer): Store {
  const { configuration, clock, random, log } = runtime;
  const { store } = configuration;
  const storeMark = store.kind === 'cos' ? markOf(store) : undefined;
  return createStore({
    objects: composeObjects(configuration, runtime),
    prefix: store.prefix,
    originalKey: store.originalKey ?? (store.kind === 'cos' ? undefined : ORIGINAL_KEY),
    seedData: configuration.seedData,
    ...(storeMark === undefined ? {} : { storeMark }),
    sealer,
    clock,
    random,
    log,
  });
}

export function composeGuard(configuration: Configuration): TargetGuard {
  return createTargetGuard(configuration.delivery);
}

export function composeResolver({ clock }: Runtime): Resolve {
  return systemNameResolver(clock);
}

/** Time that one run of a cycle may take, below the platform's 120 s. */
const RUN_MS_MAX = 110_000;
/** Of that, kept for storing what was learned. */
const WRAP_UP_MS = 15_000;

export function composeCycle(
  runtime: Runtime,
  sealer: Sealer = composeSealer(runtime.configuration),
): CycleDeps {
  const store = composeStore(runtime, sealer);
  return { store, events: composeEvents(runtime, store), log: runtime.log, runMsMax: RUN_MS_MAX };
}

/** Tells lifecycle events to the endpoints of the operator: they may be private, so nothing guards what is dialled. */
export function composeEvents(runtime: Runtime, store: Store): Events {
  const { configuration, clock, random } = runtime;
  const { allowSelfSigned } = configuration.delivery;
  const http = createHttpClient({
    idleMsMax: EVENTS_IDLE_MS_MAX,
    tls: { rejectUnauthorized: !allowSelfSigned },
  });
  const deliver = createEventDelivery({ http, stamp: composeStamp(runtime) });
  return createEvents({ endpoints: configuration.events, store, deliver, clock, random });
}

const EVENTS_IDLE_MS_MAX = 5_000;

export function composeNotify(runtime: Runtime): NotifyDeps {
  const { configuration, clock, random } = runtime;
  const { delivery } = configuration;
  const sealer = composeSealer(configuration);
  return {
    ...composeCycle(runtime, sealer),
    wrapUpMs: WRAP_UP_MS,
    clock,
    random,
    sealer,
    queues: createMqRestQueueDepths({
      queueManagers: configuration.queueManagers,
      http: createQueueManagerClient,
      random,
      timeoutMs: delivery.queueManagerTimeoutMs,
    }),
    egressProblem: composeEgressProblem(runtime),
    channels: composeChannels(runtime),
    defaultMode: delivery.defaultMode,
    lanes: (sharedBy) =>
      createLanes({
        atOnce: delivery.concurrency,
        perHost: Math.max(1, Math.floor(delivery.concurrencyPerHost / sharedBy)),
      }),
    fanOut: composeFanOut(runtime),
    // A queue manager is asked once a cycle, so nothing newer is known.
    isStillDue: () => true,
    failurePolicy: delivery,
  };
}

/** How a cycle is split, where that is configured. */
function composeFanOut({ configuration, clock }: Runtime): FanOut | undefined {
  const { fanOut, store, delivery } = configuration;
  const { url, registrationsMax } = fanOut;
  const sign = url === undefined ? undefined : createRangeSigner(store.encryptionKeys, url);
  if (url === undefined || sign === undefined) return undefined;
  const http = createHttpClient({ idleMsMax: FAN_OUT_IDLE_MS_MAX });
  return {
    capacity: { registrationsMax, slots: delivery.concurrency, wakeMs: RUN_MS_MAX - WRAP_UP_MS },
    call: createHttpFanOut({ http, clock, url, sign }),
  };
}

const FAN_OUT_IDLE_MS_MAX = 5_000;

/** Tells requests for a range that this deployment made itself; nobody's where cycles are not split. */
export function composeRangeVerifier({ configuration }: Runtime): RangeVerifier {
  const { fanOut, store } = configuration;
  return fanOut.url === undefined ? () => false : createRangeVerifier(store.encryptionKeys, fanOut.url);
}

/**
 * What is wrong with the guard in this runtime, or `undefined`. Found out once per instance, and before the first target
 * is dialled.
 */
export function composeEgressProblem(runtime: Runtime): () => Promise<string | undefined> {
  return createEgressCheck({
    clock: runtime.clock,
    createClient: (guard, resolve) => createTargetClient(runtime.configuration, guard, resolve),
  });
}

/** Connections to queue managers are kept for the requests of one reading, not until the next: that may be minutes off. */
const QUEUE_MANAGER_IDLE_MS_MAX = 5_000;

function createQueueManagerClient({ allowSelfSigned, ca, certificate }: QueueManagerTrust): HttpClient {
  return createHttpClient({
    idleMsMax: QUEUE_MANAGER_IDLE_MS_MAX,
    tls: {
      rejectUnauthorized: !allowSelfSigned,
      // In the place of the public authorities: who has an authority of their own means that one.
      ...(ca === undefined ? {} : { ca }),
      ...(certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key.reveal() }),
    },
  });
}

/** The client that dials targets: what the guard forbids is never dialled. */
function composeTargetClient(runtime: Runtime): HttpClient {
  return createTargetClient(
    runtime.configuration,
    composeGuard(runtime.configuration),
    composeResolver(runtime),
  );
}

function createTargetClient({ delivery }: Configuration, guard: TargetGuard, resolve: Resolve): HttpClient {
  return createGuardedHttpClient({
    guard,
    resolve,
    allowSelfSigned: delivery.allowSelfSigned,
    connectionsPerHostMax: delivery.concurrencyPerHost,
  });
}

/** How long a target may take to say whether it wants to be woken, when it is registered. */
const CONSENT_MS_MAX = 5_000;

/** Asks targets for their consent when they are registered, where `WEBHOOK_ORIGIN` says so. */
export function composeConsent(runtime: Runtime): {
  readonly askConsent: ((url: string) => Promise<Consent>) | undefined;
  readonly webhookOrigin: string | undefined;
} {
  const { webhookOrigin } = runtime.configuration.delivery;
  if (webhookOrigin === undefined) return { askConsent: undefined, webhookOrigin };
  const http = composeTargetClient(runtime);
  const egressProblem = composeEgressProblem(runtime);
  return {
    askConsent: async (url) => {
      const reason = await egressProblem();
      if (reason !== undefined) return { granted: false, reason };
      return askConsent(http, url, webhookOrigin, { timeoutMs: CONSENT_MS_MAX });
    },
    webhookOrigin,
  };
}

function composeChannels(runtime: Runtime): Channels {
  const { webhookOrigin: origin } = runtime.configuration.delivery;
  const http = composeTargetClient(runtime);
  const deps = { http, stamp: composeStamp(runtime) };
  const asked = (channel: Channel): Channel =>
    origin === undefined ? channel : withConsent(channel, { http, origin });
  return {
    cloudevents: asked(createCloudEventChannel({ ...deps, mode: 'binary' })),
    'cloudevents-structured': asked(createCloudEventChannel({ ...deps, mode: 'structured' })),
    http: asked(createHttpPostChannel(deps)),
    job: composeJobChannel(runtime),
    nats: composeNatsChannel(runtime),
  };
}

/** Loads the client with the first job that is to be started: it is larger than all the rest. */
function composeJobChannel({ configuration, clock, log }: Runtime): Channel {
  const { codeEngine } = configuration;
  if (codeEngine.credentials === undefined)
    return createUnavailableChannel(
      'no job can be started: set ce_apikey or CE_TRUSTED_PROFILE, and the regions of the jobs',
    );
  return lazyChannel(async () => {
    const { connectCodeEngineJobs } =
      await import('../lib/delivery/channels/code-engine-job/connect-code-engine-jobs.ts');
    return connectCodeEngineJobs(codeEngine, { clock, log });
  });
}

/** Loads the client with the first subject that is to be asked. */
function composeNatsChannel({ configuration, clock }: Runtime): Channel {
  const { nats: settings } = configuration;
  if (settings === undefined) return createUnavailableChannel('no NATS subject can be reached: set NATS_URL');
  return lazyChannel(async () => {
    const { createNatsChannel } = await import('../lib/delivery/channels/nats/nats-channel.ts');
    return createNatsChannel({ settings, clock });
  });
}

/** Signs what is sent where secrets are set, and says under which origin it was asked for. */
function composeStamp({ configuration, clock }: Runtime): Stamp {
  const { webhookSecrets, webhookOrigin } = configuration.delivery;
  const sign = webhookSecrets.length === 0 ? undefined : createSigner(webhookSecrets);
  const origin: Record<string, string> =
    webhookOrigin === undefined ? {} : { 'webhook-request-origin': webhookOrigin };
  return (wakeUpId, body) => ({ ...origin, ...sign?.(wakeUpId, clock.nowMs(), body) });
}
