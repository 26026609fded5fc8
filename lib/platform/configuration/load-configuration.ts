import { readAccessSettings } from './access-settings.ts';
import { readCodeEngineSettings } from './code-engine-settings.ts';
import type { Configuration } from './configuration.ts';
import { readCycleSettings } from './cycle-settings.ts';
import { readDashboardSettings } from './dashboard-settings.ts';
import { deepFreeze } from './deep-freeze.ts';
import { readDeliverySettings } from './delivery-settings.ts';
import { readFanOutSettings } from './fan-out-settings.ts';
import { readEventEndpoints } from './event-endpoint-settings.ts';
import { createFindings, type ConfigurationProblem } from './findings.ts';
import { readGeneralSettings, testMode } from './general-settings.ts';
import { readNatsSettings } from './nats-settings.ts';
import { switchOn } from './parse.ts';
import { createPemReader } from './pem.ts';
import { readQueueManagers } from './queue-manager-settings.ts';
import { readEnvironmentFile } from './read-environment-file.ts';
import { createSettingReader, textOf, type Environment } from './setting-reader.ts';
import { knownKeys } from './settings.ts';
import { readStoreSettings } from './store-settings.ts';

/** A configuration, deeply frozen; or everything that is wrong, one problem a key. */
export type LoadedConfiguration =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly problems: readonly ConfigurationProblem[] };

/**
 * Reads and validates the whole configuration: defaults, then `env.json`, then the environment, later ones winning.
 * Blank values count as not given. Looks at everything before it answers; never throws.
 * @param env the environment; names are case-sensitive.
 * @param readText gives a file's text and throws where it cannot, with the system's `code`. Called for `env.json`, and
 * for the files that `CA_FILE`, `CERT_FILE`, `KEY_FILE` and `NATS_CREDS` name.
 */
export function loadConfiguration(env: Environment, readText: (path: string) => string): LoadedConfiguration {
  const findings = createFindings();
  const file = readEnvironmentFile(env, readText, knownKeys, findings);
  const underTest = switchOn(textOf(env, testMode.name)?.text ?? '');
  const isTest = underTest.ok && underTest.value;
  const reader = createSettingReader({ environment: env, file, underTest: isTest, findings });
  const delivery = readDeliverySettings(reader, findings);
  const { allowSelfSigned } = delivery;
  const pem = createPemReader(readText);
  const store = readStoreSettings(reader, findings);
  const parts = {
    ...readGeneralSettings(reader),
    queueManagers: readQueueManagers(env, file, { reader, findings, pem, allowSelfSigned }),
    store,
    codeEngine: readCodeEngineSettings(reader, findings),
    nats: readNatsSettings(reader, findings, readText),
    cycles: readCycleSettings(reader),
    fanOut: readFanOutSettings(reader, store, findings),
    delivery,
    events: readEventEndpoints(reader, file, findings),
    access: readAccessSettings(reader, findings),
    dashboard: readDashboardSettings(reader),
  };
  const problems = findings.problems();
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, configuration: deepFreeze({ ...parts, warnings: findings.warnings() }) };
}
