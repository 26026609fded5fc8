import { ApiError, type Api } from '../api.ts';
import type { AddCommands } from '../command-context.ts';
import { stateOf } from '../format/registrations.ts';
import { formatStatus, isUp, type Status } from '../format/status.ts';
import { askObserver } from '../observer-command.ts';
import { registrationsOf } from '../paging.ts';

const NOT_UP = 503;

/** `status`. */
export const addStatus: AddCommands = (program, context) => {
  const status = program
    .command('status')
    .description('Tells health, registrations by state and the last cycles; ends with 1 unless all is UP.')
    .option(
      '--actuator-url <url>',
      'its function actuator, where that has a URL of its own (MQ_OBSERVER_ACTUATOR_URL)',
    );
  askObserver(status, context, async ({ api, print }) => {
    const { body: health } = await api.call({
      method: 'GET',
      path: '/actuator/health',
      form: ['status', 'text'],
      alsoTaken: NOT_UP,
    });
    const registrations = await countByState(api);
    print({ health, registrations }, (style) => formatStatus({ health, registrations }, style));
    return isUp(health) ? 0 : 1;
  });
};

/** What hinders counting is told in place of the counts: the health is known all the same. */
async function countByState(api: Api): Promise<Status['registrations']> {
  const counts: Record<string, number> = { active: 0, quarantined: 0, retired: 0 };
  try {
    for (const registration of await registrationsOf(api, '/register?limit=1000')) {
      const state = stateOf(registration);
      counts[state] = (counts[state] ?? 0) + 1;
    }
    return counts;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.message;
  }
}
