import { formatDuration } from '../duration.ts';
import type { DeliverySettings } from './configuration.ts';
import type { Findings } from './findings.ts';
import { targets } from './network-names.ts';
import type { Secret } from '../secret.ts';
import { duration, matching, minutes, secretListOf, switchOn, wholeNumber } from './parse.ts';
import type { SettingReader } from './setting-reader.ts';
import type { Setting } from './setting.ts';
import { masked } from './show.ts';

const MINUTE_MS = 60_000;

const cloudEvents: Setting<boolean> = {
  name: 'CLOUD_EVENTS',
  parse: switchOn,
  byDefault: false,
  about: 'Switch: wake URLs with a CloudEvent. The default, and stronger than HTTP_NOTIFY.',
  show: ({ delivery }) => delivery.defaultMode === 'cloudevents',
};

const httpNotify: Setting<boolean> = {
  name: 'HTTP_NOTIFY',
  parse: switchOn,
  byDefault: false,
  about: 'Switch: wake URLs with a plain HTTP POST.',
  show: ({ delivery }) => delivery.defaultMode === 'http',
};

const failLimit: Setting<number> = {
  name: 'FAIL_LIMIT',
  parse: wholeNumber(1, 1_000),
  byDefault: 10,
  underTest: 2,
  about: 'Consecutive failures that put a registration into quarantine.',
  show: ({ delivery }) => delivery.failuresMax,
};

const backoffDuration: Setting<number> = {
  name: 'BACKOFF_DURATION',
  parse: minutes,
  byDefault: 1_440 * MINUTE_MS,
  underTest: 4 * MINUTE_MS,
  about: 'Minutes that a quarantine lasts.',
  show: ({ delivery }) => formatDuration(delivery.quarantineMs),
};

const dropBad: Setting<boolean> = {
  name: 'DROP_BAD',
  parse: switchOn,
  byDefault: false,
  about: 'Switch: drop a registration that reaches FAIL_LIMIT in place of a quarantine.',
  show: ({ delivery }) => delivery.dropBad,
};

const deliveryConcurrency: Setting<number> = {
  name: 'DELIVERY_CONCURRENCY',
  parse: wholeNumber(1, 1_024),
  byDefault: 128,
  about: 'Wake-ups in flight at once.',
  show: ({ delivery }) => delivery.concurrency,
};

const deliveryPerHost: Setting<number> = {
  name: 'DELIVERY_PER_HOST',
  parse: wholeNumber(1, 1_024),
  byDefault: 8,
  about: 'Wake-ups in flight at once to one host.',
  show: ({ delivery }) => delivery.concurrencyPerHost,
};

const allowHttp: Setting<boolean> = {
  name: 'ALLOW_HTTP',
  parse: switchOn,
  byDefault: false,
  about: 'Switch: permit http to public targets.',
  show: ({ delivery }) => delivery.allowHttp,
};

const allowTargets: Setting<readonly string[]> = {
  name: 'ALLOW_TARGETS',
  parse: targets,
  byDefault: [],
  about: 'Hosts, addresses and CIDR blocks permitted although private, also over http; or none.',
  show: ({ delivery }) => delivery.allowTargets,
};

const allowSelfSigned: Setting<boolean> = {
  name: 'ALLOW_SELF_SIGNED',
  parse: switchOn,
  byDefault: false,
  about: 'Switch: do not verify the certificates of queue managers and targets.',
  show: ({ delivery }) => delivery.allowSelfSigned,
};

const mqTimeout: Setting<number> = {
  name: 'MQ_TIMEOUT',
  parse: duration({ minMs: 1_000, maxMs: MINUTE_MS }),
  byDefault: 10_000,
  about: "ISO 8601 limit of one queue manager's answer.",
  show: ({ delivery }) => formatDuration(delivery.queueManagerTimeoutMs),
};

const webhookSecret: Setting<readonly Secret[]> = {
  name: 'WEBHOOK_SECRET',
  parse: secretListOf(
    matching(/^whsec_(?=.{32,88}$)[A-Za-z0-9+/]+={0,2}$/, 'whsec_ and base64 of 24 to 64 bytes'),
  ),
  byDefault: [],
  secret: true,
  about: 'Comma list of whsec_…: each signs every delivery (Standard Webhooks).',
  show: ({ delivery }) => delivery.webhookSecrets.map(masked),
};

const webhookOrigin: Setting<string | undefined> = {
  name: 'WEBHOOK_ORIGIN',
  parse: matching(
    /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/,
    'a DNS name such as observer.example.com',
  ),
  byDefault: undefined,
  about: 'Ask targets for their consent under this origin, with the handshake of CloudEvents webhooks.',
  show: ({ delivery }) => delivery.webhookOrigin ?? null,
};

/** The rows of the schema that say how targets are woken. */
export const deliverySettings: readonly Setting<unknown>[] = [
  cloudEvents,
  httpNotify,
  failLimit,
  backoffDuration,
  dropBad,
  deliveryConcurrency,
  deliveryPerHost,
  allowHttp,
  allowTargets,
  allowSelfSigned,
  webhookSecret,
  webhookOrigin,
  mqTimeout,
];

/** How targets are woken, and what follows from failures. */
export function readDeliverySettings(reader: SettingReader, findings: Findings): DeliverySettings {
  const settings: DeliverySettings = {
    defaultMode: reader.read(httpNotify) && !reader.read(cloudEvents) ? 'http' : 'cloudevents',
    failuresMax: reader.read(failLimit),
    quarantineMs: reader.read(backoffDuration),
    dropBad: reader.read(dropBad),
    concurrency: reader.read(deliveryConcurrency),
    concurrencyPerHost: reader.read(deliveryPerHost),
    allowHttp: reader.read(allowHttp),
    allowTargets: reader.read(allowTargets),
    allowSelfSigned: reader.read(allowSelfSigned),
    webhookSecrets: reader.read(webhookSecret),
    webhookOrigin: reader.read(webhookOrigin),
    queueManagerTimeoutMs: reader.read(mqTimeout),
  };
  if (reader.read(httpNotify) && reader.read(cloudEvents)) reader.noEffect(httpNotify, 'CLOUD_EVENTS is on');
  if (settings.dropBad) reader.noEffect(backoffDuration, 'DROP_BAD is on, so nothing is put into quarantine');
  if (settings.concurrencyPerHost > settings.concurrency)
    reader.noEffect(deliveryPerHost, `DELIVERY_CONCURRENCY is less: ${settings.concurrency}`);
  if (settings.allowTargets.some((target) => target.endsWith('/0')))
    findings.warn(allowTargets.name, 'permits every address, the metadata service included');
  return settings;
}
