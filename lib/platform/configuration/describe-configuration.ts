import type { Configuration } from './configuration.ts';
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
    queue_managers: configuration.queueManagers.map((queueManager) => ({
      qmgr: queueManager.qmgr,
      url: queueManager.baseUrl,
      user: queueManager.user === '' ? null : queueManager.user,
      password: masked(queueManager.password),
      allow_self_signed: queueManager.allowSelfSigned,
    })),
    warnings: configuration.warnings,
  };
}
