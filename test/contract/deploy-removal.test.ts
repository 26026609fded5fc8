import { describe, expect, it } from 'vitest';
import { changesIn, deployed, projectOf, run, runUndeploy } from '../support/ibmcloud-deployments.ts';
import { SETTINGS } from '../support/ibmcloud-settings.ts';
import { aCloud, emptyProject } from '../support/ibmcloud-state.ts';

describe('undeploy', () => {
  it('removes what was deployed and nothing else', async () => {
    const state = await deployed();
    const project = projectOf(state) ?? emptyProject();
    const theirs = { flags: {}, env: {}, references: [] };
    project.functions['theirs'] = theirs;
    project.secrets['theirs'] = { a: 'b' };
    project.configmaps['theirs'] = { a: 'b' };
    const timer = {
      destination: 'theirs',
      destinationType: 'function',
      schedule: '* * * * *',
      timeZone: 'UTC',
    };
    project.crons['mq-observer-nightly'] = timer;
    await runUndeploy(state);
    expect(projectOf(state)).toEqual({
      functions: { theirs },
      secrets: { theirs: { a: 'b' } },
      configmaps: { theirs: { a: 'b' } },
      crons: { 'mq-observer-nightly': timer },
    });
    changesIn(state);
    await runUndeploy(state);
    expect(changesIn(state)).toEqual([]);
  });

  it('leaves another deployment in the same project alone', async () => {
    const state = aCloud();
    await run(state, { env: { ...SETTINGS, MQ_OBSERVER_PREFIX: 'test-' } });
    const before = structuredClone(projectOf(state));
    await run(state);
    await runUndeploy(state);
    expect(projectOf(state)).toEqual(before);
  });

  it('goes on after a failure at any step', async () => {
    const complete = await deployed();
    const start = structuredClone(complete);
    await runUndeploy(complete);
    const calls = complete.calls.length;
    for (let failAt = 1; failAt <= calls; failAt++) {
      const state = { ...structuredClone(start), failAt, failsAfterwards: failAt % 2 === 0 };
      await expect(runUndeploy(state), `call ${failAt}`).rejects.toThrow('FAILED');
      await runUndeploy(state);
      expect(projectOf(state), `call ${failAt}`).toEqual(emptyProject());
    }
  });

  it('deletes the project only when asked to', async () => {
    const state = await deployed();
    await runUndeploy(state, { withProject: true });
    expect(state.projects).toEqual({});
  });

  it.each([
    ['is deleted already', { status: 'soft_deleted' }, 'is deleted'],
    ['is in another resource group', { resource_group_id: 'g2' }, 'in another resource group than Default'],
  ])('never deletes a project that %s', async (_what, fields, message) => {
    const state = { ...(await deployed()), projectFields: { 'mq-observer': fields } };
    await expect(runUndeploy(state, { withProject: true })).rejects.toThrow(message);
    expect(changesIn(state)).toEqual([]);
  });

  it('never deletes a project of another region', async () => {
    const state = { ...(await deployed()), projectFields: { 'mq-observer': { region_id: 'us-south' } } };
    await runUndeploy(state, { withProject: true });
    expect(changesIn(state)).toEqual([]);
  });

  it('never deletes a project without a record of ours', async () => {
    const state = aCloud({ projects: { 'mq-observer': emptyProject() } });
    await expect(runUndeploy(state, { withProject: true })).rejects.toThrow(
      'no configmap mq-observer-deployed',
    );
    expect(changesIn(state)).toEqual([]);
  });

  it.each([
    [{ loggedIn: false }, 'Not logged in'],
    [{ region: null }, 'No region is targeted'],
  ])('removes nothing when %o', async (cloud, message) => {
    const state = { ...(await deployed()), ...cloud };
    const before = structuredClone(state.projects);
    await expect(runUndeploy(state)).rejects.toThrow(message);
    expect(state.projects).toEqual(before);
  });
});
