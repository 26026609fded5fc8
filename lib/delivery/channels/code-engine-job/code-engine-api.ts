/**
 * What is used of Code Engine's API v2, of one region. Names, parameters and results are those of the official SDK
 * (`CodeEngineV2`), so that its client can stand here as it is. What comes back is what a server says: the types tell
 * where to look, `answers.ts` reads it. A call rejects with an `Error` that carries `status`, `headers` and the parsed
 * body as `result` where there was an answer, and with one without `status` where there was none.
 */
export interface CodeEngineApi {
  readonly listProjects: (params?: ListParams) => Promise<Response<ProjectList>>;
  readonly getProject: (params: CallParams & { readonly id: string }) => Promise<Response<Project>>;
  readonly listJobs: (params: ProjectParams & ListParams) => Promise<Response<JobList>>;
  readonly listJobRuns: (
    params: ProjectParams & ListParams & { readonly jobName?: string },
  ) => Promise<Response<JobRunList>>;
  readonly createJobRun: (params: CreateJobRunParams) => Promise<Response<JobRun>>;
  readonly getJobRun: (params: ProjectParams & { readonly name: string }) => Promise<Response<JobRun>>;
  readonly deleteJobRun: (params: ProjectParams & { readonly name: string }) => Promise<Response<object>>;
}

/** An answer of 2xx. */
export interface Response<T> {
  readonly result: T;
  readonly status: number;
}

export interface CallParams {
  readonly signal?: AbortSignal;
}

export interface ListParams extends CallParams {
  readonly limit?: number;
  /** The token that the page before gave. */
  readonly start?: string;
}

export interface ProjectParams extends CallParams {
  readonly projectId: string;
}

export interface CreateJobRunParams extends ProjectParams {
  readonly jobName?: string;
  readonly name?: string;
  /** A plain array: the official SDK takes no other. */
  readonly runEnvVariables?: EnvVarPrototype[];
  readonly scaleArraySpec?: string;
}

export interface EnvVarPrototype {
  readonly type?: string;
  readonly name?: string;
  readonly value?: string;
}

interface ListPage {
  /** Absent on the last page. */
  readonly next?: { readonly start?: string };
}

export interface ProjectList extends ListPage {
  readonly projects?: readonly Project[];
}

export interface Project {
  readonly id?: string;
  readonly name?: string;
  /** Only an `active` one runs jobs. */
  readonly status?: string;
}

export interface JobList extends ListPage {
  readonly jobs?: readonly Job[];
}

export interface Job {
  readonly name?: string;
}

export interface JobRunList extends ListPage {
  readonly job_runs?: readonly JobRun[];
}

export interface JobRun {
  readonly name?: string;
  readonly job_name?: string;
  /** `pending`, `running`, `completed`, `failed`; the API may know others. */
  readonly status?: string;
  readonly created_at?: string;
  readonly status_details?: { readonly completion_time?: string };
}
