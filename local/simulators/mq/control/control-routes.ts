import type { ControlRequest } from './control-request.ts';
import { SWITCHES } from '../switches.ts';
import { parseObject, parseQueueDefinition, parseQueueManagerSettings } from './definition-codec.ts';
import { addFault, clearFaults } from './fault-requests.ts';
import { backOutPending, commitPending, expire, get, put } from './message-requests.ts';
import type { MqControl } from './mq-control.ts';

/** One thing that can be done. Answered 200 with what `run` returns as JSON. */
export interface ControlRoute {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** After `/_emu`; `*` is the name of a queue manager, then of a queue. */
  readonly path: string;
  readonly does: string;
  readonly run: (control: MqControl, request: ControlRequest) => unknown;
}

const QUEUE_MANAGER = '/qmgr/*';
const QUEUE = '/qmgr/*/queue/*';
const FAULTS = '/faults';
const JOURNAL = '/journal';
const SWITCH = '/switches';
const FAULT_PARAMETERS = '?fault=, and any of &qmgr= &path= &calls= &probability= &seed=';

export const CONTROL_ROUTES: readonly ControlRoute[] = [
  { method: 'GET', path: '', does: 'this overview', run: overview },
  {
    method: 'GET',
    path: QUEUE_MANAGER,
    does: 'a queue manager with all its queues',
    run: (control, { qmgr }) => control.queueManager(qmgr),
  },
  {
    method: 'PUT',
    path: QUEUE_MANAGER,
    does: 'adds a queue manager, or changes it: {"state": "running" | "ended" | "standby"} and more',
    run: putQueueManager,
  },
  {
    method: 'GET',
    path: QUEUE,
    does: 'a queue',
    run: (control, { qmgr, queue }) => control.queue(qmgr, queue),
  },
  {
    method: 'PUT',
    path: QUEUE,
    does: 'adds or replaces a queue: {"depth": 3} and more',
    run: (control, { qmgr, queue, body }) => control.addQueue(qmgr, queue, parseQueueDefinition(body)),
  },
  {
    method: 'POST',
    path: `${QUEUE}/put`,
    does: 'puts ?n= messages (1), pending with &commit=false',
    run: put,
  },
  { method: 'POST', path: `${QUEUE}/get`, does: 'takes up to ?n= messages (1) off, likewise', run: get },
  { method: 'POST', path: `${QUEUE}/commit`, does: 'makes what is pending final', run: commitPending },
  { method: 'POST', path: `${QUEUE}/backout`, does: 'undoes what is pending', run: backOutPending },
  { method: 'POST', path: `${QUEUE}/expire`, does: 'lets up to ?n= messages (1) expire', run: expire },
  {
    method: 'GET',
    path: FAULTS,
    does: 'the faults of each queue manager',
    run: (control) => control.faults(),
  },
  {
    method: 'GET',
    path: `${FAULTS}/rules`,
    does: 'all faults, with when they come up',
    run: (control) => control.faultRules(),
  },
  { method: 'POST', path: FAULTS, does: `sets a fault: ${FAULT_PARAMETERS}`, run: addFault },
  { method: 'DELETE', path: FAULTS, does: 'takes the faults of ?qmgr= away, or all', run: clearFaults },
  {
    method: 'GET',
    path: SWITCH,
    does: 'the switches: what each is, can be and is set to',
    run: (control) => ({ settings: control.switches(), switches: SWITCHES }),
  },
  { method: 'PUT', path: SWITCH, does: 'sets switches: {"noMatchAs": "emptyOk"}', run: putSwitches },
  {
    method: 'GET',
    path: JOURNAL,
    does: 'the requests to the REST API, of ?qmgr= or all',
    run: (control, { query }) => control.journal(query.get('qmgr') ?? undefined),
  },
  { method: 'DELETE', path: JOURNAL, does: 'forgets them', run: clearJournal },
];

function overview(control: MqControl): unknown {
  return {
    queueManagers: control.overview(),
    faults: control.faults(),
    requests: CONTROL_ROUTES.map(({ method, path, does }) => `${method} /_emu${path}: ${does}`),
  };
}

function putQueueManager(control: MqControl, { qmgr, body }: ControlRequest): unknown {
  const settings = parseQueueManagerSettings(body);
  if (Object.hasOwn(control.overview(qmgr), qmgr)) control.changeQueueManager(qmgr, settings);
  else control.addQueueManager({ ...settings, name: qmgr });
  return control.overview(qmgr);
}

function putSwitches(control: MqControl, { body }: ControlRequest): unknown {
  control.setSwitches(parseObject(body));
  return control.switches();
}

function clearJournal(control: MqControl): unknown {
  control.clearJournal();
  return [];
}
