import { parseObject } from '../../mq/control/definition-codec.ts';
import { SimulatorError } from '../../shared/simulator-error.ts';
import {
  flag,
  problemsOf,
  TEMPLATE_FIELDS,
  text,
  wholeNumber,
  type FieldCheck,
} from '../api/template-fields.ts';
import {
  PROJECT_STATES,
  type JobDefinition,
  type ProjectDefinition,
  type ProjectStatus,
  type RunPlan,
} from '../model.ts';
import { REGION_STATES, type RegionState } from '../state/regions.ts';

const YEAR_MS = 365 * 24 * 3_600_000;
const PLAN_FIELDS: Readonly<Record<keyof RunPlan, FieldCheck>> = {
  pendingMs: wholeNumber(0, YEAR_MS),
  runMs: wholeNumber(0, YEAR_MS),
  fails: flag,
};
const PROJECT_FIELDS = { name: text, region: text };

/**
 * Reads a job's definition from a body, which may be empty: the API's own members, and how its runs go.
 * @throws {SimulatorError} (400) naming every member that is wrong.
 */
export function parseJob(body: Buffer): JobDefinition {
  return checked(parseObject(body), { ...TEMPLATE_FIELDS, ...PLAN_FIELDS }); // every member was checked
}

/**
 * Reads name and region of a project from a body.
 * @throws {SimulatorError} (400) naming every member that is wrong.
 */
export function parseProject(body: Buffer): Pick<ProjectDefinition, 'name' | 'region'> {
  const { name, region } = checked(parseObject(body), PROJECT_FIELDS);
  if (typeof name === 'string' && typeof region === 'string') return { name, region };
  throw new SimulatorError(400, 'name and region are needed');
}

/** @throws {SimulatorError} (400) naming those that there are. */
export function asProjectStatus(given: string): ProjectStatus {
  return oneOf('status', PROJECT_STATES, given);
}

/** @throws {SimulatorError} (400) naming those that there are. */
export function asRegionState(given: string): RegionState {
  return oneOf('state', REGION_STATES, given);
}

function oneOf<T extends string>(what: string, values: readonly T[], given: string): T {
  const found = values.find((value) => value === given);
  if (found === undefined) throw new SimulatorError(400, `${what} is one of ${values.join(', ')}`);
  return found;
}

function checked(
  value: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, FieldCheck>>,
): Readonly<Record<string, unknown>> {
  const problems = problemsOf(value, fields);
  if (problems.length > 0)
    throw new SimulatorError(400, `${problems.join('; ')} (known are ${Object.keys(fields).join(', ')})`);
  return value;
}
