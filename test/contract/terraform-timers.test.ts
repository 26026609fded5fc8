import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { wantedSubscriptions } from '../../infra/deploy/cron-schedule.ts';
import { readCronSettings } from '../../infra/deploy/cron-settings.ts';
import { readNames } from '../../infra/deploy/names.ts';
import { settings } from '../../lib/platform/configuration/settings.ts';
import { readFunctionList } from '../../local/function-list/read-function-list.ts';
import { conditionsOf, quotedIn, readTerraform } from '../support/terraform-deployment.ts';
import { bodiesOf, isBody, textOf, textsIn, type HclBody } from '../support/terraform-files.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const functions = readFunctionList(ROOT);
const { deployment } = await readTerraform(ROOT);
const { locals } = deployment;
const timers = deployment.body('resource', 'terraform_data', 'timers');
const home = deployment.body('resource', 'terraform_data', 'timers_home');
const known = new Set(settings.flatMap(({ name, env = [name] }) => env));

const runsOf = ({ provisioner }: HclBody): readonly HclBody[] =>
  isBody(provisioner) ? bodiesOf(provisioner['local-exec']) : [];

describe('the timers', () => {
  it('are made anew in place, and removed only when they move or go', () => {
    expect(runsOf(timers).map(({ command, when }) => [when, command])).toEqual([
      [undefined, '"$CRON_SCRIPT" apply'],
    ]);
    expect(runsOf(home).map(({ command, when }) => [when, command])).toEqual([
      ['${destroy}', '"$CRON_SCRIPT" remove'],
    ]);
    expect(home['triggers_replace']).toEqual({
      project: '${ibm_code_engine_project.observer.project_id}',
      prefix: '${var.prefix}',
    });
    expect(timers['triggers_replace']).toEqual({
      home: '${terraform_data.timers_home.id}',
      timers: '${local.timers}',
      settings: '${local.timer_settings}',
    });
  });

  it('are made by the script that is there, in the project and with the names of the functions', () => {
    expect(home['input']).toEqual({
      CRON_SCRIPT: '${path.module}/../cron.sh',
      MQ_OBSERVER_PROJECT: '${ibm_code_engine_project.observer.name}',
      MQ_OBSERVER_PREFIX: '${var.prefix}',
    });
    expect(() => accessSync(join(ROOT, 'infra', 'cron.sh'), constants.X_OK)).not.toThrow();
    expect(runsOf(home).map(({ environment }) => environment)).toEqual(['${self.input}']);
  });

  it('follow the settings, and not the shell of whoever applies', () => {
    const [environment = ''] = runsOf(timers).flatMap((run) => textsIn(run['environment']));
    expect(environment).toContain('merge(terraform_data.timers_home.output, local.timer_settings)');
    const crons = functions.flatMap(({ triggers }) => triggers.filter(({ kind }) => kind === 'cron'));
    for (const attribute of ['scheduleSetting', 'intervalSetting']) {
      expect(locals['timer_settings']).toContain(`local.timers[*].${attribute}`);
      for (const cron of crons) expect(cron).toHaveProperty(attribute);
    }
    expect(quotedIn(locals['timer_settings']).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('what cron cannot keep is refused while the timers are still there', () => {
  const { names } = readNames({}, functions);
  const isKept = (env: Readonly<Record<string, string>>): boolean => {
    const read = readCronSettings(env);
    return [...read.problems, ...wantedSubscriptions(functions, read, names).problems].length === 0;
  };
  const conditions = conditionsOf(deployment, 'settings').join('\n');

  it('as an interval', () => {
    const kept = Array.from({ length: 3_000 }, (_, index) => String(index + 1)).filter((minutes) =>
      isKept({ NOTIFY_INTERVAL: minutes }),
    );
    expect(locals['kept_intervals']).toEqual(kept);
    expect(conditions).toMatch(/local\.kept_intervals.*var\.settings, timer\.intervalSetting/);
  });

  it.each(['*/5 * * * *', '0 6-20 * * mon-fri', '0 */5 * * * *', '* * * *', '5'])(
    'as a schedule: %s',
    (text) => {
      const pattern = new RegExp(textOf(locals['kept_schedule']));
      expect(pattern.test(text)).toBe(isKept({ NOTIFY_SCHEDULE: text }));
      expect(conditions).toMatch(/local\.kept_schedule.*var\.settings, timer\.scheduleSetting/);
    },
  );
});
