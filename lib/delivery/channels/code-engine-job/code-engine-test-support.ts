import { createVirtualClock, type VirtualClock } from '../../../../test/support/virtual-clock.ts';
import type { Logger } from '../../../platform/logging.ts';
import { asRegistrationId, type RegistrationRecord } from '../../../registration/registration.ts';
import type { AttemptResult, Channel, WakeUp } from '../../channel.ts';
import type { CodeEngineApi, CreateJobRunParams, JobRun, Response } from './code-engine-api.ts';
import { createJobChannel, type JobChannelDeps } from './job-channel.ts';

/** Code Engine in memory, behind the port: projects, jobs and runs of some regions, with the platform's quota. */
export interface FakeCodeEngine {
  readonly clock: VirtualClock;
  readonly api: (region: string) => CodeEngineApi;
  readonly projects: FakeProject[];
  readonly calls: FakeCall[];
  /** Spoils the next calls of a method, one fault each. */
  readonly spoil: (method: keyof CodeEngineApi, ...faults: readonly Fault[]) => void;
  /** Spoils all calls to a region until `undefined` is given. */
  readonly spoilRegion: (region: string, fault: Fault | undefined) => void;
}

export interface FakeProject {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly status?: string;
  jobs: string[];
  runs: FakeRun[];
}

interface FakeRun extends JobRun {
  readonly name: string;
  status?: string;
  sent?: CreateJobRunParams;
}

interface FakeCall {
  readonly method: keyof CodeEngineApi;
  readonly region: string;
}

/** `error`: nothing was done. `lost`: it was done, and the answer did not arrive. `hang`: no answer, ever. */
export type Fault =
  | { readonly kind: 'error' | 'lost'; readonly error: Error }
  | { readonly kind: 'answer'; readonly result: unknown }
  | { readonly kind: 'hang' };

/** What the SDK rejects with for an answer. */
export function apiError(
  status: number,
  message = 'No.',
  { code = 'some_code', headers = {} }: { readonly code?: string; readonly headers?: object } = {},
): Error {
  return Object.assign(new Error(message), {
    status,
    headers,
    result: { errors: [{ code, message }], trace: 'codeengine-api-1', status_code: status },
  });
}

/** What the SDK rejects with where there was no answer. */
export function networkError(code: string): Error {
  return Object.assign(new Error(`socket trouble ${code}`), { statusText: code });
}

export function failing(error: Error): Fault {
  return { kind: 'error', error };
}

const RUNS_MAX = 100;

export function createFakeCodeEngine(projects: FakeProject[] = [aProject()]): FakeCodeEngine {
  const clock = createVirtualClock();
  const calls: FakeCall[] = [];
  const faults = new Map<keyof CodeEngineApi, Fault[]>();
  const regionFaults = new Map<string, Fault>();

  const find = (region: string, id: string): FakeProject => {
    const project = projects.find((one) => one.id === id && one.region === region);
    if (project === undefined) throw apiError(404, 'Project not found.', { code: 'project_not_found' });
    return project;
  };
  const findRun = (project: FakeProject, name: string): FakeRun => {
    const run = project.runs.find((one) => one.name === name);
    if (run === undefined) throw apiError(404, 'Resource not found.');
    return run;
  };
  const create = (project: FakeProject, params: CreateJobRunParams): FakeRun => {
    const { name = '', jobName = '' } = params;
    if (!project.jobs.includes(jobName)) throw apiError(404, 'Job not found.');
    if (project.runs.some((run) => run.name === name)) throw apiError(409, 'The run already exists.');
    if (project.runs.length >= RUNS_MAX) throw apiError(403, 'Quota of job runs is exceeded.');
    const run: FakeRun = {
      name,
      job_name: jobName,
      status: 'pending',
      created_at: new Date(clock.nowMs()).toISOString(),
      sent: params,
    };
    project.runs.push(run);
    return run;
  };

  const api = (region: string): CodeEngineApi => {
    const answer = async <T>(
      method: keyof CodeEngineApi,
      work: () => T,
      signal: AbortSignal | undefined,
    ): Promise<Response<T>> => {
      calls.push({ method, region });
      const fault = regionFaults.get(region) ?? faults.get(method)?.shift();
      // A macrotask, as any answer over a network takes.
      await new Promise((resolve) => setImmediate(resolve));
      if (fault?.kind === 'hang') return new Promise(() => undefined);
      if (fault?.kind === 'error') throw fault.error;
      if (fault?.kind === 'answer') return { result: fault.result as T, status: 200 };
      signal?.throwIfAborted();
      const result = work();
      if (fault?.kind === 'lost') throw fault.error;
      return { result, status: 200 };
    };
    return {
      listProjects: async ({ start, signal } = {}) => {
        const all = projects.filter((project) => project.region === region);
        const known = () => ({ ...pageOf(all, 'projects', start) });
        return answer('listProjects', known, signal);
      },
      getProject: async ({ id, signal }) => answer('getProject', () => find(region, id), signal),
      listJobs: async ({ projectId, start, signal }) =>
        answer(
          'listJobs',
          () =>
            pageOf(
              find(region, projectId).jobs.map((name) => ({ name })),
              'jobs',
              start,
            ),
          signal,
        ),
      listJobRuns: async ({ projectId, jobName, start, signal }) =>
        answer(
          'listJobRuns',
          () => {
            const { runs } = find(region, projectId);
            const wanted = runs.filter((run) => jobName === undefined || run.job_name === jobName);
            return pageOf(wanted, 'job_runs', start);
          },
          signal,
        ),
      createJobRun: async (params) =>
        answer('createJobRun', () => create(find(region, params.projectId), params), params.signal),
      getJobRun: async ({ projectId, name, signal }) =>
        answer('getJobRun', () => findRun(find(region, projectId), name), signal),
      deleteJobRun: async ({ projectId, name, signal }) =>
        answer(
          'deleteJobRun',
          () => {
            const project = find(region, projectId);
            const run = findRun(project, name);
            project.runs = project.runs.filter((one) => one !== run);
            return {};
          },
          signal,
        ),
    };
  };

  return {
    clock,
    api,
    projects,
    calls,
    spoil: (method, ...more) => void faults.set(method, [...(faults.get(method) ?? []), ...more]),
    spoilRegion: (region, fault) => {
      if (fault === undefined) regionFaults.delete(region);
      else regionFaults.set(region, fault);
    },
  };
}

/** Small pages, so that every listing has several. */
const PAGE = 7;

function pageOf(items: readonly unknown[], key: string, start = '0'): object {
  const from = Number(start);
  const next = from + PAGE < items.length ? { next: { start: String(from + PAGE) } } : {};
  return { [key]: items.slice(from, from + PAGE), ...next };
}

/** Project `home` in `eu-de` with the job `orders`, unless told otherwise. */
export function aProject(given: Partial<FakeProject> = {}): FakeProject {
  const { id = 'home-id', name = 'home', region = 'eu-de', status = 'active', jobs = ['orders'] } = given;
  return { id, name, region, status, jobs, runs: [...(given.runs ?? [])] };
}

export interface LoggedWarnings extends Logger {
  readonly warnings: readonly unknown[];
}

export function aLog(): LoggedWarnings {
  const warnings: unknown[] = [];
  const nothing = (): void => undefined;
  return {
    warnings,
    debug: nothing,
    info: nothing,
    error: nothing,
    warn: (message, fields) => void warnings.push({ message, ...fields }),
  };
}

/** A channel over a fake, for the own project `home-id` in `eu-de` unless told otherwise. */
export function aChannel(
  { api, clock }: FakeCodeEngine,
  settings: Partial<JobChannelDeps['settings']> = {},
  log: Logger = aLog(),
): Channel {
  return createJobChannel({
    settings: {
      ownProject: { id: 'home-id', region: 'eu-de' },
      regions: [],
      refreshIntervalMs: 600_000,
      ...settings,
    },
    connect: api,
    clock,
    log,
  });
}

export interface WakeUpOptions {
  readonly notify?: string;
  readonly id?: string;
  readonly revision?: string;
  readonly depth?: number;
  readonly lastWokenAtMs?: number;
  readonly decidedAtMs?: number;
  readonly job?: RegistrationRecord['job'];
}

export function aWakeUp(given: WakeUpOptions = {}): WakeUp {
  const { notify = 'orders', id = 'registration-1', revision = 'revision-1', depth = 3 } = given;
  return {
    id: 'wake-up',
    registration: {
      format: 1,
      id: asRegistrationId(id),
      revision,
      qmgr: 'QM1',
      queue: 'DEV.QUEUE.1',
      notify,
      lastUpdatedMs: 1,
      ...(given.job === undefined ? {} : { job: given.job }),
    },
    queue: 'DEV.QUEUE.1',
    depth,
    ...(given.lastWokenAtMs === undefined ? {} : { lastWokenAtMs: given.lastWokenAtMs }),
    decidedAtMs: given.decidedAtMs ?? 0,
    headers: {},
  };
}

/** One attempt, with a limit that no healthy test comes near to. */
export function attempt(
  channel: Channel,
  wakeUp: WakeUp = aWakeUp(),
  { timeoutMs = 10_000, signal = new AbortController().signal } = {},
): Promise<AttemptResult> {
  return channel.attempt(wakeUp, { timeoutMs, signal });
}
