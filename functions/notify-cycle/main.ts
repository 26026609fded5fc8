import { composeNotify, composeRangeVerifier } from '../compose.ts';
import { createMain } from '../runtime.ts';
import { createNotifyHandler } from './handler.ts';

/** Code Engine calls this, by cron or by hand. */
export const main = createMain('notify-cycle', (runtime) =>
  createNotifyHandler({
    ...composeNotify(runtime),
    isOwnRequest: composeRangeVerifier(runtime),
    errors: runtime.errors,
    mode: runtime.configuration.mode,
  }),
);
