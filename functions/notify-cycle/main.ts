import { composeNotify } from '../compose.ts';
import { createMain } from '../runtime.ts';
import { createNotifyHandler } from './handler.ts';

/** Code Engine calls this, by cron or by hand. */
export const main = createMain('notify-cycle', (runtime) =>
  createNotifyHandler({ ...composeNotify(runtime), mode: runtime.configuration.mode }),
);
