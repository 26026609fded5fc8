import type { DashboardSettings } from './configuration.ts';
import { pageOrigin } from './network-names.ts';
import type { SettingReader } from './setting-reader.ts';
import type { Setting } from './setting.ts';

const registerUrl: Setting<string | undefined> = {
  name: 'DASHBOARD_REGISTER_URL',
  parse: pageOrigin,
  byDefault: undefined,
  about: 'Where the page of actuator finds register, when that has a URL of its own.',
  show: ({ dashboard }) => dashboard.registerUrl ?? null,
};

const origin: Setting<string | undefined> = {
  name: 'DASHBOARD_ORIGIN',
  parse: pageOrigin,
  byDefault: undefined,
  about: 'The one other origin whose pages register answers: that of actuator, when it has a URL of its own.',
  show: ({ dashboard }) => dashboard.origin ?? null,
};

/** The rows of the schema that join the page to the API where each function has a URL of its own. */
export const dashboardSettings: readonly Setting<unknown>[] = [registerUrl, origin];

/** How the page and the API find each other. */
export function readDashboardSettings(reader: SettingReader): DashboardSettings {
  return { registerUrl: reader.read(registerUrl), origin: reader.read(origin) };
}
