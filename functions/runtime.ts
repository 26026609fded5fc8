import { readFileSync } from 'node:fs';
import type { Clock, Randomness } from '../lib/platform/clock.ts';
import type { Configuration } from '../lib/platform/configuration/configuration.ts';
import { loadConfiguration } from '../lib/platform/configuration/load-configuration.ts';
import { serve, type Handler } from '../lib/platform/function-call/serve.ts';
import type { FunctionAnswer } from '../lib/platform/function-call/http-call.ts';
import { createLogger, type Logger } from '../lib/platform/logging.ts';
import { systemClock, systemRandomness } from '../lib/platform/system-clock.ts';

/** What every function is made of. */
export interface Runtime {
  readonly configuration: Configuration;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: Randomness;
}

/**
 * Makes a function's `main`: reads the configuration once, when the function is loaded, and builds the handler from it.
 * With a configuration that is wrong every call is answered with all that is wrong with it, by key.
 */
export function createMain(
  name: string,
  createHandler: (runtime: Runtime) => Handler,
): (params: unknown) => Promise<FunctionAnswer> {
  const loaded = loadConfiguration(process.env, (path) => readFileSync(path, 'utf8'));
  const log = createLogger({
    level: loaded.ok ? loaded.configuration.logLevel : 'info',
    constant: { function: name },
    clock: systemClock,
    write: (line) => process.stdout.write(line),
  });
  if (!loaded.ok) {
    const { problems } = loaded;
    log.warn('configuration refused', { problems });
    const errors = problems.map(({ key, message }) => ({ field: key, message }));
    const detail = problems.map(({ key, message }) => `${key}: ${message}`).join('\n');
    return serve(async () => ({ problem: { code: 'misconfigured', detail, errors } }), {
      log,
      clock: systemClock,
    });
  }
  // All functions have the same remarks to make, and the local host makes them once for all.
  for (const warning of loaded.configuration.warnings) log.debug('configuration remark', { warning });
  const runtime = { configuration: loaded.configuration, log, clock: systemClock, random: systemRandomness };
  return serve(createHandler(runtime), runtime);
}
