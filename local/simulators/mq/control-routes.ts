import { parseQueueDefinition, parseQueueManagerSettings } from './definition-codec.ts';
import { asFault } from './fault.ts';
import type { MqControl } from './mq-control.ts';
import { SimulatorError } from './simulator-error.ts';

/** A request to the control API, taken apart. */
export interface ControlRequest {
  /** Of the queue manager; empty where the path has none. */
  readonly qmgr: string;
  readonly queue: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

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
    does: 'adds a queue manager, or changes it: {"state": "running" | "ended" | "standby"}',
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
  { method: 'POST', path: `${QUEUE}/put`, does: 'puts ?n= messages (1)', run: put },
  { method: 'POST', path: `${QUEUE}/get`, does: 'takes up to ?n= messages (1) off', run: get },
  { method: 'GET', path: FAULTS, does: 'the faults that are set', run: (control) => control.faults() },
  { method: 'POST', path: FAULTS, does: 'sets a fault: ?qmgr=&fault=', run: setFault },
  { method: 'DELETE', path: FAULTS, does: 'takes the fault of ?qmgr= away, or all', run: clearFaults },
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
  const { state } = parseQueueManagerSettings(body);
  if (!Object.hasOwn(control.overview(), qmgr)) control.addQueueManager({ name: qmgr });
  if (state !== undefined) control.setState(qmgr, state);
  return { [qmgr]: control.overview()[qmgr] };
}

function put(control: MqControl, { qmgr, queue, query }: ControlRequest): unknown {
  const messages = countOf(query);
  return { qmgr, queue, put: messages, depth: control.put(qmgr, queue, messages) };
}

function get(control: MqControl, { qmgr, queue, query }: ControlRequest): unknown {
  const got = control.get(qmgr, queue, countOf(query));
  return { qmgr, queue, got, depth: control.depth(qmgr, queue) };
}

function setFault(control: MqControl, { query }: ControlRequest): unknown {
  control.setFault(needed(query, 'qmgr'), asFault(needed(query, 'fault')));
  return control.faults();
}

function clearFaults(control: MqControl, { query }: ControlRequest): unknown {
  const qmgrs = query.has('qmgr') ? query.getAll('qmgr') : Object.keys(control.faults());
  for (const qmgr of qmgrs) control.setFault(qmgr, undefined);
  return control.faults();
}

function clearJournal(control: MqControl): unknown {
  control.clearJournal();
  return [];
}

function countOf(query: URLSearchParams): number {
  const text = query.get('n') ?? '1';
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
    throw new SimulatorError(
      400,
      `n is ${JSON.stringify(text)}; a whole number from 1 to 999999999 is needed`,
    );
  return Number(text);
}

function needed(query: URLSearchParams, parameter: string): string {
  const value = query.get(parameter);
  if (value === null || value === '')
    throw new SimulatorError(400, `the query parameter ${parameter} is missing`);
  return value;
}
