import { parseObject } from '../../mq/control/definition-codec.ts';
import { SimulatorError } from '../../shared/simulator-error.ts';
import { asFault, OPERATIONS } from '../fault.ts';
import { SWITCHES } from '../switches.ts';
import { asProjectStatus, asRegionState, parseJob, parseProject } from './definition-codec.ts';
import type { CodeEngineControl } from './code-engine-control.ts';

/** A request to the control API, taken apart: the names in its path, decoded, and the rest. */
export interface ControlRequest {
  readonly names: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** One thing that can be done. Answered 200 with what `run` returns as JSON. */
export interface ControlRoute {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** After `/_emu`; each `*` is a name. */
  readonly path: string;
  readonly does: string;
  readonly run: (control: CodeEngineControl, request: ControlRequest) => unknown;
}

const PROJECT = '/project/*';
const JOB = '/project/*/job/*';
const RUN = '/project/*/run/*';

const row = (
  request: `${ControlRoute['method']} ${string}`,
  does: string,
  run: ControlRoute['run'],
): ControlRoute => {
  const [method, path = ''] = request.split(' ');
  return { method: method as ControlRoute['method'], path, does, run }; // as the type of `request` says
};

export const CONTROL_ROUTES: readonly ControlRoute[] = [
  row('GET ', 'this overview', overview),
  row(`PUT ${PROJECT}`, 'adds or replaces a project: {"name": …, "region": "eu-de"}', putProject),
  row(`DELETE ${PROJECT}`, 'takes a project away', (control, { names: [project = ''] }) => {
    control.removeProject(project);
    return control.overview();
  }),
  row(`POST ${PROJECT}/status`, 'sets ?status= of a project', (control, { names: [project = ''], query }) => {
    control.setProjectStatus(project, asProjectStatus(query.get('status') ?? ''));
    return control.overview();
  }),
  row(
    `PUT ${JOB}`,
    'adds or replaces a job: {"runMs": 5000} and more',
    (control, { names: [project = '', job = ''], body }) => {
      control.addJob(project, job, parseJob(body));
      return control.overview();
    },
  ),
  row(`DELETE ${JOB}`, 'takes a job away', (control, { names: [project = '', job = ''] }) => {
    control.removeJob(project, job);
    return control.overview();
  }),
  row(`POST ${RUN}/finish`, 'ends a run well, or its instance ?index=', (control, { names, query }) =>
    control.finishRun(names[0] ?? '', names[1] ?? '', indexOf(query)),
  ),
  row(`POST ${RUN}/fail`, 'lets a run fail, or its instance ?index=, for ?reason=', (control, asked) => {
    const { names, query } = asked;
    return control.failRun(names[0] ?? '', names[1] ?? '', indexOf(query), query.get('reason') ?? undefined);
  }),
  row(
    'PUT /region/*',
    '?state=up, unavailable or unreachable',
    (control, { names: [region = ''], query }) => {
      control.setRegion(region, asRegionState(query.get('state') ?? ''));
      return control.regions();
    },
  ),
  row('POST /tokens/expire', 'ends every token', (control) => {
    control.expireTokens();
    return [];
  }),
  row('POST /tokens/lifetime', 'of tokens from now on: ?ms=', (control, { query }) => {
    control.setTokenLifetime(numberOf(query, 'ms') ?? 0);
    return [];
  }),
  row('GET /faults', 'the faults, with when they come up', (control) => control.faults()),
  row(
    'POST /faults',
    'sets a fault: ?fault=, and any of &operation= &region= &project= &after= &calls=',
    addFault,
  ),
  row('DELETE /faults', 'takes all faults away', (control) => {
    control.clearFaults();
    return [];
  }),
  row('GET /switches', 'the switches: what each is, can be and is set to', (control) => ({
    settings: control.switches(),
    switches: SWITCHES,
  })),
  row('PUT /switches', 'sets switches: {"clashStatus": "422"}', (control, { body }) => {
    control.setSwitches(parseObject(body));
    return control.switches();
  }),
  row('GET /journal', 'the requests to the API and IAM, of ?operation= or all', (control, { query }) =>
    control.journal(query.get('operation') ?? undefined),
  ),
  row('DELETE /journal', 'forgets them', (control) => {
    control.clearJournal();
    return [];
  }),
];

function overview(control: CodeEngineControl): unknown {
  return {
    regions: control.regions(),
    projects: control.overview(),
    faults: control.faults(),
    requests: CONTROL_ROUTES.map(({ method, path, does }) => `${method} /_emu${path}: ${does}`),
  };
}

function putProject(control: CodeEngineControl, { names: [id = ''], body }: ControlRequest): unknown {
  control.addProject({ ...parseProject(body), id });
  return control.overview();
}

function addFault(control: CodeEngineControl, { query }: ControlRequest): unknown {
  const given = query.get('operation');
  const operation = OPERATIONS.find((candidate) => candidate === given);
  if (given !== null && operation === undefined)
    throw new SimulatorError(400, `operation is one of ${OPERATIONS.join(', ')}`);
  const [region, project] = [query.get('region'), query.get('project')];
  const [after, calls] = [numberOf(query, 'after'), numberOf(query, 'calls')];
  control.addFault({
    fault: asFault(query.get('fault') ?? ''),
    ...(operation === undefined ? {} : { operation }),
    ...(region === null ? {} : { region }),
    ...(project === null ? {} : { project }),
    ...(after === undefined ? {} : { after }),
    ...(calls === undefined ? {} : { calls }),
  });
  return control.faults();
}

function indexOf(query: URLSearchParams): number | undefined {
  return numberOf(query, 'index');
}

function numberOf(query: URLSearchParams, parameter: string): number | undefined {
  const text = query.get(parameter);
  if (text === null) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new SimulatorError(400, `${parameter} is a whole number`);
  return Number(text);
}
