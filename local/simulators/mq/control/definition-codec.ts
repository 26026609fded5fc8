import {
  MONITORING_RATES,
  PLATFORMS,
  QUEUE_MANAGER_STATES,
  type QueueDefinition,
  type QueueManagerSettings,
} from '../model.ts';
import { SimulatorError } from '../../shared/simulator-error.ts';

type FieldCheck = (value: unknown) => string | undefined;

const text: FieldCheck = (value) => (typeof value === 'string' ? undefined : 'a text');
const wholeNumber: FieldCheck = (value) => (Number.isSafeInteger(value) ? undefined : 'a whole number');
const flag: FieldCheck = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const oneOf =
  (...values: readonly string[]): FieldCheck =>
  (value) =>
    typeof value === 'string' && values.includes(value) ? undefined : `one of ${values.join(', ')}`;

const QUEUE_FIELDS: Readonly<Record<keyof QueueDefinition, FieldCheck>> = {
  type: oneOf('local', 'alias', 'remote', 'model'),
  depth: wholeNumber,
  uncommittedPuts: wholeNumber,
  uncommittedGets: wholeNumber,
  expired: wholeNumber,
  inputHandles: wholeNumber,
  outputHandles: wholeNumber,
  oldestPutAtMs: wholeNumber,
  lastGetAtMs: wholeNumber,
  lastPutAtMs: wholeNumber,
  inhibitGet: flag,
  inhibitPut: flag,
  maximumDepth: wholeNumber,
  description: text,
  dynamicType: oneOf('permanentDynamic', 'temporaryDynamic'),
  targetName: text,
  remoteQueue: text,
  remoteQueueManager: text,
  isTransmissionQueue: flag,
  shared: flag,
  damaged: flag,
  monq: oneOf('qmgr', ...MONITORING_RATES),
};

const QUEUE_MANAGER_FIELDS: Readonly<Record<keyof QueueManagerSettings, FieldCheck>> = {
  state: oneOf(...QUEUE_MANAGER_STATES),
  platform: oneOf(...PLATFORMS),
  versionLevel: text,
  monq: oneOf(...MONITORING_RATES),
  timeZone: text,
  gatewayOnly: flag,
  replyQueue: flag,
  activeOn: wholeNumber,
};

/**
 * Reads a queue's definition from a body; an empty body is a local queue.
 * @throws {SimulatorError} (400) naming every field that is wrong.
 */
export function parseQueueDefinition(body: Buffer): QueueDefinition {
  return checked<QueueDefinition>(body, QUEUE_FIELDS);
}

/**
 * Reads what is said of a queue manager from a body, which may be empty.
 * @throws {SimulatorError} (400) naming every field that is wrong.
 */
export function parseQueueManagerSettings(body: Buffer): Partial<QueueManagerSettings> {
  return checked<Partial<QueueManagerSettings>>(body, QUEUE_MANAGER_FIELDS);
}

/**
 * Reads a body as an object; an empty body has no members.
 * @throws {SimulatorError} (400)
 */
export function parseObject(body: Buffer): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw new SimulatorError(400, 'the body is not a JSON object');
}

function checked<T>(body: Buffer, fields: Readonly<Record<keyof T & string, FieldCheck>>): T {
  const value = parseObject(body);
  const checks: Readonly<Record<string, FieldCheck>> = fields;
  const faults = Object.entries(value).flatMap(([key, given]) => {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (check === undefined) return `${key}: not known; known are ${Object.keys(checks).join(', ')}`;
    const wanted = check(given);
    return wanted === undefined ? [] : `${key}: ${wanted} is needed`;
  });
  if (faults.length > 0) throw new SimulatorError(400, faults.join('; '));
  return value as T; // every field that it has was checked
}
