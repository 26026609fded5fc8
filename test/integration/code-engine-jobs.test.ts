import { afterEach, describe, expect, it } from 'vitest';
import type { AttemptResult, Channel, WakeUp } from '../../lib/delivery/channel.ts';
import {
  aLog,
  attempt,
  aWakeUp,
} from '../../lib/delivery/channels/code-engine-job/code-engine-test-support.ts';
import { connectCodeEngineJobs } from '../../lib/delivery/channels/code-engine-job/connect-code-engine-jobs.ts';
import { runNameOf } from '../../lib/delivery/channels/code-engine-job/run-plan.ts';
import type { CodeEngineSettings } from '../../lib/platform/configuration/configuration.ts';
import { secret } from '../../lib/platform/secret.ts';
import {
  startCodeEngineSimulator,
  type CodeEngineSimulator,
  type CodeEngineSimulatorOptions,
} from '../../local/simulators/code-engine/code-engine-simulator.ts';
import { SWITCHES } from '../../local/simulators/code-engine/switches.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

let simulator: CodeEngineSimulator | undefined;

afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const home = { id: 'home-id', name: 'home', region: 'eu-de', jobs: { orders: { runMs: HOUR_MS } } };

/** A simulator, and a channel over real connections to it; both go by one clock that is moved by hand. */
async function start(
  options: CodeEngineSimulatorOptions = {},
  settings: Partial<CodeEngineSettings> = {},
): Promise<{
  readonly engine: CodeEngineSimulator;
  readonly channel: Channel;
  readonly another: () => Channel;
  readonly clock: ReturnType<typeof createVirtualClock>;
}> {
  const clock = createVirtualClock(Date.now());
  const engine = await startCodeEngineSimulator({ projects: [home], clock, ...options });
  simulator = engine;
  const another = (): Channel =>
    connectCodeEngineJobs(
      {
        credentials: { kind: 'api-key', apiKey: secret('api-key') },
        authEndpoint: engine.iamUrl,
        clientId: 'bx',
        clientSecret: secret('bx'),
        apiEndpoint: engine.apiEndpoint,
        ownProject: { id: home.id, region: home.region },
        regions: [],
        refreshIntervalMs: 600_000,
        ...settings,
      },
      { clock, log: aLog() },
    );
  return { engine, channel: another(), another, clock };
}

const accepted = (wakeUp: WakeUp): AttemptResult => ({ kind: 'accepted', run: runNameOf(wakeUp) });
const first = aWakeUp({ depth: 25, job: { messages_per_instance: 10 } });
const next = aWakeUp({ lastWokenAtMs: 1 });

describe('a job over the wire', () => {
  it('is started with what it is told, held back while it runs, and started again', async () => {
    const { engine, channel } = await start();
    await expect(attempt(channel, first)).resolves.toEqual(accepted(first));
    expect(JSON.parse(engine.journal('createJobRun')[0]?.body ?? '')).toEqual({
      job_name: 'orders',
      name: runNameOf(first),
      run_env_variables: [
        { type: 'literal', name: 'CE_QMGR', value: 'QM1' },
        { type: 'literal', name: 'CE_QUEUE', value: 'DEV.QUEUE.1' },
        { type: 'literal', name: 'CE_DEPTH', value: '25' },
        { type: 'literal', name: 'ID', value: 'registration-1' },
        { type: 'literal', name: 'notification', value: 'messages found on queue' },
      ],
      scale_array_spec: '0-2',
    });
    await expect(attempt(channel, next)).resolves.toMatchObject({ kind: 'held', reason: 'job_running' });
    engine.finishRun(home.id, runNameOf(first));
    await expect(attempt(channel, next)).resolves.toEqual(accepted(next));
    expect(engine.runs(home.id).map(({ name }) => name)).toEqual([runNameOf(next)]);
  });

  it('is started once by two cycles that overlap', async () => {
    const { engine, another } = await start();
    const results = await Promise.all([another(), another()].map(async (channel) => attempt(channel, first)));
    expect(results).toEqual([accepted(first), accepted(first)]);
    expect(engine.runs(home.id)).toHaveLength(1);
  });

  it('is found in another region, while one is down', async () => {
    const far = { ...home, id: 'far-id', name: 'far', region: 'us-south', jobs: { bills: {} } };
    const { engine, channel, clock } = await start(
      { projects: [home, far], regions: ['jp-tok'] },
      { ownProject: undefined, regions: ['eu-de', 'us-south', 'jp-tok'] },
    );
    engine.setRegion('eu-de', 'unavailable');
    engine.setRegion('jp-tok', 'unreachable');
    const wakeUp = aWakeUp({ notify: 'bills' });
    await expect(attempt(channel, wakeUp)).resolves.toEqual(accepted(wakeUp));
    await expect(attempt(channel)).resolves.toMatchObject({ kind: 'refused', mayPass: true });
    engine.setRegion('eu-de', 'up');
    clock.advance(30_000);
    await expect(attempt(channel)).resolves.toMatchObject({ kind: 'accepted' });
  });

  it('is started although the token expires in the middle', async () => {
    const { engine, channel } = await start();
    engine.addFault({ fault: 'expireTokens', operation: 'createJobRun', calls: 1 });
    await expect(attempt(channel, first)).resolves.toEqual(accepted(first));
    expect(engine.runs(home.id)).toHaveLength(1);
  });

  it.each([
    ['token', { apiKeys: [{ apiKey: 'another' }] }, 'misconfigured', 'no token: IAM answered 40'],
    ['right', { apiKeys: [{ apiKey: 'api-key', role: 'reader' }] }, 'refused', 'answered 403'],
  ] as const)('is not started without the %s', async (_, options, kind, words) => {
    const { channel } = await start(options);
    await expect(attempt(channel, first)).resolves.toMatchObject({
      kind,
      message: expect.stringContaining(words) as string,
    });
  });

  it.each(['endless', 'endless:same'] as const)('is looked for in bounds (%s)', async (fault) => {
    const { engine, channel } = await start();
    engine.addFault({ fault, operation: 'listJobs' });
    await expect(attempt(channel, first)).resolves.toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/the listing of jobs (has no end|repeats a page)/) as string,
    });
  });

  it('of a project that disappears is refused in words', async () => {
    const { engine, channel } = await start();
    engine.addFault({ fault: 'removeProject', operation: 'createJobRun' });
    await expect(attempt(channel, first)).resolves.toMatchObject({ kind: 'refused', mayPass: false });
  });
});

describe('whatever the API answers where nothing is documented', () => {
  const clashes = SWITCHES.clashStatus.values.flatMap((clashStatus) =>
    SWITCHES.clashCode.values.map((clashCode) => ({ clashStatus, clashCode })),
  );

  it.each(clashes)('a lost answer starts one run (%j)', async (switches) => {
    const { engine, channel } = await start({ switches });
    engine.addFault({ fault: 'lostAnswer', operation: 'createJobRun', calls: 1 });
    await expect(attempt(channel, first)).resolves.toMatchObject({ kind: 'no-answer', code: 'reset' });
    // The next attempt does not see the run and has to learn of it by the clash.
    engine.addFault({ fault: 'body:{"job_runs":[]}', operation: 'listJobRuns', calls: 1 });
    await expect(attempt(channel, first)).resolves.toEqual(accepted(first));
    expect(engine.runs(home.id)).toHaveLength(1);
  });

  it.each(SWITCHES.deleting.values)(
    'a run of before, of which nothing is known any more, is no start (deleted %s)',
    async (deleting) => {
      const { engine, channel, clock } = await start({ switches: { deleting } });
      const decidedNow = () => aWakeUp({ decidedAtMs: clock.nowMs() });
      await attempt(channel, decidedNow());
      engine.finishRun(home.id, runNameOf(first));
      clock.advance(2 * MINUTE_MS);
      const wakeUp = decidedNow();
      const result = await attempt(channel, wakeUp);
      expect(result).toMatchObject({ kind: 'accepted' });
      await expect(attempt(channel, wakeUp)).resolves.toEqual(result);
      const isActive = ({ status }: { readonly status: string }): boolean => status !== 'completed';
      expect(engine.runs(home.id).filter(isActive)).toHaveLength(1);
    },
  );

  const quotas = SWITCHES.quotaStatus.values.flatMap((quotaStatus) =>
    SWITCHES.quotaCode.values.map((quotaCode) => ({ quotaStatus, quotaCode })),
  );

  it.each(quotas)('a full project is given room (%j)', async (switches) => {
    const { engine, channel, clock } = await start({ switches, runsMax: 1 });
    const other = aWakeUp({ id: 'registration-2' });
    await attempt(channel, other);
    await expect(attempt(channel, first)).resolves.toMatchObject({ kind: 'held' });
    engine.finishRun(home.id, runNameOf(other));
    clock.advance(3 * MINUTE_MS);
    await expect(attempt(channel, first)).resolves.toEqual(accepted(first));
  });

  it.each(SWITCHES.unknownJobStatus.values)('a job that was removed is missing (%s)', async (status) => {
    const { engine, channel } = await start({ switches: { unknownJobStatus: status } });
    await attempt(channel, first);
    engine.removeJob(home.id, 'orders');
    const wakeUp = aWakeUp({ id: 'registration-2' });
    await expect(attempt(channel, wakeUp)).resolves.toMatchObject({
      kind: 'refused',
      mayPass: false,
      message: expect.stringContaining('there is no job "orders"') as string,
    });
  });
});

it('a week of wake-ups leaves a project with one run a job', async () => {
  const jobs = Array.from({ length: 4 }, (_, n) => `job-${n}`);
  const project = { ...home, jobs: Object.fromEntries(jobs.map((job) => [job, { runMs: HOUR_MS / 2 }])) };
  const { engine, channel, clock } = await start({ projects: [project], runsMax: 5 });
  let lastWokenAtMs = 0;
  for (let hour = 0; hour < 7 * 24; hour += 6) {
    const wakeUps = jobs.map((notify) => aWakeUp({ notify, id: notify, lastWokenAtMs }));
    const results = await Promise.all(wakeUps.map(async (wakeUp) => attempt(channel, wakeUp)));
    expect(results).toEqual(wakeUps.map(accepted));
    lastWokenAtMs = clock.nowMs();
    clock.advance(6 * HOUR_MS);
  }
  expect(engine.runs(project.id)).toHaveLength(jobs.length);
});
