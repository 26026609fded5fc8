import { SimulatorError } from './simulator-error.ts';

/**
 * How a queue manager misbehaves, on every request that is for it and comes with valid credentials:
 *
 * - `status:<n>`: that HTTP status, with an error report that names no message
 * - `html:<n>`: that HTTP status, with the HTML of a web server or proxy
 * - `slow:<ms>`: the right answer, that much later
 * - `hang`: no answer, ever
 * - `reset`: the connection is reset before an answer; `reset:body`: in the middle of one
 * - `truncate`: a whole HTTP answer whose JSON is cut in the middle
 * - `notjson`: says JSON and is not
 * - `wrongShape`: JSON of another shape; `wrongShape:<which>` for one of `WRONG_SHAPES`
 * - `huge:<n>`: so many queues, each with one message
 * - `nofilter`: refuses the parameter `filter` with 400, and is right otherwise
 */
export type MqFault =
  | `status:${number}`
  | `html:${number}`
  | `slow:${number}`
  | 'hang'
  | 'reset'
  | 'reset:body'
  | 'truncate'
  | 'notjson'
  | 'wrongShape'
  | `wrongShape:${WrongShape}`
  | `huge:${number}`
  | 'nofilter';

/** Bodies that are JSON and are not what was asked for. The last two can be understood all the same. */
export const WRONG_SHAPES = {
  array: '[{"name": "DEV.QUEUE.1", "type": "local", "status": {"currentDepth": 5}}]',
  text: '"DEV.QUEUE.1"',
  noList: '{"queue": {"name": "DEV.QUEUE.1"}}',
  empty: '{}',
  null: '{"queue": null}',
  depthAsText: '{"queue": [{"name": "DEV.QUEUE.1", "type": "local", "status": {"currentDepth": "5"}}]}',
  upperCaseKeys: '{"QUEUE": [{"NAME": "DEV.QUEUE.1", "TYPE": "local", "STATUS": {"CURRENTDEPTH": 5}}]}',
} as const;
export type WrongShape = keyof typeof WRONG_SHAPES;

/** A fault, taken apart. */
export type ParsedFault =
  | { readonly kind: 'status' | 'html'; readonly status: number }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'reset'; readonly inBody: boolean }
  | { readonly kind: 'wrongShape'; readonly body: string }
  | { readonly kind: 'huge'; readonly queues: number }
  | { readonly kind: 'hang' | 'truncate' | 'notjson' | 'nofilter' };

const FORMS =
  'status:<200-599>, html:<200-599>, slow:<ms>, hang, reset, reset:body, truncate, notjson, ' +
  `wrongShape, wrongShape:<${Object.keys(WRONG_SHAPES).join('|')}>, huge:<queues>, nofilter`;
const DELAY_MS_MAX = 600_000;
const QUEUES_MAX = 1_000_000;

/**
 * Takes a fault apart.
 * @throws {SimulatorError} (400) naming the faults that there are.
 */
export function parseFault(fault: string): ParsedFault {
  const [kind = '', argument, ...rest] = fault.split(':');
  const parsed = rest.length === 0 ? parse(kind, argument) : undefined;
  if (parsed !== undefined) return parsed;
  throw new SimulatorError(400, `${JSON.stringify(fault)} is no fault; there are: ${FORMS}`);
}

/**
 * Takes a text as a fault.
 * @throws {SimulatorError} (400) naming the faults that there are.
 */
export function asFault(text: string): MqFault {
  parseFault(text);
  return text as MqFault; // it was just taken apart
}

function parse(kind: string, argument: string | undefined): ParsedFault | undefined {
  switch (kind) {
    case 'status':
    case 'html':
      return withNumber(argument, 200, 599, (status) => ({ kind, status }));
    case 'slow':
      return withNumber(argument, 0, DELAY_MS_MAX, (delayMs) => ({ kind, delayMs }));
    case 'huge':
      return withNumber(argument, 0, QUEUES_MAX, (queues) => ({ kind, queues }));
    case 'reset':
      return argument === undefined || argument === 'body'
        ? { kind, inBody: argument === 'body' }
        : undefined;
    case 'wrongShape':
      return wrongShape(argument ?? 'array');
    case 'hang':
    case 'truncate':
    case 'notjson':
    case 'nofilter':
      return argument === undefined ? { kind } : undefined;
    default:
      return undefined;
  }
}

function wrongShape(which: string): ParsedFault | undefined {
  const shape = Object.entries(WRONG_SHAPES).find(([name]) => name === which);
  return shape && { kind: 'wrongShape', body: shape[1] };
}

function withNumber(
  text: string | undefined,
  min: number,
  max: number,
  make: (value: number) => ParsedFault,
): ParsedFault | undefined {
  const value = /^\d{1,9}$/.test(text ?? '') ? Number(text) : Number.NaN;
  return value >= min && value <= max ? make(value) : undefined;
}
