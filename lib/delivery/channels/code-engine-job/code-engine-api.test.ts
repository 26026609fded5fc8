import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { expectTypeOf, it } from 'vitest';
import type { CodeEngineApi } from './code-engine-api.ts';

interface Answer<T> {
  result: T;
  status: number;
  statusText: string;
  headers: IncomingHttpHeaders;
}

interface DefaultParams {
  headers?: OutgoingHttpHeaders;
  signal?: AbortSignal;
}

interface ListParams extends DefaultParams {
  limit?: number;
  start?: string;
}

interface Page {
  first?: { href: string };
  limit: number;
  next?: { href: string; start: string };
}

interface EnvVar {
  key?: string;
  name?: string;
  prefix?: string;
  reference?: string;
  type?: string;
  value?: string;
}

interface Run {
  name: string;
  id?: string;
  job_name?: string;
  status?: string;
  status_details?: { completion_time?: string; requested?: number };
  run_env_variables: EnvVar[];
  scale_array_spec?: string;
}

interface OfficialProject {
  id?: string;
  name: string;
  region?: string;
  status?: string;
}

/** The official client's methods, as far as types go. */
declare class OfficialClient {
  listProjects(params?: ListParams): Promise<Answer<Page & { projects: OfficialProject[] }>>;
  getProject(params: DefaultParams & { id: string }): Promise<Answer<OfficialProject>>;
  listJobs(
    params: ListParams & { projectId: string },
  ): Promise<Answer<Page & { jobs: { name: string; entity_tag: string }[] }>>;
  listJobRuns(
    params: ListParams & { projectId: string; jobName?: string },
  ): Promise<Answer<Page & { job_runs: Run[] }>>;
  createJobRun(
    params: DefaultParams & {
      projectId: string;
      imageReference?: string;
      jobName?: string;
      name?: string;
      runArguments?: string[];
      runEnvVariables?: EnvVar[];
      scaleArraySpec?: string;
      scaleRetryLimit?: number;
    },
  ): Promise<Answer<Run>>;
  getJobRun(params: DefaultParams & { projectId: string; name: string }): Promise<Answer<Run>>;
  deleteJobRun(params: DefaultParams & { projectId: string; name: string }): Promise<Answer<object>>;
}

it("takes the official SDK's client as it is", () => {
  expectTypeOf<OfficialClient>().toExtend<CodeEngineApi>();
  // And would notice another shape.
  expectTypeOf<Omit<OfficialClient, 'getJobRun'>>().not.toExtend<CodeEngineApi>();
  expectTypeOf<
    Omit<OfficialClient, 'deleteJobRun'> & {
      readonly deleteJobRun: (params: { id: string }) => Promise<Answer<object>>;
    }
  >().not.toExtend<CodeEngineApi>();
});
