import type { Secret } from '../secret.ts';

/** Everything the operator decides, read once, validated, frozen. Durations in milliseconds. */
export interface Configuration {
  readonly queueManagers: readonly QueueManagerSettings[];
  readonly store: StoreSettings;
  readonly codeEngine: CodeEngineSettings;
  readonly nats: NatsSettings | undefined;
  readonly cycles: CycleSettings;
  readonly fanOut: FanOutSettings;
  readonly delivery: DeliverySettings;
  /** Who hears of lifecycle events (`EVENT_ENDPOINTS`), in the order given. */
  readonly events: readonly EventEndpointSettings[];
  readonly access: AccessSettings;
  readonly dashboard: DashboardSettings;
  /** Which halves of the system this deployment runs (`ENABLE_RESERVATIONS`, `ENABLE_NOTIFICATIONS`). */
  readonly mode: ExecutionMode;
  /** `seeddata`, verbatim: parsed and merged by the store. */
  readonly seedData: string | undefined;
  readonly logLevel: LogLevel;
  /** Used by the local host only. */
  readonly local: LocalHostSettings;
  /** Remarks that stop nothing: settings that are read but have no effect, unknown keys in `env.json`. */
  readonly warnings: readonly string[];
}

export type ExecutionMode = 'all' | 'reservations' | 'notifications';
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One queue manager and the web servers that answer for it. */
export interface QueueManagerSettings {
  /** As in MQ: case-sensitive, 1–48 characters. */
  readonly qmgr: string;
  /**
   * The web servers, tried in turn (`MQ_REST_HOSTS`, or `MQ_REST_HOST` and `MQ_REST_PORT` joined): scheme, host, port;
   * no trailing slash. At least one.
   */
  readonly baseUrls: readonly string[];
  /** Which resource is read (`API`); `auto` finds out. */
  readonly api: 'auto' | 'v1' | 'mqsc';
  readonly login: QueueManagerLogin;
  /** The queue manager through which this one is reached (`GATEWAY_QMGR`). */
  readonly gateway: string | undefined;
  readonly trust: QueueManagerTrust;
}

/** How we sign in (`LOGIN`). User and password may be empty: the original then signs in with blanks. */
export type QueueManagerLogin =
  | { readonly kind: 'basic' | 'ltpa'; readonly user: string; readonly password: Secret }
  /** By the client certificate alone. */
  | { readonly kind: 'certificate' };

/** Whom we believe, and as whom we show ourselves. Texts are PEM. */
export interface QueueManagerTrust {
  /** True: the server's certificate is not verified (`ALLOW_SELF_SIGNED`, of the entry or of all). */
  readonly allowSelfSigned: boolean;
  /** Certificate authorities believed in place of the public ones (`CA_FILE`). */
  readonly ca: string | undefined;
  /** Our certificate and its key (`CERT_FILE`, `KEY_FILE`). */
  readonly certificate: { readonly cert: string; readonly key: Secret } | undefined;
}

export interface StoreSettings {
  readonly kind: 'cos' | 'file' | 'memory';
  /** Key prefix of everything we keep; ends in `/`, or is empty. */
  readonly prefix: string;
  /** Folder of the embedded store (`DATA_DIR`). */
  readonly dataDir: string;
  readonly cos: CosSettings | undefined;
  /** Key of the document that the original reads and writes (`object_key`), without the prefix. */
  readonly originalKey: string | undefined;
  /** Encrypts delivery headers at rest: base64 of 32 bytes each; the first encrypts, all decrypt (`ENCRYPTION_KEYS`). */
  readonly encryptionKeys: readonly Secret[];
}

/** Where the bucket is and how to sign in. Exactly one kind of credentials. */
export interface CosSettings {
  readonly bucket: string;
  /** Scheme, host, maybe a port; no trailing slash. */
  readonly endpoint: string;
  readonly resourceInstanceId: string | undefined;
  /** Full token URL of IAM. */
  readonly authEndpoint: string;
  /** How ETags are sent back in conditions: as they came, or without quotes for Ceph's gateway (`COS_ETAG_QUOTES`). */
  readonly etagQuotes: 'keep' | 'strip';
  readonly credentials:
    | { readonly kind: 'api-key'; readonly apiKey: Secret }
    | { readonly kind: 'hmac'; readonly accessKeyId: string; readonly secretAccessKey: Secret }
    | { readonly kind: 'trusted-profile'; readonly profile: string };
}

export interface CodeEngineSettings {
  /** How we sign in to start job runs; undefined: job targets cannot be woken. */
  readonly credentials:
    | { readonly kind: 'api-key'; readonly apiKey: Secret }
    | { readonly kind: 'trusted-profile'; readonly profile: string }
    | undefined;
  /** IAM's base URL, without `/identity/token` and without a trailing slash. */
  readonly authEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** The API's base URL, with `{region}` in it (`CE_API_ENDPOINT`). */
  readonly apiEndpoint: string;
  /** The project that the function runs in (`CE_PROJECT_ID`, `CE_REGION`): its jobs are looked for first. */
  readonly ownProject: { readonly id: string; readonly region: string } | undefined;
  readonly regions: readonly string[];
  readonly refreshIntervalMs: number;
}

/** How NATS subjects are reached; undefined in the configuration: `nats:` targets cannot be woken. */
export interface NatsSettings {
  /** `nats://`, `tls://`, `ws://` or `wss://` URLs, tried in turn (`NATS_URL`); credentials are taken out. */
  readonly servers: readonly string[];
  /** The text of a credentials file (`NATS_CREDS`), or the user, password or token of `NATS_URL`. */
  readonly credentials:
    | { readonly kind: 'creds'; readonly text: Secret }
    | { readonly kind: 'password'; readonly user: string; readonly password: Secret }
    | { readonly kind: 'token'; readonly token: Secret }
    | undefined;
  readonly serialization: 'json' | 'cbor';
  readonly compression: 'none' | 'zstd';
}

/** When a cycle runs: a cron expression of five fields (six with seconds, local host only), or every so often. */
export type Schedule =
  | { readonly kind: 'cron'; readonly expression: string }
  | { readonly kind: 'every'; readonly intervalMs: number };

export interface CycleSettings {
  readonly notify: Schedule;
  readonly restore: Schedule;
  readonly persist: Schedule;
}

/** How a notify cycle that is too much for one invocation is split. */
export interface FanOutSettings {
  /** Where notify-cycle calls itself (`FANOUT_URL`), without a trailing slash; undefined: it is never split. */
  readonly url: string | undefined;
  /** Registrations that one invocation takes (`FANOUT_REGISTRATIONS`). */
  readonly registrationsMax: number;
}

export interface DeliverySettings {
  /** How a URL is woken where its registration does not say (`CLOUD_EVENTS`, `HTTP_NOTIFY`). */
  readonly defaultMode: 'cloudevents' | 'http';
  /** Consecutive failures that put a registration into quarantine (`FAIL_LIMIT`). */
  readonly failuresMax: number;
  /** How long a quarantine lasts (`BACKOFF_DURATION`). */
  readonly quarantineMs: number;
  /** Drop a registration instead of putting it into quarantine (`DROP_BAD`). */
  readonly dropBad: boolean;
  readonly concurrency: number;
  readonly concurrencyPerHost: number;
  readonly allowHttp: boolean;
  /** Host names, addresses and CIDR blocks permitted although private, also over http. In lower case; IPv6 bare. */
  readonly allowTargets: readonly string[];
  /** Targets' certificates are not verified (`ALLOW_SELF_SIGNED`). */
  readonly allowSelfSigned: boolean;
  /** Secrets that sign every delivery (`WEBHOOK_SECRET`); empty: deliveries are not signed. */
  readonly webhookSecrets: readonly Secret[];
  /** Under which origin targets are asked for their consent (`WEBHOOK_ORIGIN`). */
  readonly webhookOrigin: string | undefined;
  /** One queue manager's answer (`MQ_TIMEOUT`). */
  readonly queueManagerTimeoutMs: number;
}

/** One receiver of lifecycle events. */
export interface EventEndpointSettings {
  /** Unique; names its outbox and its counters. */
  readonly name: string;
  /** `http:` or `https:`, without credentials. The operator's own: it may be private. */
  readonly url: string;
  /** Sent with every event; names in lower case. */
  readonly headers: Readonly<Record<string, Secret>>;
  /** One attempt, from dialling to the answer. */
  readonly timeoutMs: number;
  /** Consecutive failures that open the breaker. */
  readonly threshold: number;
  /** How long it stays open before one attempt is let through. */
  readonly backoffMs: number;
  /** Types of events that it does not want; a `*` at the end stands for any rest. */
  readonly ignoredTypes: readonly string[];
  /** It gets nothing, and nothing is kept for it. */
  readonly disabled: boolean;
}

export interface AccessSettings {
  readonly registerTokens: readonly Secret[];
  readonly adminTokens: readonly Secret[];
  readonly allowAnonymous: boolean;
}

/** Where page and API have origins of their own; undefined: they share one. Scheme, host, maybe a port. */
export interface DashboardSettings {
  /** Where the page finds `register` (`DASHBOARD_REGISTER_URL`). */
  readonly registerUrl: string | undefined;
  /** Where the page comes from that may call `register` (`DASHBOARD_ORIGIN`). */
  readonly origin: string | undefined;
}

export interface LocalHostSettings {
  readonly host: string;
  readonly port: number;
}
