import { listAll, PAGE_SIZE, pageOf, readRun, type KnownRun } from './answers.ts';
import type { CodeEngineApi } from './code-engine-api.ts';
import type { JobPlace } from './match-job.ts';

/**
 * All runs of a job, or of its whole project where `jobName` is not given.
 * @throws whatever the API rejects with; {HttpFailure} where its listing makes no sense.
 */
export async function readRuns(
  { api, place }: { readonly api: CodeEngineApi; readonly place: JobPlace },
  jobName: string | undefined,
  { signal, nowMs }: { readonly signal: AbortSignal; readonly nowMs: number },
): Promise<readonly KnownRun[]> {
  return listAll(
    'job runs',
    async (start) => {
      const answer = await api.listJobRuns({
        projectId: place.projectId,
        limit: PAGE_SIZE,
        signal,
        ...(jobName === undefined ? {} : { jobName }),
        ...(start === undefined ? {} : { start }),
      });
      return pageOf(answer.result, 'job_runs');
    },
    (item) => readRun(item, nowMs),
  );
}
