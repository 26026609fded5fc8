import { composeCycle } from '../compose.ts';
import { createMain } from '../runtime.ts';
import { createRestoreHandler } from './handler.ts';

/** Code Engine calls this, by cron or by hand. */
export const main = createMain('restore-cycle', (runtime) =>
  createRestoreHandler({
    ...composeCycle(runtime),
    errors: runtime.errors,
    mode: runtime.configuration.mode,
  }),
);
