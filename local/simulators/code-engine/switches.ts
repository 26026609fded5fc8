import { SimulatorError } from '../shared/simulator-error.ts';

interface SwitchForm {
  /** What it can be set to; the first is the default. */
  readonly values: readonly [string, ...string[]];
  readonly what: string;
}

/** The points on which IBM documents nothing. A client has to be right under every value of each. */
export const SWITCHES = {
  authorization: {
    values: ['bearerOrBare', 'bearerOnly'],
    what: 'whether a token without the word Bearer is taken',
  },
  clashCode: {
    values: ['conflict', 'resource_already_exists'],
    what: 'the error code of a name that is taken',
  },
  clashStatus: { values: ['409', '400', '422'], what: 'the status of a name that is taken' },
  deleting: {
    values: ['atOnce', 'later'],
    what: 'whether a deleted run is gone when the deletion is accepted, or 5 s later',
  },
  invalidStatus: {
    values: ['400', '422'],
    what: 'the status of a run that cannot be created as it is described',
  },
  limitOverMax: { values: ['capped', 'refused'], what: 'limit= over 100' },
  listOrder: { values: ['newestFirst', 'oldestFirst', 'byName'], what: 'the order of runs in a list' },
  quotaCode: { values: ['quota_exceeded', 'limit_exceeded'], what: 'the error code of one run too many' },
  quotaStatus: {
    values: ['403', '400', '409', '422', '429', '503'],
    what: 'the status of one run too many',
  },
  unknownJobStatus: { values: ['404', '400', '422'], what: 'the status of a run of a job that is not there' },
} as const satisfies Readonly<Record<string, SwitchForm>>;

export type SwitchName = keyof typeof SWITCHES;
export type Switches = { readonly [Name in SwitchName]: (typeof SWITCHES)[Name]['values'][number] };

const NAMES = Object.keys(SWITCHES) as readonly SwitchName[]; // its keys, by construction

export const DEFAULT_SWITCHES = Object.fromEntries(
  NAMES.map((name) => [name, SWITCHES[name].values[0]]),
) as Switches; // made from every name and one of its values

/**
 * Takes names and values as settings of switches.
 * @throws {SimulatorError} (400) naming every one that is wrong, and what it can be.
 */
export function parseSwitches(given: Readonly<Record<string, unknown>>): Partial<Switches> {
  const faults = Object.entries(given).flatMap(([name, value]) => {
    const known = NAMES.find((candidate) => candidate === name);
    if (known === undefined) return `${name} is no switch; there are: ${NAMES.join(', ')}`;
    const values: readonly unknown[] = SWITCHES[known].values;
    return values.includes(value) ? [] : `${name} is one of ${values.join(', ')}`;
  });
  if (faults.length > 0) throw new SimulatorError(400, faults.join('; '));
  return given; // each was just checked
}
