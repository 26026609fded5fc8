import { SimulatorError } from '../shared/simulator-error.ts';

interface SwitchForm {
  /** What it can be set to; the first is the default. */
  readonly values: readonly [string, ...string[]];
  readonly what: string;
}

/**
 * The points on which nobody here has seen a real queue manager, or on which real ones differ. A client has to be right
 * under every value of each.
 */
export const SWITCHES = {
  apiDocs: { values: ['off', 'on'], what: 'whether /ibm/api/docs is served' },
  attr120As: {
    values: ['400', 'in200'],
    what: 'an attribute that cannot be shown (MQWB0120E): the status, or a message inside 200',
  },
  badLoginAs: { values: ['MQWB0104E', 'MQWB0105E'], what: 'POST /login with a wrong password' },
  bodyFormat: { values: ['pretty', 'compact'], what: 'white space in JSON' },
  contentType: { values: ['withCharset', 'plain'], what: 'application/json with or without charset=utf-8' },
  csrfRequired: { values: ['yes', 'no'], what: 'whether POST and DELETE need ibm-mq-rest-csrf-token' },
  csrfStatus: { values: ['403', '401', '400'], what: 'the status of MQWB0100E' },
  damagedInV1: {
    values: ['hidden', 'fails'],
    what: 'a damaged queue in a v1 list: left out, or the list is 500',
  },
  endedAs: { values: ['503', '503MQWB0004E', '500'], what: 'a queue manager that is not running (2059)' },
  errorFields: { values: ['all', 'few'], what: 'whether an error has explanation and action' },
  expiredCookieWithBasic: {
    values: ['refuses', 'takesBasic'],
    what: 'an expired cookie beside a right password',
  },
  hangEnds: { values: ['500', '504', 'never'], what: 'what a hanging request gets when MQ gives up' },
  msgageAs: { values: ['number', 'string', 'array', 'missing'], what: 'msgage of mqsc' },
  mqscUnknownAs: { values: ['blank', 'missing'], what: 'times and ages that are not monitored, in mqsc' },
  mqWebUserList: { values: ['hides', 'fails'], what: 'a list for a user who may not see every queue' },
  nameOnOneQueue: { values: ['ignored', 'refused'], what: 'name= on /queue/{name}' },
  noMatchAs: {
    values: ['item2085', 'noText', 'emptyOk', 'empty3008'],
    what: 'an mqsc display that matches nothing: an item, one without words, or no items with codes 0 or 2/3008',
  },
  oldJsonCommandAs: {
    values: ['400', 'accepted'],
    what: 'runCommandJSON on a queue manager before 9.1.3',
  },
  overallReasonKey: { values: ['overallReasonCode', 'overAllReasonCode'], what: 'its spelling' },
  qtimeAs: { values: ['array', 'string', 'number', 'missing'], what: 'qtime of mqsc' },
  standbyStatus: { values: ['500', '503', '404', '400'], what: 'the status that comes with reason 2543' },
  starInMiddle: { values: ['literal', 'generic', 'refused'], what: 'a * in name= that is not at the end' },
  statusFilter: {
    values: ['accepted', 'refusedThroughGateway', 'refused'],
    what: 'filter= by an attribute of status',
  },
  uncomAs: { values: ['yesNo', 'number', 'string', 'array', 'missing'], what: 'uncom of mqsc' },
  unknownAs: {
    values: ['sentinel', 'missing', 'null'],
    what: 'times and ages that are not monitored, in v1',
  },
  unknownGatewayStatus: { values: ['404', '400'], what: 'the status for a gateway that does not exist' },
  unknownQueueCodes: { values: ['3312', '2085', 'none'], what: 'the codes that come with MQWB0037E' },
  v2v3QueueReply: { values: ['json404', 'html404', '405'], what: '/queue under v2 and v3' },
  whereAccepted: {
    values: ['yes', 'syntaxError', '400', 'ignored'],
    what: 'parameters.WHERE of mqsc: an AMQ8405I item in 200, the status 400, or no effect',
  },
  wrongRootStatus: { values: ['404', '200', '302'], what: 'the status outside /ibmmq/rest' },
} as const satisfies Readonly<Record<string, SwitchForm>>;

export type SwitchName = keyof typeof SWITCHES;
export type Switches = { readonly [Name in SwitchName]: (typeof SWITCHES)[Name]['values'][number] };

/** One switch set to one of its values. */
export interface SwitchSetting {
  readonly name: SwitchName;
  readonly value: string;
  readonly isDefault: boolean;
}

const NAMES = Object.keys(SWITCHES) as readonly SwitchName[]; // its keys, by construction

/** Every switch with every value, to iterate over: `{ [name]: value }` sets it. */
export const SWITCH_SETTINGS: readonly SwitchSetting[] = NAMES.flatMap((name) =>
  SWITCHES[name].values.map((value, index) => ({ name, value, isDefault: index === 0 })),
);

export const DEFAULT_SWITCHES: Switches = asSwitches(
  Object.fromEntries(NAMES.map((name) => [name, SWITCHES[name].values[0]])),
);

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

function asSwitches(complete: Readonly<Record<string, string>>): Switches {
  return complete as Switches; // made from every name and one of its values
}
