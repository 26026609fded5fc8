import { X509Certificate } from 'node:crypto';
import type { Configuration, QueueManagerSettings } from './configuration.ts';
import type { Json } from './setting.ts';
import { settings } from './settings.ts';
import { masked } from './show.ts';

/** The effective configuration for people and for JSON: settings by name, durations in ISO 8601, secrets masked. */
export interface DescribedConfiguration {
  readonly settings: { readonly [name: string]: Json };
  readonly queue_managers: readonly { readonly [key: string]: Json }[];
  readonly warnings: readonly string[];
}

/** What is in force, by the schema. Holds no secret; null stands for what is not set. */
export function describeConfiguration(configuration: Configuration): DescribedConfiguration {
  const shown = settings.flatMap(({ name, show }) =>
    show === undefined ? [] : [[name, show(configuration)] as const],
  );
  return {
    settings: Object.fromEntries(shown),
    queue_managers: configuration.queueManagers.map(describeQueueManager),
    warnings: configuration.warnings,
  };
}

function describeQueueManager({
  qmgr,
  baseUrls,
  api,
  login,
  gateway,
  trust,
}: QueueManagerSettings): DescribedConfiguration['queue_managers'][number] {
  const { user, password } = login.kind === 'certificate' ? {} : login;
  return {
    qmgr,
    urls: baseUrls,
    api,
    login: login.kind,
    user: user === '' || user === undefined ? null : user,
    password: masked(password),
    gateway: gateway ?? null,
    allow_self_signed: trust.allowSelfSigned,
    // Whole bundles are common: too long to list.
    ca: trust.ca === undefined ? null : 'PEM',
    certificate: trust.certificate === undefined ? null : describeCertificate(trust.certificate.cert),
    key: masked(trust.certificate?.key),
  };
}

function describeCertificate(pem: string): Json {
  // Names may all stand among the alternatives, and then there is no subject, whatever the types say.
  const { subject, validTo }: { readonly subject?: string; readonly validTo: string } = new X509Certificate(
    pem,
  );
  return { subject: subject?.replaceAll('\n', ', ') ?? null, expires: new Date(validTo).toJSON() };
}
