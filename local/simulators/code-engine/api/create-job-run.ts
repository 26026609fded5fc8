import type { Randomness } from '../../../../lib/platform/clock.ts';
import { parseArraySpec } from '../array-spec.ts';
import { DEFAULT_TEMPLATE, type EnvVariable, type RunPlan, type RunTemplate } from '../model.ts';
import type { Project } from '../state/projects.ts';
import type { NewRun } from '../state/runs.ts';
import type { Switches } from '../switches.ts';
import { ApiError } from './api-answer.ts';
import { problemsOf, TEMPLATE_FIELDS, text, type FieldCheck } from './template-fields.ts';

/** What describing a run takes. */
export interface RunRequestDeps {
  readonly project: Project;
  readonly switches: Switches;
  /** For a run without a job. */
  readonly plan: Required<RunPlan>;
  readonly fraction: Randomness['fraction'];
}

const DEFINITION_BYTES_MAX = 10 * 1024;
const RUN_NAME = /^[a-z0-9]([-.a-z0-9]{0,51}[a-z0-9])?$/;
const runName: FieldCheck = (value) =>
  typeof value === 'string' && RUN_NAME.test(value)
    ? undefined
    : 'up to 53 lower-case letters, digits, and . and - inside are needed';
const FIELDS = { ...TEMPLATE_FIELDS, name: runName, job_name: text };
const NOT_WITH_A_JOB = ['image_secret', 'run_service_account'];

/**
 * The run that the body of a createJobRun describes: what it says itself, then what its job says. A variable of the run
 * replaces the one of that name in the job.
 * @throws {ApiError} when it cannot be.
 */
export function readRunRequest(deps: RunRequestDeps, body: Readonly<Record<string, unknown>>): NewRun {
  const { project, switches } = deps;
  const problems = [...problemsOf(body, FIELDS), ...misfits(body)];
  if (problems.length > 0)
    throw new ApiError(Number(switches.invalidStatus), 'invalid_request', problems.join('; '));
  // Each member was just checked.
  const { name, job_name: jobName, ...own } = body as Partial<RunTemplate> & NameMembers;
  const job = jobName === undefined ? undefined : project.jobs.get(jobName);
  if (jobName !== undefined && job === undefined)
    throw new ApiError(
      Number(switches.unknownJobStatus),
      'resource_not_found',
      `The job '${jobName}' was not found.`,
    );
  const inherited = job?.template ?? DEFAULT_TEMPLATE;
  const template: RunTemplate = {
    ...inherited,
    ...own,
    run_env_variables: merged(inherited.run_env_variables, own.run_env_variables ?? []),
  };
  if (Buffer.byteLength(JSON.stringify(template)) > DEFINITION_BYTES_MAX)
    throw new ApiError(Number(switches.invalidStatus), 'invalid_request', 'The definition exceeds 10 KiB.');
  return {
    name: name ?? `${(jobName ?? 'run').slice(0, 40)}-jobrun-${suffix(deps.fraction)}`,
    jobName,
    template,
    indices: parseArraySpec(template.scale_array_spec) ?? [0],
    plan: job?.plan ?? deps.plan,
  };
}

interface NameMembers {
  readonly name?: string;
  readonly job_name?: string;
}

/** Members that do not go together. */
function misfits(body: Readonly<Record<string, unknown>>): readonly string[] {
  if (body['job_name'] !== undefined)
    return NOT_WITH_A_JOB.filter((member) => body[member] !== undefined).map(
      (member) => `${member}: not beside job_name`,
    );
  return ['name', 'image_reference']
    .filter((member) => body[member] === undefined)
    .map((member) => `${member}: needed without job_name`);
}

function merged(
  inherited: readonly EnvVariable[],
  own: readonly Partial<EnvVariable>[],
): readonly EnvVariable[] {
  const typed = own.map((variable) => ({ type: 'literal', ...variable }));
  const replaced = new Set(typed.map(({ name }) => name));
  return [...inherited.filter(({ name }) => name === undefined || !replaced.has(name)), ...typed];
}

/** Five characters as in `my-job-jobrun-fji48`. */
function suffix(fraction: Randomness['fraction']): string {
  const characters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 5 }, () => characters[Math.floor(fraction() * characters.length)]).join('');
}
