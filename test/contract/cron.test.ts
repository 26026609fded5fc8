import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { wantedSubscriptions } from '../../infra/deploy/cron-schedule.ts';
import { readCronSettings } from '../../infra/deploy/cron-settings.ts';
import { readNames } from '../../infra/deploy/names.ts';
import { settings } from '../../lib/platform/configuration/settings.ts';
import { readFunctionList } from '../../local/function-list/read-function-list.ts';
import { installIbmcloud, type InstalledIbmcloud } from '../support/ibmcloud.ts';
import { aCloud, emptyProject } from '../support/ibmcloud-state.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const functions = readFunctionList(ROOT);

function wanted(env: Readonly<Record<string, string>>) {
  return wantedSubscriptions(functions, readCronSettings(env), readNames(env, functions).names);
}

describe('the schedule of a subscription', () => {
  const scheduleOf = (env: Readonly<Record<string, string>>): string | undefined => {
    const { subscriptions, problems } = wanted(env);
    const [problem] = problems;
    return problem === undefined
      ? subscriptions.find(({ name }) => name === 'mq-observer-notify-cycle')?.schedule
      : `${problem.key} ${problem.message}`;
  };

  it.each([
    [{}, '*/5 * * * *'],
    [{ NOTIFY_INTERVAL: '1' }, '* * * * *'],
    [{ NOTIFY_INTERVAL: '30' }, '*/30 * * * *'],
    [{ NOTIFY_INTERVAL: '60' }, '0 * * * *'],
    [{ NOTIFY_INTERVAL: '120' }, '0 */2 * * *'],
    [{ NOTIFY_INTERVAL: '1440' }, '0 0 * * *'],
    [{ NOTIFY_SCHEDULE: '7 3 * * 1-5' }, '7 3 * * 1-5'],
  ])('follows %o', (env, schedule) => {
    expect(scheduleOf(env)).toBe(schedule);
  });

  it.each([
    [{ NOTIFY_INTERVAL: '7' }, /^NOTIFY_INTERVAL is 7 minutes/],
    [{ TEST: '1' }, /^TEST is on and asks for a cycle every 30 seconds/],
    [{ NOTIFY_INTERVAL: '90' }, /^NOTIFY_INTERVAL is 90 minutes/],
    [{ NOTIFY_SCHEDULE: '*/10 * * * * *' }, /^NOTIFY_SCHEDULE is .* with seconds/],
    [{ NOTIFY_SCHEDULE: '0 0 30 2 *' }, /^NOTIFY_SCHEDULE is .* no time that will ever come/],
  ])('cannot follow %o', (env, message) => {
    expect(scheduleOf(env)).toMatch(message);
  });

  it('depends on nothing that env.json can hold, so that it need not be read', () => {
    const read = functions.flatMap(({ triggers }) =>
      triggers.flatMap((one) => (one.kind === 'cron' ? [one.scheduleSetting, one.intervalSetting] : [])),
    );
    const all = [...read, 'TEST', 'ENABLE_RESERVATIONS', 'ENABLE_NOTIFICATIONS'];
    const found = settings.filter(({ name }) => all.includes(name));
    expect(found).toHaveLength(all.length);
    expect(found.filter(({ file }) => file !== undefined)).toEqual([]);
  });
});

describe('infra/cron.sh', () => {
  let dir: string;
  let cli: InstalledIbmcloud;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'cron-test-'));
    const project = emptyProject();
    for (const { name } of functions) project.functions[name] = { flags: {}, env: {}, references: [] };
    project.configmaps['mq-observer-deployed'] = { 'mq-observer-gone.cron': 'pending' };
    project.crons['mq-observer-gone'] = timer('gone', '* * * * *');
    project.crons['mq-observer-nightly'] = timer('persist', '0 3 * * *');
    project.crons['theirs'] = timer('theirs', '* * * * *');
    cli = await installIbmcloud(dir, aCloud({ projects: { 'mq-observer': project } }));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const cronSh = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    new Promise<{ readonly code: unknown; readonly text: string }>((resolve) => {
      execFile(
        join(ROOT, 'infra/cron.sh'),
        args,
        { cwd: dir, env: { ...cli.env, ...env } },
        (error, stdout, stderr) => resolve({ code: error === null ? 0 : error.code, text: stdout + stderr }),
      );
    });
  const crons = () => cli.state().projects['mq-observer']?.crons;
  const cronCalls = (): readonly string[] =>
    cli
      .state()
      .calls.map((args) => args.join(' '))
      .filter((call) => /cron (create|update|delete)/.test(call));

  it('makes, changes and removes subscriptions, its own only, and only those that differ', async () => {
    const first = await cronSh(['apply']);
    expect(first).toMatchObject({ code: 0 });
    const others = {
      theirs: timer('theirs', '* * * * *'),
      'mq-observer-nightly': timer('persist', '0 3 * * *'),
    };
    expect(crons()).toEqual({
      ...others,
      'mq-observer-notify-cycle': timer('notify-cycle', '*/5 * * * *'),
      'mq-observer-restore-cycle': timer('restore-cycle', '0 * * * *'),
      'mq-observer-persist': timer('persist', '*/10 * * * *'),
    });
    expect(cronCalls()).toHaveLength(4);
    await cronSh(['apply'], { NOTIFY_INTERVAL: '1' });
    expect(cronCalls()).toHaveLength(5);
    expect(cronCalls().at(-1)).toBe(
      'ce subscription cron update --name mq-observer-notify-cycle --destination notify-cycle --destination-type function --schedule * * * * * --time-zone UTC',
    );
    await cronSh(['remove']);
    expect(crons()).toEqual(others);
  }, 60_000);

  it.each([
    ['no verb', [], {}, 2, 'Usage: infra/cron.sh apply | remove'],
    ['an unknown verb', ['list'], {}, 2, 'Usage'],
    [
      'a project that is not there',
      ['apply'],
      { MQ_OBSERVER_PROJECT: 'other' },
      1,
      'There is no project other',
    ],
    [
      'an interval that cron cannot keep',
      ['apply'],
      { NOTIFY_INTERVAL: '7' },
      1,
      'NOTIFY_INTERVAL is 7 minutes',
    ],
  ])(
    'refuses %s, and changes nothing',
    async (_what, args, env, code, message) => {
      const before = crons();
      const ended = await cronSh(args, env);
      expect(ended).toMatchObject({ code });
      expect(ended.text).toContain(message);
      expect(crons()).toEqual(before);
    },
    60_000,
  );

  it('removes nothing from a project that is gone, without complaint', async () => {
    expect(await cronSh(['remove'], { MQ_OBSERVER_PROJECT: 'gone' })).toMatchObject({ code: 0 });
  }, 60_000);
});

function timer(destination: string, schedule: string) {
  return { destination, destinationType: 'function', schedule, timeZone: 'UTC' };
}

describe('the alternatives to subscriptions', () => {
  const { subscriptions } = wanted({});

  it('a PingSource for each subscription, with the default schedule', () => {
    const folder = join(ROOT, 'infra/pingsource');
    const manifests: unknown[] = readdirSync(folder).map((file) =>
      parse(readFileSync(join(folder, file), 'utf8')),
    );
    expect(manifests).toHaveLength(subscriptions.length);
    for (const { name, destination, schedule } of subscriptions)
      expect(manifests).toContainEqual({
        apiVersion: 'sources.knative.dev/v1',
        kind: 'PingSource',
        metadata: { name },
        spec: {
          schedule,
          timezone: 'UTC',
          sink: {
            ref: { apiVersion: 'codeengine.cloud.ibm.com/v1beta1', kind: 'Function', name: destination },
          },
        },
      });
  });

  it('an expression of Event Notifications for each function, with the default schedule', () => {
    const text = readFileSync(join(ROOT, 'infra/event-notifications/README.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `([a-z-]+)` +\| `([^`]+)` +\| `[A-Z_]+` +\|$/gm)].map(
      ([, name, schedule]) => [name, schedule],
    );
    expect(rows).toEqual(subscriptions.map(({ destination, schedule }) => [destination, schedule]));
  });
});
