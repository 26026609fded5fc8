import { composeCycle } from '../compose.ts';
import { createMain } from '../runtime.ts';
import { createPersistHandler } from './handler.ts';

/** Code Engine calls this, by cron or by hand. */
export const main = createMain('persist', (runtime) =>
  createPersistHandler({
    ...composeCycle(runtime),
    errors: runtime.errors,
    mode: runtime.configuration.mode,
  }),
);
