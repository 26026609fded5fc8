import { describe, expect, it } from 'vitest';
import { changesIn, lines, run, withoutCalls } from '../support/ibmcloud-deployments.ts';
import { SECRETS, SETTINGS } from '../support/ibmcloud-settings.ts';
import { aCloud, emptyProject } from '../support/ibmcloud-state.ts';

describe('a failure in the middle', () => {
  it.each([false, true])(
    'at any step leaves what the next run completes (after the work: %s)',
    async (late) => {
      const complete = aCloud();
      await run(complete);
      expect(complete.calls.length).toBeGreaterThan(30);
      for (let failAt = 1; failAt <= complete.calls.length; failAt++) {
        const state = aCloud({ failAt, failsAfterwards: late });
        await expect(run(state), `call ${failAt}`).rejects.toThrow('FAILED');
        await run(state);
        expect(withoutCalls(state), `call ${failAt}`).toEqual(withoutCalls(complete));
        state.failAt = null;
        changesIn(state);
        await run(state);
        expect(changesIn(state), `call ${failAt}`).toEqual([]);
      }
    },
  );

  it('says what was done, what was not, and what to do', async () => {
    const state = aCloud({ failAt: 12 });
    const said = await run(state).then(() => '', String);
    expect(said).toContain('Failed at: create function register');
    expect(said).toMatch(/Done, and stays:\n {2}create project mq-observer/);
    expect(said).toMatch(/Not done:\n {2}create function notify-cycle[^]*subscription mq-observer-persist/);
    expect(said).toContain('run the same command again');
  });
});

describe('before anything is changed', () => {
  it.each([
    ['nobody is logged in', { loggedIn: false }, {}, 'Not logged in'],
    ['no region is targeted', { region: null }, {}, 'No region is targeted'],
    ['no resource group is targeted', { resourceGroup: null }, {}, 'No resource group is targeted'],
    ['the plug-in is too old', { plugin: '1.49.9' }, {}, 'plugin update code-engine'],
    [
      'the runtime is another one',
      {},
      { MQ_OBSERVER_RUNTIME: 'nodejs-20' },
      'expected nodejs-24 or nodejs-22',
    ],
    ['a variable is wrong', {}, { NOTIFY_INTERVAL: 'soon' }, 'NOTIFY_INTERVAL is "soon"'],
    ['there is no token for operators', {}, { ADMIN_TOKENS: '' }, 'ADMIN_TOKENS is not set'],
    ['intervals are those of trials', {}, { TEST: '1' }, 'TEST is on and asks for a cycle every 30 seconds'],
    ['the name of the project is an option', {}, { MQ_OBSERVER_PROJECT: '--force' }, 'MQ_OBSERVER_PROJECT'],
    ['an interval cannot be kept', {}, { NOTIFY_INTERVAL: '7' }, 'cannot keep'],
    ['a schedule has seconds', {}, { NOTIFY_SCHEDULE: '*/10 * * * * *' }, 'once a minute at most'],
    ['there is no bucket', {}, { NO_COS: '1' }, 'expected a bucket'],
    ['a name is impossible', {}, { MQ_OBSERVER_PREFIX: 'A_' }, 'MQ_OBSERVER_PREFIX'],
    ['a file is named that a function cannot have', {}, { CA_FILE: '/nowhere/ca.pem' }, 'CA_FILE'],
  ])('it refuses when %s', async (_what, cloud, env, message) => {
    const state = aCloud(cloud);
    const said = await run(state, { env: { ...SETTINGS, ...env } }).then(() => '', String);
    expect(said).toContain(message);
    for (const value of Object.values(SECRETS)) expect(said).not.toContain(value);
    expect(changesIn(state)).toEqual([]);
    expect(state.projects).toEqual({});
  });

  it('it refuses when the platform does not offer the runtime', async () => {
    const state = aCloud({ runtimes: ['nodejs-26'], projects: { 'mq-observer': emptyProject() } });
    await expect(run(state)).rejects.toThrow('does not list nodejs-24');
    expect(changesIn(state)).toEqual([]);
  });

  it('it refuses to take over what it did not make', async () => {
    const theirs = emptyProject();
    theirs.functions['actuator'] = { flags: {}, env: {}, references: [] };
    const state = aCloud({ projects: { 'mq-observer': theirs } });
    await expect(run(state)).rejects.toThrow('not made by this command: function actuator');
    expect(changesIn(state)).toEqual([]);
  });

  it('it refuses to take over a timer that it did not make', async () => {
    const theirs = emptyProject();
    theirs.crons['mq-observer-persist'] = {
      ...{ destination: 'theirs', destinationType: 'app', schedule: '* * * * *', timeZone: 'UTC' },
    };
    const state = aCloud({ projects: { 'mq-observer': theirs } });
    await expect(run(state)).rejects.toThrow('not made by this command: subscription mq-observer-persist');
    expect(changesIn(state)).toEqual([]);
  });

  it('it refuses a project that is deleted', async () => {
    const state = aCloud({
      projects: { 'mq-observer': emptyProject() },
      projectFields: { 'mq-observer': { status: 'soft_deleted' } },
    });
    await expect(run(state)).rejects.toThrow('ibmcloud ce project restore');
    expect(changesIn(state)).toEqual([]);
  });

  it('it says so when the CLI cannot tell which project is selected', async () => {
    // The last of the calls with which a deployment begins: plug-in, target, list, select, current.
    const state = aCloud({ projects: { 'mq-observer': emptyProject() }, failAt: 5 });
    await expect(run(state)).rejects.toThrow('ibmcloud ce project current --help');
    expect(changesIn(state)).toEqual([]);
  });

  it('it does nothing on a dry run, and nothing when the answer is no', async () => {
    const state = aCloud();
    await run(state, { dryRun: true });
    expect(lines.join('\n')).toContain('create function register');
    await expect(run(state, { yes: false })).rejects.toThrow('Nothing was changed');
    expect(changesIn(state)).toEqual([]);
  });
});
