import type { Target } from '../../../registration/target.ts';

/** A job as a registration names it. */
export type JobTarget = Extract<Target, { readonly kind: 'job' }>;

/** Where a job is. */
export interface JobPlace {
  readonly region: string;
  readonly projectId: string;
  readonly projectName: string | undefined;
  readonly job: string;
}

const CANDIDATES_MAX = 10;

/** The places that a name may mean; a project is named by its name or its id. Pure. */
export function placesOf(target: JobTarget, places: readonly JobPlace[]): readonly JobPlace[] {
  return places.filter(
    ({ job, projectId, projectName, region }) =>
      job === target.job &&
      (target.project === undefined || [projectId, projectName].includes(target.project)) &&
      isInRegion(target, region),
  );
}

/** False where the name says that it means another region. */
export function isInRegion(target: JobTarget, region: string): boolean {
  return target.region === undefined || target.region.toLowerCase() === region;
}

/** A name that means one place only, as it would be written. Two projects may have one name, in two regions. */
export function formatPlace({ region, projectId, projectName, job }: JobPlace): string {
  return `${region}/${projectName ?? projectId}/${job}`;
}

/** A name as it was given. */
export function formatTarget({ region, project, job }: JobTarget): string {
  return [region, project, job].filter((part) => part !== undefined).join('/');
}

/** What is said of a name that may mean more than one place. */
export function ambiguity(target: JobTarget, candidates: readonly JobPlace[]): string {
  const named = candidates.slice(0, CANDIDATES_MAX).map(formatPlace).toSorted();
  const more = candidates.length > named.length ? ` and ${candidates.length - named.length} more` : '';
  return `"${formatTarget(target)}" may be any of ${named.join(', ')}${more}; register one of these names`;
}
