import { createLimit } from '../../../platform/limit.ts';
import { listAll, PAGE_SIZE, pageOf, readJobName, readProject, type KnownProject } from './answers.ts';
import { failureOf, isGone, type CallFailure } from './call-failure.ts';
import type { CodeEngineApi } from './code-engine-api.ts';
import type { JobPlace } from './match-job.ts';

/** The jobs of some projects. */
export interface Listing {
  readonly places: readonly JobPlace[];
  /** Projects whose jobs could not be listed, and why. */
  readonly failed: ReadonlyMap<string, CallFailure>;
}

export interface ListingDeps {
  readonly api: CodeEngineApi;
  readonly region: string;
  readonly signal: AbortSignal;
  readonly nowMs: number;
}

const PROJECTS_AT_ONCE = 8;

/**
 * The jobs of a region's active projects, but for one. A project that fails does not hide the others; one that is gone
 * when its turn comes has no jobs.
 * @throws whatever the API rejects with where the projects themselves cannot be listed.
 */
export async function listRegion(deps: ListingDeps, except: string | undefined): Promise<Listing> {
  const { api, region, signal, nowMs } = deps;
  const projects = await listAll(
    'projects',
    async (start) => {
      const answer = await api.listProjects({
        limit: PAGE_SIZE,
        signal,
        ...(start === undefined ? {} : { start }),
      });
      return pageOf(answer.result, 'projects');
    },
    readProject,
  );
  const limit = createLimit(PROJECTS_AT_ONCE);
  const failed = new Map<string, CallFailure>();
  const lists = await Promise.all(
    projects
      .filter(({ id, isActive }) => isActive && id !== except)
      .map((project) =>
        limit(async () => {
          try {
            return await listProject(deps, project);
          } catch (error) {
            const failure = failureOf(error, `Code Engine in ${region}`, nowMs);
            if (!isGone(failure)) failed.set(project.id, failure);
            return [];
          }
        }),
      ),
  );
  return { places: lists.flat(), failed };
}

/**
 * The jobs of one project. Its name is only needed where a registration uses it: who may not read it goes by the id.
 * @throws whatever the API rejects with where its jobs cannot be listed.
 */
export async function listOwnProject(deps: ListingDeps, id: string): Promise<Listing> {
  const { api, signal } = deps;
  const named = api.getProject({ id, signal }).then(
    ({ result }) => readProject(result)?.name,
    () => undefined,
  );
  const places = await listProject(deps, { id, name: undefined });
  const projectName = await named;
  return { places: places.map((place) => ({ ...place, projectName })), failed: new Map() };
}

async function listProject(
  { api, region, signal }: ListingDeps,
  { id, name }: Pick<KnownProject, 'id' | 'name'>,
): Promise<readonly JobPlace[]> {
  const jobs = await listAll(
    'jobs',
    async (start) => {
      const answer = await api.listJobs({
        projectId: id,
        limit: PAGE_SIZE,
        signal,
        ...(start === undefined ? {} : { start }),
      });
      return pageOf(answer.result, 'jobs');
    },
    readJobName,
  );
  return jobs.map((job) => ({ region, projectId: id, projectName: name, job }));
}
