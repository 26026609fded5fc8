import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cron } from '../../infra/deploy/cron.ts';
import { readFunctionList } from '../../local/function-list/read-function-list.ts';
import { inProcessIbmcloud } from '../support/ibmcloud.ts';
import {
  aCloud,
  emptyProject,
  type CloudState,
  type CronState,
  type ProjectState,
} from '../support/ibmcloud-state.ts';

const functions = readFunctionList(fileURLToPath(new URL('../..', import.meta.url)));

describe('timers without a record, as with Terraform', () => {
  const theirs = { ...timer('theirs', '* * * * *'), destinationType: 'app' };

  function aProject(crons: ProjectState['crons']): CloudState {
    const project = { ...emptyProject(), crons };
    for (const { name } of functions) project.functions[name] = { flags: {}, env: {}, references: [] };
    return aCloud({ projects: { 'mq-observer': project } });
  }

  const run = (state: CloudState, verb: 'apply' | 'remove'): Promise<void> =>
    cron(
      {
        ...{ env: {}, functions, ibmcloud: inProcessIbmcloud(state), dryRun: false },
        ...{ say: () => undefined, confirm: async () => true, readText: () => '' },
      },
      verb,
    );

  it.each([
    ['an application', theirs],
    ['an application of the name', { ...theirs, destination: 'persist' }],
    ['another function', timer('theirs', '* * * * *')],
  ])('are not those that have our names and call %s', async (_what, found) => {
    const state = aProject({
      'mq-observer-persist': found,
      'mq-observer-notify-cycle': timer('notify-cycle', '*/7 * * * *'),
    });
    await expect(run(state, 'apply')).rejects.toThrow(
      'not made by this command: subscription mq-observer-persist',
    );
    await run(state, 'remove');
    expect(state.projects['mq-observer']?.crons).toEqual({ 'mq-observer-persist': found });
  });

  it('go with a project that somebody has deleted', async () => {
    const state = aProject({});
    state.projectFields['mq-observer'] = { status: 'soft_deleted' };
    await run(state, 'remove');
    await expect(run(state, 'apply')).rejects.toThrow('Project mq-observer is deleted');
  });
});

function timer(destination: string, schedule: string): CronState {
  return { destination, destinationType: 'function', schedule, timeZone: 'UTC' };
}
