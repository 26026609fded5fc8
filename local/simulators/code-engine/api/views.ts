import { formatIndices } from '../array-spec.ts';
import type { Job } from '../model.ts';
import { platformEnvironment, type Project } from '../state/projects.ts';
import { lifeOf, type InstanceLife, type Run } from '../state/run.ts';

/** How the API shows things. `apiUrl` is the region's, up to `/v2`. */

export function viewProject(project: Project, apiUrl: string): Readonly<Record<string, unknown>> {
  const { id, name, region, status, createdAtMs } = project;
  const account = '0'.repeat(32);
  return {
    id,
    name,
    region,
    status,
    resource_type: 'project_v2',
    account_id: account,
    resource_group_id: account,
    created_at: timeOf(createdAtMs),
    crn: `crn:v1:bluemix:public:codeengine:${region}:a/${account}:${id}::`,
    href: `${apiUrl}/projects/${id}`,
  };
}

export function viewJob(project: Project, job: Job, apiUrl: string): Readonly<Record<string, unknown>> {
  return {
    id: job.id,
    name: job.name,
    project_id: project.id,
    region: project.region,
    resource_type: 'job_v2',
    entity_tag: String(job.createdAtMs),
    href: `${apiUrl}/projects/${project.id}/jobs/${job.name}`,
    created_at: timeOf(job.createdAtMs),
    ...job.template,
    computed_env_variables: computedVariables(project, { CE_JOB: job.name }),
  };
}

export function viewRun(
  project: Project,
  run: Run,
  apiUrl: string,
  nowMs: number,
): Readonly<Record<string, unknown>> {
  const job = run.jobName === undefined ? {} : { CE_JOB: run.jobName };
  return {
    id: run.id,
    name: run.name,
    ...(run.jobName === undefined ? {} : { job_name: run.jobName }),
    project_id: project.id,
    region: project.region,
    resource_type: 'job_run_v2',
    href: `${apiUrl}/projects/${project.id}/job_runs/${run.name}`,
    created_at: timeOf(run.createdAtMs),
    ...run.template,
    computed_env_variables: computedVariables(project, { ...job, CE_JOBRUN: run.name }),
    ...viewLife(run, nowMs),
  };
}

function viewLife(run: Run, nowMs: number): Readonly<Record<string, unknown>> {
  const life = lifeOf(run, nowMs);
  const indicesOf = (status: InstanceLife['status']): readonly number[] =>
    life.instances.flatMap((instance) => (instance.status === status ? [instance.index] : []));
  const states = (['pending', 'running', 'succeeded', 'failed'] as const).map(
    (status) => [status, indicesOf(status)] as const,
  );
  return {
    status: life.status,
    status_details: {
      requested: 0,
      ...Object.fromEntries(states.map(([status, indices]) => [status, indices.length])),
      unknown: 0,
      ...Object.fromEntries(
        states.flatMap(([status, indices]) =>
          indices.length === 0 ? [] : [[`${status}_indices`, formatIndices(indices)]],
        ),
      ),
      ...timeMember('start_time', life.startedAtMs),
      ...timeMember('completion_time', life.completedAtMs),
      indices_details: Object.fromEntries(life.instances.map((one) => [one.index, viewInstance(one)])),
    },
  };
}

function viewInstance(instance: InstanceLife): Readonly<Record<string, unknown>> {
  const { status, startedAtMs, finishedAtMs, failureReason } = instance;
  return {
    status,
    retries: 0,
    ...timeMember('started_at', startedAtMs),
    ...timeMember('finished_at', finishedAtMs),
    ...(failureReason === undefined ? {} : { last_failure_reason: failureReason }),
  };
}

function computedVariables(project: Project, more: Readonly<Record<string, string>>): readonly unknown[] {
  const variables = Object.entries({ ...platformEnvironment(project), ...more });
  return variables.map(([name, value]) => ({ type: 'literal', name, value }));
}

function timeMember(name: string, timeMs: number | undefined): Readonly<Record<string, string>> {
  return timeMs === undefined ? {} : { [name]: timeOf(timeMs) };
}

function timeOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
