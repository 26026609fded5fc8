import type { CodeEngineSettings } from '../../../platform/configuration/configuration.ts';
import type { Channel } from '../../channel.ts';
import { createJobChannel, type JobChannelDeps } from './job-channel.ts';
import { createSignIn } from './sign-in.ts';
import { createThinClient } from './thin-client.ts';

/**
 * Puts the adapter together for the configured credentials. Loading this file loads the SDK: it takes a tenth of a second.
 * @throws {Error} where no credentials are configured
 */
export function connectCodeEngineJobs(
  settings: CodeEngineSettings,
  deps: Pick<JobChannelDeps, 'clock' | 'log'>,
): Channel {
  const signIn = createSignIn(settings);
  return createJobChannel({
    ...deps,
    settings,
    connect: (region) => createThinClient(settings.apiEndpoint.replaceAll('{region}', region), signIn),
  });
}
