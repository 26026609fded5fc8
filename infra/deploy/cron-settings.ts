import type { CycleSettings, ExecutionMode } from '../../lib/platform/configuration/configuration.ts';
import { readCycleSettings } from '../../lib/platform/configuration/cycle-settings.ts';
import { emptyEnvironmentFile } from '../../lib/platform/configuration/environment-file.ts';
import { createFindings, type ConfigurationProblem } from '../../lib/platform/configuration/findings.ts';
import { readGeneralSettings, testMode } from '../../lib/platform/configuration/general-settings.ts';
import { createSettingReader, type Environment } from '../../lib/platform/configuration/setting-reader.ts';

export interface CronSettings {
  readonly cycles: CycleSettings;
  readonly mode: ExecutionMode;
  readonly problems: readonly ConfigurationProblem[];
}

/** When cycles run and which of them, of an environment that need not hold anything else: no password is needed for timers. */
export function readCronSettings(environment: Environment): CronSettings {
  const findings = createFindings();
  const given = { environment, file: emptyEnvironmentFile, findings };
  const underTest = createSettingReader({ ...given, underTest: false }).read(testMode);
  const reader = createSettingReader({ ...given, underTest });
  const cycles = readCycleSettings(reader);
  const { mode } = readGeneralSettings(reader);
  return { cycles, mode, problems: findings.problems() };
}
