import { WRONG_SHAPES, type WrongShape } from './faults/wrong-shapes.ts';
import { SimulatorError } from '../shared/simulator-error.ts';

/**
 * How a queue manager misbehaves. Instead of the right answer, to a request that comes with valid credentials:
 *
 * - `status:<n>`: that HTTP status, with an error report that names no message; `status:<n>:empty` with no body
 * - `html:<n>`: that HTTP status, with the HTML of a web server or proxy
 * - `hang`: no answer, until the web server gives up on it
 * - `reset`: the connection is reset before an answer; `reset:body`: in the middle of one; `reset:after`: after one
 * - `truncate`: a whole HTTP answer whose JSON is cut somewhere
 * - `notjson`: says JSON and is not
 * - `wrongShape`: JSON of another shape; `wrongShape:<which>` for one of `WRONG_SHAPES`
 * - `emptyCommandResponse`: a command that was run and has no answer
 * - `huge:<n>`: so many queues, each with one message
 * - `qsgPartial`: 500, because some members of a queue sharing group failed
 * - `rate:<n>`: 429 for what is more than n requests a second, and right otherwise
 *
 * The right answer, bent:
 *
 * - `slow:<ms>`: that much later; `slowBody:<ms>`: its body takes that long
 * - `nofilter`: refuses `filter` and `WHERE`
 * - `upperKeys`: with keys in upper case; `overAllTypo`: with the other spelling of the overall reason
 * - `attr120:<name>`: refuses to show that attribute in an answer to a command
 * - `damaged:<queue>`: that queue is damaged
 * - `clockSkew:<minutes>`, `dst`: times are that much, or an hour, ahead
 *
 * Before a request is looked at, valid credentials or not:
 *
 * - `cookieRename`, `cookieExpire`: every login ends, the cookie gets another name or not
 * - `rotatePassword:<new>`: every user has that password from now on
 * - `standbyFlip`: the next endpoint is the active one
 *
 * On new connections, for the simulator as a whole: `selfSigned`, `expiredCert`, `wrongHost`.
 */
export type MqFault = PlainFault | NumberFault | TextFault | `wrongShape:${WrongShape}`;

const PLAIN = [
  ...([
    'hang',
    'reset',
    'reset:body',
    'reset:after',
    'truncate',
    'notjson',
    'wrongShape',
    'nofilter',
  ] as const),
  ...(['emptyCommandResponse', 'qsgPartial', 'upperKeys', 'overAllTypo', 'dst'] as const),
  ...(['cookieRename', 'cookieExpire', 'standbyFlip', 'selfSigned', 'expiredCert', 'wrongHost'] as const),
] as const;
type PlainFault = (typeof PLAIN)[number];

/** The number that each takes, least and most. */
const NUMBERS = {
  status: [200, 599],
  html: [200, 599],
  slow: [0, 600_000],
  slowBody: [0, 600_000],
  huge: [0, 1_000_000],
  rate: [0, 1_000_000],
  clockSkew: [-100_000, 100_000],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;
type NumberKind = keyof typeof NUMBERS;
type NumberFault = `${NumberKind}:${number}` | `status:${number}:empty`;

const TEXTS = ['attr120', 'damaged', 'rotatePassword'] as const;
type TextKind = (typeof TEXTS)[number];
type TextFault = `${TextKind}:${string}`;

/** A fault, taken apart. */
export type ParsedFault =
  | OfEachKind<Exclude<PlainFault, `${string}:${string}` | 'reset' | 'wrongShape'>, object>
  | { readonly kind: 'reset'; readonly when: 'before' | 'body' | 'after' }
  | { readonly kind: 'wrongShape'; readonly shape: WrongShape }
  | OfEachKind<Exclude<NumberKind, 'status'>, { readonly value: number }>
  | { readonly kind: 'status'; readonly value: number; readonly isEmpty: boolean }
  | OfEachKind<TextKind, { readonly text: string }>;
type OfEachKind<Kind extends string, More> = Kind extends unknown ? { readonly kind: Kind } & More : never;

/** What happens to the simulator when such a fault comes up. */
export type ActionFault = Extract<
  ParsedFault,
  { readonly kind: 'cookieRename' | 'cookieExpire' | 'rotatePassword' | 'standbyFlip' }
>;

const FORMS = [
  ...Object.entries(NUMBERS).map(([kind, [min, max]]) => `${kind}:<${min} to ${max}>`),
  ...TEXTS.map((kind) => `${kind}:<text>`),
  ...PLAIN,
  `wrongShape:<${Object.keys(WRONG_SHAPES).join('|')}>`,
].join(', ');

/**
 * Takes a fault apart.
 * @throws {SimulatorError} (400) naming the faults that there are.
 */
export function parseFault(fault: string): ParsedFault {
  const parsed = plainFault(fault) ?? numberFault(fault) ?? textFault(fault) ?? wrongShape(fault);
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

export function isAction(fault: ParsedFault): fault is ActionFault {
  return ['cookieRename', 'cookieExpire', 'rotatePassword', 'standbyFlip'].includes(fault.kind);
}

function plainFault(fault: string): ParsedFault | undefined {
  const plain = PLAIN.find((candidate) => candidate === fault);
  switch (plain) {
    case undefined:
      return undefined;
    case 'reset':
      return { kind: 'reset', when: 'before' };
    case 'reset:body':
      return { kind: 'reset', when: 'body' };
    case 'reset:after':
      return { kind: 'reset', when: 'after' };
    case 'wrongShape':
      return { kind: 'wrongShape', shape: 'array' };
    default:
      return { kind: plain };
  }
}

function numberFault(fault: string): ParsedFault | undefined {
  const [, name = '', digits, empty] = /^([A-Za-z]+):(-?\d{1,9})(:empty)?$/.exec(fault) ?? [];
  const kind = Object.keys(NUMBERS).find((candidate) => candidate === name) as NumberKind | undefined; // its keys
  if (kind === undefined) return undefined;
  const [min, max] = NUMBERS[kind];
  const value = Number(digits);
  if (value < min || value > max) return undefined;
  if (kind === 'status') return { kind, value, isEmpty: empty !== undefined };
  return empty === undefined ? { kind, value } : undefined;
}

function textFault(fault: string): ParsedFault | undefined {
  const [name, ...rest] = fault.split(':');
  const kind = TEXTS.find((candidate) => candidate === name);
  const text = rest.join(':');
  return kind === undefined || text === '' ? undefined : { kind, text };
}

function wrongShape(fault: string): ParsedFault | undefined {
  const shape = Object.keys(WRONG_SHAPES).find((name) => fault === `wrongShape:${name}`);
  return shape === undefined ? undefined : { kind: 'wrongShape', shape: shape as WrongShape }; // its keys
}
