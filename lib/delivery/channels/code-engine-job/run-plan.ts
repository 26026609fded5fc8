import { createHash } from 'node:crypto';
import { payloadOf, type WakeUp } from '../../channel.ts';
import type { CreateJobRunParams } from './code-engine-api.ts';
import type { JobPlace } from './match-job.ts';

/** What a run that we start is called. The API takes up to 53 characters: lower case, digits, `.` and `-`. */
const OUR_RUN = /^mqo-[0-9a-f]{10}-[0-9a-f]{10}$/;
/** As many as one run can have. */
const INSTANCES_MAX = 1000;

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
  const { registration, lastWokenAtMs = 0 } = wakeUp;
  return runPrefixOf(wakeUp) + digest(`${registration.revision}\n${lastWokenAtMs}`);
}

/** What is sent to start it. */
export function runOf(wakeUp: WakeUp, place: JobPlace): CreateJobRunParams {
  const scaleArraySpec = arraySpecOf(wakeUp);
  return {
    projectId: place.projectId,
    jobName: place.job,
    name: runNameOf(wakeUp),
    runEnvVariables: Object.entries(payloadOf(wakeUp)).map(([name, value]: [string, string]) => ({
      type: 'literal',
      name,
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
