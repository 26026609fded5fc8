import { readFileSync } from 'node:fs';
import type { Clock, Randomness } from '../lib/platform/clock.ts';
import type { Configuration } from '../lib/platform/configuration/configuration.ts';
import { loadConfiguration } from '../lib/platform/configuration/load-configuration.ts';
import { createErrorKernel, type ErrorKernel } from '../lib/errors/error-kernel.ts';
import { ERROR_TABLE } from '../lib/errors/error-table.ts';
import { parseToldCauses } from '../lib/errors/told-causes.ts';
import type { ConfigurationProblem } from '../lib/platform/configuration/findings.ts';
import { ProblemError, type Problem } from '../lib/platform/problem.ts';
import type { CrossOrigin } from '../lib/platform/function-call/cross-origin.ts';
import { serve, type Handler } from '../lib/platform/function-call/serve.ts';
import type { FunctionAnswer } from '../lib/platform/function-call/http-call.ts';
import { createLogger, type Logger } from '../lib/platform/logging.ts';
import { systemClock, systemRandomness } from '../lib/platform/system-clock.ts';

/** What every function is made of. */
export interface Runtime {
  /** Decides what follows from an error outside of a cycle's run, and tells the log of it. */
  readonly errors: ErrorKernel;
  readonly configuration: Configuration;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: Randomness;
}

/**
 * Makes a function's `main`: reads the configuration once, when the function is loaded, and builds the handler from it.
 * With a configuration that is wrong every call is answered with all that is wrong with it, by key.
 * @param crossOriginOf whose pages may call it besides those of its own origin; nobody's when not given.
 */
export function createMain(
  name: string,
  createHandler: (runtime: Runtime) => Handler,
  crossOriginOf: (configuration: Configuration) => CrossOrigin | undefined = () => undefined,
): (params: unknown) => Promise<FunctionAnswer> {
  const loaded = loadConfiguration(process.env, (path) => readFileSync(path, 'utf8'));
  const log = createLogger({
    level: loaded.ok ? loaded.configuration.logLevel : 'info',
    constant: { function: name },
    clock: systemClock,
    write: (line) => process.stdout.write(line),
  });
  const errors = createErrorKernel({
    table: ERROR_TABLE,
    clock: systemClock,
    log,
    told: parseToldCauses(undefined),
  });
  const failed = (error: unknown): void => void errors.handle('request', error);
  if (!loaded.ok) {
    const problem = refusal(loaded.problems);
    errors.handle('configuration', new ProblemError(problem));
    return serve(async () => ({ problem }), { log, clock: systemClock });
  }
  // All functions have the same remarks to make, and the local host makes them once for all.
  for (const warning of loaded.configuration.warnings) log.debug('configuration remark', { warning });
  const { configuration } = loaded;
  const runtime = { configuration, log, errors, clock: systemClock, random: systemRandomness };
  const crossOrigin = crossOriginOf(configuration);
  return serve(createHandler(runtime), {
    ...{ ...runtime, failed },
    ...(crossOrigin === undefined ? {} : { crossOrigin }),
  });
}

/** All that is wrong, by key. */
function refusal(problems: readonly ConfigurationProblem[]): Problem {
  return {
    code: 'misconfigured',
    detail: problems.map(({ key, message }) => `${key}: ${message}`).join('\n'),
    errors: problems.map(({ key, message }) => ({ field: key, message })),
  };
}
