import { accessSettings } from './access-settings.ts';
import { codeEngineSettings } from './code-engine-settings.ts';
import { cycleSettings } from './cycle-settings.ts';
import { dashboardSettings } from './dashboard-settings.ts';
import { deliverySettings } from './delivery-settings.ts';
import type { KnownKeys } from './environment-file.ts';
import { fanOutSettings } from './fan-out-settings.ts';
import { eventEndpointSettings } from './event-endpoint-settings.ts';
import { generalSettings } from './general-settings.ts';
import { natsSettings } from './nats-settings.ts';
import type { Setting } from './setting.ts';
import { slotSettings } from './slot-texts.ts';
import { storeSettings } from './store-settings.ts';

/** The whole schema but for the queue managers, whose rows are `slotSettings`. */
export const settings: readonly Setting<unknown>[] = [
  ...generalSettings,
  ...cycleSettings,
  ...fanOutSettings,
  ...deliverySettings,
  ...accessSettings,
  ...dashboardSettings,
  ...storeSettings,
  ...codeEngineSettings,
  ...natsSettings,
  ...eventEndpointSettings,
];

/** What `env.json` may hold, by the schema. */
export const knownKeys: KnownKeys = {
  slot: slotSettings,
  places: settings.flatMap(({ file }) => (file === undefined ? [] : [file])),
};
