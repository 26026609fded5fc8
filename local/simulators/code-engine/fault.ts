import { SimulatorError } from '../shared/simulator-error.ts';

/** What can be asked of the API, and `token` of IAM. */
export const OPERATIONS = [
  ...(['listProjects', 'getProject', 'listJobs', 'getJob', 'createJob'] as const),
  ...(['listJobRuns', 'createJobRun', 'getJobRun', 'deleteJobRun', 'token'] as const),
] as const;
export type Operation = (typeof OPERATIONS)[number];

/**
 * How the services misbehave. Instead of the right answer, to a request whose token counts:
 *
 * - `status:<n>`: that HTTP status in the service's own error form; `status:<n>:<seconds>` with that `Retry-After`
 * - `hang`: no answer, until the caller goes away
 * - `reset`: the connection is reset, and nothing was done
 * - `lostAnswer`: it is done, and the connection is reset before an answer
 * - `slow:<ms>`: the right answer, that much later
 * - `endless`: a list begins again and again, each time with another token for the next page; `endless:same` with the same
 * - `body:<text>`: 200 with that text
 *
 * Before a request is looked at:
 *
 * - `expireTokens`: every token ends
 * - `removeProject`: the project that the path names is gone, with its jobs and runs
 */
export type CodeEngineFault =
  PlainFault | `status:${number}` | `status:${number}:${number}` | `slow:${number}` | `body:${string}`;

const PLAIN = [
  ...(['hang', 'reset', 'lostAnswer', 'endless', 'endless:same'] as const),
  ...(['expireTokens', 'removeProject'] as const),
] as const;
type PlainFault = (typeof PLAIN)[number];

/** A fault, taken apart. */
export type ParsedFault =
  | { readonly kind: 'hang' | 'reset' | 'lostAnswer' | 'expireTokens' | 'removeProject' }
  | { readonly kind: 'endless'; readonly isSame: boolean }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterS: number | undefined }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'body'; readonly text: string };

const FORMS = `status:<400 to 599>, status:<n>:<seconds>, slow:<ms>, body:<text>, ${PLAIN.join(', ')}`;
const SLOW_MS_MAX = 600_000;

/**
 * Takes a fault apart.
 * @throws {SimulatorError} (400) naming the faults that there are.
 */
export function parseFault(fault: string): ParsedFault {
  const parsed = plainFault(fault) ?? statusFault(fault) ?? slowFault(fault) ?? bodyFault(fault);
  if (parsed !== undefined) return parsed;
  throw new SimulatorError(400, `${JSON.stringify(fault)} is no fault; there are: ${FORMS}`);
}

/**
 * Takes a text as a fault.
 * @throws {SimulatorError} (400) naming the faults that there are.
 */
export function asFault(text: string): CodeEngineFault {
  parseFault(text);
  return text as CodeEngineFault; // it was just taken apart
}

/** Whether the fault happens before a request is looked at. */
export function isAction({ kind }: ParsedFault): boolean {
  return kind === 'expireTokens' || kind === 'removeProject';
}

function plainFault(fault: string): ParsedFault | undefined {
  const plain = PLAIN.find((candidate) => candidate === fault);
  if (plain === undefined) return undefined;
  if (plain === 'endless' || plain === 'endless:same')
    return { kind: 'endless', isSame: plain === 'endless:same' };
  return { kind: plain };
}

function statusFault(fault: string): ParsedFault | undefined {
  const [, status, seconds] = /^status:([45]\d\d)(?::(\d{1,6}))?$/.exec(fault) ?? [];
  if (status === undefined) return undefined;
  const retryAfterS = seconds === undefined ? undefined : Number(seconds);
  return { kind: 'status', status: Number(status), retryAfterS };
}

function slowFault(fault: string): ParsedFault | undefined {
  const [, digits] = /^slow:(\d{1,6})$/.exec(fault) ?? [];
  const ms = Number(digits);
  return digits === undefined || ms > SLOW_MS_MAX ? undefined : { kind: 'slow', ms };
}

function bodyFault(fault: string): ParsedFault | undefined {
  return fault.startsWith('body:') ? { kind: 'body', text: fault.slice('body:'.length) } : undefined;
}
