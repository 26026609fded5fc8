import { createHash } from 'node:crypto';
import { payloadOf, type WakeUp } from '../../channel.ts';
import type { KnownRun } from './answers.ts';
import type { CreateJobRunParams } from './code-engine-api.ts';
import type { JobPlace } from './match-job.ts';

/** What a run that we start is called. The API takes up to 53 characters: lower case, digits, `.` and `-`. */
const OUR_RUN = /^mqo-[0-9a-f]{10}-[0-9a-f]{10}(?:-[0-9a-f]{10})?$/;
/** As many as one run can have. */
const INSTANCES_MAX = 1000;
/** How far the platform's clock may be behind ours, and cycles that overlap decide one after the other. */
const SKEW_MS = 60_000;

/** True for a run that a wake-up started, whichever. */
export function isOurRun(name: string): boolean {
  return OUR_RUN.test(name);
}

/** How all runs begin that are started for one registration. */
export function runPrefixOf({ registration }: WakeUp): string {
  return `mqo-${digest(registration.id)}-`;
}

/**
 * The name of the run that a wake-up starts: the same for each of its attempts, and for whoever else wakes the registration
 * as it is now, since then; so the API itself lets only one of them start it.
 */
export function runNameOf(wakeUp: WakeUp): string {
  const { registration, lastWokenAtMs = 0, test = lastWokenAtMs } = wakeUp;
  return runPrefixOf(wakeUp) + digest(`${registration.revision}\n${test}`);
}

/**
 * The name in its place where `stale`, a run of an earlier wake-up, has it: the same for all who see that run. It is not
 * deleted to use its name again, as a cycle that comes late would then delete the run that another one has just started.
 */
export function runNameAfter(stale: KnownRun, wakeUp: WakeUp): string {
  const { name, createdAtMs = Math.floor(wakeUp.decidedAtMs / SKEW_MS) } = stale;
  return `${runNameOf(wakeUp)}-${digest(`${name}\n${createdAtMs}`)}`;
}

/** Whether a run has the name of this wake-up, or one in its place. */
export function isNamedFor(wakeUp: WakeUp, { name }: KnownRun): boolean {
  const ownName = runNameOf(wakeUp);
  return name === ownName || name.startsWith(`${ownName}-`);
}

/**
 * Whether a run of that name is the one that this wake-up starts. Of one that has ended the name alone does not tell: where
 * it is not known any more that the registration was woken, the next wake-up has the name of the one before.
 */
export function isStartedFor({ decidedAtMs }: WakeUp, { isActive, createdAtMs }: KnownRun): boolean {
  return isActive || (createdAtMs !== undefined && createdAtMs >= decidedAtMs - SKEW_MS);
}

/** What is sent to start it under a name. */
export function runOf(wakeUp: WakeUp, place: JobPlace, name: string): CreateJobRunParams {
  const scaleArraySpec = arraySpecOf(wakeUp);
  return {
    projectId: place.projectId,
    jobName: place.job,
    name,
    runEnvVariables: Object.entries(payloadOf(wakeUp)).map(([variable, value]: [string, string]) => ({
      type: 'literal',
      name: variable,
      value,
    })),
    ...(scaleArraySpec === undefined ? {} : { scaleArraySpec }),
  };
}

/** The indices of the instances that share the messages; undefined where the job itself says how many there are. */
function arraySpecOf({ registration, depth }: WakeUp): string | undefined {
  const { messages_per_instance: messages, max_instances: max = INSTANCES_MAX } = registration.job ?? {};
  if (messages === undefined) return undefined;
  const last = Math.min(Math.ceil(depth / messages), max, INSTANCES_MAX) - 1;
  return last <= 0 ? '0' : `0-${last}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}
