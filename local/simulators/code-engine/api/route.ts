import { decoded } from '../../mq/rest/rest-route.ts';
import type { Operation } from '../fault.ts';

/** A request to the API, taken apart. Names are decoded, and empty where the path has none. */
export interface ApiTarget {
  readonly operation: Exclude<Operation, 'token'>;
  readonly region: string;
  readonly project: string;
  /** Of the job or run. */
  readonly name: string;
  /** The path as it came. */
  readonly path: string;
  readonly query: URLSearchParams;
}

type Collection = 'projects' | 'project' | 'jobs' | 'job' | 'job_runs' | 'job_run';

const OPERATIONS: Readonly<Record<Collection, Readonly<Record<string, ApiTarget['operation']>>>> = {
  projects: { GET: 'listProjects' },
  project: { GET: 'getProject' },
  jobs: { GET: 'listJobs', POST: 'createJob' },
  job: { GET: 'getJob' },
  job_runs: { GET: 'listJobRuns', POST: 'createJobRun' },
  job_run: { GET: 'getJobRun', DELETE: 'deleteJobRun' },
};

const PATH = /^\/([^/]+)\/v2\/projects(?:\/([^/]+)(?:\/(jobs|job_runs)(?:\/([^/]+))?)?)?$/;

/** Reads `/{region}/v2/projects…`. Says `unknown` of another path, `wrong-method` of one that does not take the method. */
export function readTarget(method: string, url: string): ApiTarget | 'unknown' | 'wrong-method' {
  const [path = '', ...search] = url.split('?');
  const found = PATH.exec(path);
  if (found === null) return 'unknown';
  const [, region = '', project = '', kind, name = ''] = found;
  const operation = OPERATIONS[collectionOf(project, kind, name)][method];
  if (operation === undefined) return 'wrong-method';
  return {
    operation,
    region: decoded(region),
    project: decoded(project),
    name: decoded(name),
    path,
    query: new URLSearchParams(search.join('?')),
  };
}

function collectionOf(project: string, kind: string | undefined, name: string): Collection {
  if (project === '') return 'projects';
  if (kind === 'jobs') return name === '' ? 'jobs' : 'job';
  if (kind === 'job_runs') return name === '' ? 'job_runs' : 'job_run';
  return 'project';
}
