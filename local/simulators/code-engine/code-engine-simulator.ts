import type { Clock, Randomness } from '../../../lib/platform/clock.ts';
import { systemClock, systemRandomness } from '../../../lib/platform/system-clock.ts';
import { createAccessTokens } from '../iam/access-tokens.ts';
import { DEFAULT_API_KEYS, type ApiKeyIdentity, type ProfileIdentity } from '../iam/identities.ts';
import { listenOnLoopback, LOOPBACK } from '../shared/loopback-server.ts';
import { createApiHandler } from './api/api-server.ts';
import { createTokenHandler } from './api/token-server.ts';
import { createControlHandler } from './control/control-api.ts';
import type { CodeEngineControl } from './control/code-engine-control.ts';
import { checkedLifetime, createCodeEngineControl, TOKEN_LIFETIME_MS_MAX } from './control/create-control.ts';
import type { ParsedFault } from './fault.ts';
import { createFaultRules } from './faults/fault-rules.ts';
import { createJournal } from './journal.ts';
import type { ProjectDefinition, RunPlan } from './model.ts';
import { createProjects } from './state/projects.ts';
import type { RegionState } from './state/regions.ts';
import { createHandledRuns, type RunHandler } from './state/run-handler.ts';
import { createRuns } from './state/runs.ts';
import { DEFAULT_SWITCHES, parseSwitches, type Switches } from './switches.ts';

/** How a simulator begins. */
export interface CodeEngineSimulatorOptions {
  /** None when not given; `addProject` adds more. */
  readonly projects?: readonly ProjectDefinition[];
  /** Regions that there are beside those of the projects. */
  readonly regions?: readonly string[];
  /** Who can sign in: `api-key` when not given. */
  readonly apiKeys?: readonly ApiKeyIdentity[];
  /** None when not given. */
  readonly profiles?: readonly ProfileIdentity[];
  /** Of tokens, up to the hour that it is when not given. */
  readonly tokenLifetimeMs?: number;
  /** How runs go whose job says nothing: 1 s pending and 10 s running when not given. */
  readonly plan?: RunPlan;
  /** Does the work of runs, which then last as long as it does, unless their job has a `runMs`. */
  readonly onRun?: RunHandler;
  /** Runs that a project holds (100), those that are over included. */
  readonly runsMax?: number;
  readonly switches?: Partial<Switches>;
  /** Of the API. Another one is taken when it is not free, or not given. */
  readonly port?: number;
  readonly iamPort?: number;
  readonly controlPort?: number;
  /** Everything goes by it. One that is moved by hand makes a week pass at once. */
  readonly clock?: Clock;
  readonly randomness?: Randomness;
}

/** A running simulator: its servers on 127.0.0.1, and its control. */
export interface CodeEngineSimulator extends CodeEngineControl {
  /** Of the API in a region, with `{region}` where its name belongs; without a trailing slash. */
  readonly apiEndpoint: string;
  /** IAM's base URL; `/identity/token` comes after it. */
  readonly iamUrl: string;
  /** Scheme, host and port of the control API; `/_emu` comes after it. */
  readonly controlUrl: string;
  /** Cuts what is going on, hanging answers included, tells the handlers of runs, and frees all ports. */
  readonly close: () => Promise<void>;
}

const RUNS_MAX = 100;
const PENDING_MS = 1_000;
const RUN_MS = 10_000;

/**
 * Starts a simulator of the Code Engine API v2 and of the IAM that gives tokens for it, as far as projects, jobs and job
 * runs go. Both can be told to misbehave.
 * @throws {SimulatorError} when something cannot be as it is given.
 */
export async function startCodeEngineSimulator(
  options: CodeEngineSimulatorOptions = {},
): Promise<CodeEngineSimulator> {
  const { clock = systemClock, randomness = systemRandomness, onRun } = options;
  const { nowMs } = clock;
  const { uuid, fraction } = randomness;
  const lifetimeMs = checkedLifetime(options.tokenLifetimeMs ?? TOKEN_LIFETIME_MS_MAX);
  const runMs = onRun === undefined ? RUN_MS : Number.POSITIVE_INFINITY;
  const plan = { pendingMs: PENDING_MS, runMs, fails: false, ...options.plan };
  const closing = new AbortController();
  const [journal, faults] = [createJournal(nowMs), createFaultRules()];
  const tokens = createAccessTokens({ nowMs, uuid, lifetimeMs });
  const projects = createProjects({ nowMs, uuid, plan });
  const runs = createRuns(nowMs, uuid);
  const regions = new Map<string, RegionState>(options.regions?.map((region) => [region, 'up']));
  const switches = { current: { ...DEFAULT_SWITCHES, ...parseSwitches(options.switches ?? {}) } };
  const handled = onRun && createHandledRuns({ runs, clock, handler: onRun, closing: closing.signal });
  const control = createCodeEngineControl({
    ...{ projects, runs, handled, regions, tokens, faults, journal, switches, nowMs },
  });
  for (const definition of options.projects ?? []) control.addProject(definition);

  const act = ({ kind }: ParsedFault, project = ''): void => {
    if (kind === 'expireTokens') tokens.expireAll();
    if (kind === 'removeProject' && projects.find(project) !== undefined) control.removeProject(project);
  };
  const shared = { tokens, faults, journal, clock, nowMs, uuid, act, closing: closing.signal };
  const api = createApiHandler({
    ...shared,
    ...{ projects, runs, plan, fraction },
    switches: () => switches.current,
    runsMax: options.runsMax ?? RUNS_MAX,
    onCreated: (project, run) => handled?.start(project, run),
    onDeleted: ({ id }, { name }) => handled?.stop(id, name),
    regionState: (region) => regions.get(region),
  });
  const { apiKeys = DEFAULT_API_KEYS, profiles = [] } = options;
  const iam = createTokenHandler({ ...shared, apiKeys, profiles });
  const apiServer = await listenOnLoopback(api, options.port);
  const iamServer = await listenOnLoopback(iam, options.iamPort);
  const controlServer = await listenOnLoopback(createControlHandler(control), options.controlPort);
  return {
    ...control,
    apiEndpoint: `http://${LOOPBACK}:${apiServer.port}/{region}/v2`,
    iamUrl: `http://${LOOPBACK}:${iamServer.port}`,
    controlUrl: `http://${LOOPBACK}:${controlServer.port}`,
    close: async () => {
      closing.abort();
      await Promise.all([apiServer, iamServer, controlServer].map((server) => server.close()));
    },
  };
}
