import { describe, expect, it } from 'vitest';
import {
  changesIn,
  deployed,
  functions,
  lines,
  projectOf,
  run,
  runUndeploy,
  writeBundle,
} from '../support/ibmcloud-deployments.ts';
import { SETTINGS } from '../support/ibmcloud-settings.ts';
import { aCloud, emptyProject, type CloudState, type CronState } from '../support/ibmcloud-state.ts';

describe('a second deployment', () => {
  it('changes nothing when nothing changed', async () => {
    const state = await deployed();
    await run(state);
    expect(changesIn(state)).toEqual([]);
    expect(lines.join('\n')).toContain('nothing: everything is as it should be');
  });

  it('updates the one subscription whose interval changed', async () => {
    const state = await deployed();
    await run(state, { env: { ...SETTINGS, NOTIFY_INTERVAL: '2' } });
    const changes = changesIn(state).map((one) => one.split(' --')[0]);
    expect(changes.filter((one) => one?.includes('cron'))).toEqual(['ce subscription cron update']);
    expect(projectOf(state)?.crons['mq-observer-notify-cycle']).toEqual(
      aTimer('notify-cycle', '*/2 * * * *'),
    );
  });

  it('updates the one function whose code changed', async () => {
    const state = await deployed();
    writeBundle('persist', '2');
    await run(state);
    expect(changesIn(state).map((one) => one.split(' --')[0])).toEqual([
      'ce configmap update',
      'ce function update',
      'ce configmap update',
    ]);
  });

  it('sets and removes keys of secrets and settings by name', async () => {
    const state = await deployed();
    const { REGISTER_TOKENS: _, ...others } = SETTINGS;
    await run(state, { env: { ...others, ADMIN_PASSWORD: 'another-password' }, removeSecrets: true });
    expect(changesIn(state)[0]).toMatch(
      /^ce secret update --name mq-observer-secrets --from-file ADMIN_PASSWORD0=\S+ --rm REGISTER_TOKENS$/,
    );
    expect(lines.join('\n')).toContain('set ADMIN_PASSWORD0; remove REGISTER_TOKENS');
  });

  it('refuses to take a secret away that this shell does not set, unless asked to', async () => {
    const state = aCloud();
    await run(state, { env: { ...SETTINGS, WEBHOOK_SECRET: `whsec_${'A'.repeat(43)}=` } });
    changesIn(state);
    await expect(run(state)).rejects.toThrow('holds WEBHOOK_SECRET, which this shell does not set');
    expect(changesIn(state)).toEqual([]);
    await run(state, { removeSecrets: true });
    expect(projectOf(state)?.secrets['mq-observer-secrets']).toEqual(
      projectOf(await deployed())?.secrets['mq-observer-secrets'],
    );
  });

  it('makes every function start anew when a setting or a secret changed, without building it', async () => {
    const state = await deployed();
    for (const env of [{ LOG_LEVEL: 'debug' }, { ADMIN_PASSWORD: 'another-password' }]) {
      const before = hashOf(state);
      await run(state, { env: { ...SETTINGS, ...env } });
      const updates = changesIn(state).filter((one) => one.startsWith('ce function update'));
      expect(updates).toEqual(
        functions.map(
          ({ name }) => `ce function update --name ${name} --env MQ_OBSERVER_SETTINGS=${hashOf(state)}`,
        ),
      );
      expect(hashOf(state)).not.toBe(before);
    }
  });

  it('says nothing of a password by the hash: another salt, another hash', async () => {
    const [one, other] = [await deployed(), aCloud()];
    const project = emptyProject();
    project.configmaps['mq-observer-deployed'] = {};
    project.secrets['mq-observer-secrets'] = { MQ_OBSERVER_SALT: 'another' };
    other.projects['mq-observer'] = project;
    await run(other);
    expect(project.secrets['mq-observer-secrets']?.['MQ_OBSERVER_SALT']).toBe('another');
    expect(hashOf(other)).not.toBe(hashOf(one));
  });

  it('removes timers that the execution mode does not let fire', async () => {
    const state = await deployed();
    await run(state, { env: { ...SETTINGS, ENABLE_RESERVATIONS: '1' } });
    expect(Object.keys(projectOf(state)?.crons ?? {})).toEqual(['mq-observer-persist']);
  });

  it('removes a timer that an earlier version made, and leaves those of others alone', async () => {
    const state = await deployed();
    const project = projectOf(state) ?? emptyProject();
    project.crons['mq-observer-gone'] = aTimer('gone', '* * * * *');
    project.crons['mq-observer-nightly'] = aTimer('persist', '0 3 * * *');
    project.configmaps['mq-observer-deployed'] = {
      ...project.configmaps['mq-observer-deployed'],
      'mq-observer-gone.cron': 'pending',
    };
    await run(state);
    expect(changesIn(state)).toEqual([
      'ce subscription cron delete --name mq-observer-gone --force --ignore-not-found',
    ]);
  });

  it('records a timer that a new version has before it makes it', async () => {
    const state = await deployed();
    const project = projectOf(state) ?? emptyProject();
    const { 'mq-observer-persist.cron': _, ...older } = project.configmaps['mq-observer-deployed'] ?? {};
    project.configmaps['mq-observer-deployed'] = older;
    delete project.crons['mq-observer-persist'];
    await run(state);
    expect(changesIn(state).map((one) => one.split(' --')[0])).toEqual([
      'ce configmap update',
      'ce subscription cron create',
    ]);
    await runUndeploy(state);
    expect(project.crons).toEqual({});
  });

  it('sets a timer again that calls something else by the same name', async () => {
    const state = await deployed();
    const project = projectOf(state) ?? emptyProject();
    project.crons['mq-observer-persist'] = {
      ...aTimer('persist', '*/10 * * * *'),
      destinationType: 'app',
    };
    await run(state);
    expect(project.crons['mq-observer-persist']).toEqual(aTimer('persist', '*/10 * * * *'));
  });
});

function hashOf(state: CloudState): string | undefined {
  return projectOf(state)?.functions['persist']?.env['MQ_OBSERVER_SETTINGS'];
}

function aTimer(destination: string, schedule: string): CronState {
  return { destination, destinationType: 'function', schedule, timeZone: 'UTC' };
}
