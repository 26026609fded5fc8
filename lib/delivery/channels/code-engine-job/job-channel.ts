import type { Clock } from '../../../platform/clock.ts';
import type { CodeEngineSettings } from '../../../platform/configuration/configuration.ts';
import type { Logger } from '../../../platform/logging.ts';
import { parseTarget } from '../../../registration/target.ts';
import type { Channel } from '../../channel.ts';
import { failureOf, resultOf } from './call-failure.ts';
import type { CodeEngineApi } from './code-engine-api.ts';
import { createJobDirectory } from './job-directory.ts';
import { createJobStarter } from './job-starter.ts';
import { within } from './time-limit.ts';

/** What it takes to wake jobs. */
export interface JobChannelDeps {
  readonly settings: Pick<CodeEngineSettings, 'ownProject' | 'regions' | 'refreshIntervalMs'>;
  /** The API of a region; called once per region. */
  readonly connect: (region: string) => CodeEngineApi;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Wakes a Code Engine job by starting a run of it, one per wake-up whatever is repeated. While a run that it started for
 * the registration is not over, nothing is started, unless the registration wants that. What it knows of jobs lives as long
 * as the channel.
 */
export function createJobChannel({ settings, connect, clock, log }: JobChannelDeps): Channel {
  const { nowMs } = clock;
  const apis = new Map<string, CodeEngineApi>();
  const api = (region: string): CodeEngineApi => {
    const made = apis.get(region) ?? connect(region);
    apis.set(region, made);
    return made;
  };
  const directory = createJobDirectory({ settings, api, nowMs });
  const start = createJobStarter({ directory, api, nowMs, log });

  return {
    attempt: async (wakeUp, limits) => {
      const parsed = parseTarget(wakeUp.registration.notify);
      if (!parsed.ok || parsed.target.kind !== 'job')
        return { kind: 'impossible', message: 'the target is not the name of a job' };
      const { target } = parsed;
      try {
        return await within(limits, async (signal) => start(wakeUp, target, { ...limits, signal }));
      } catch (error) {
        return resultOf(failureOf(error, 'Code Engine', nowMs()));
      }
    },
  };
}
