import type { AccessTokens } from '../../iam/access-tokens.ts';
import { SimulatorError } from '../../shared/simulator-error.ts';
import type { FaultRules } from '../faults/fault-rules.ts';
import type { Journal } from '../journal.ts';
import type { Project, Projects } from '../state/projects.ts';
import type { RegionState } from '../state/regions.ts';
import type { HandledRuns } from '../state/run-handler.ts';
import { isActive, lifeOf, type InstanceEnd, type Run } from '../state/run.ts';
import type { Runs } from '../state/runs.ts';
import { parseSwitches, type Switches } from '../switches.ts';
import type { CodeEngineControl, ProjectOverview, RunOverview } from './code-engine-control.ts';

export interface CodeEngineControlDeps {
  readonly projects: Projects;
  readonly runs: Runs;
  /** Undefined when time alone ends runs. */
  readonly handled: HandledRuns | undefined;
  readonly regions: Map<string, RegionState>;
  readonly tokens: AccessTokens;
  readonly faults: FaultRules;
  readonly journal: Journal;
  readonly switches: { current: Switches };
  readonly nowMs: () => number;
}

/** How long tokens live at most. */
export const TOKEN_LIFETIME_MS_MAX = 3_600_000;

export function createCodeEngineControl(deps: CodeEngineControlDeps): CodeEngineControl {
  const { projects, runs, handled, regions, tokens, faults, journal, switches, nowMs } = deps;
  const end = (
    project: string,
    name: string,
    how: Omit<InstanceEnd, 'atMs'>,
    index: number | undefined,
  ): RunOverview => {
    const run = runs.end(projects.project(project).id, name, how, index);
    if (!isActive(run, nowMs())) handled?.stop(project, name);
    return runOverview(run, nowMs());
  };
  return {
    addProject: (definition) => {
      const { region } = projects.add(definition);
      if (!regions.has(region)) regions.set(region, 'up');
    },
    setProjectStatus: projects.setStatus,
    removeProject: (id) => {
      projects.remove(id);
      for (const { name } of runs.of(id)) handled?.stop(id, name);
      runs.forget(id);
    },
    addJob: (project, job, definition = {}) => void projects.addJob(project, job, definition),
    removeJob: projects.removeJob,
    runs: (project) => runs.of(projects.project(project).id).map((run) => runOverview(run, nowMs())),
    finishRun: (project, run, index) => end(project, run, { outcome: 'succeeded' }, index),
    failRun: (project, run, index, reason) =>
      end(project, run, { outcome: 'failed', ...(reason === undefined ? {} : { reason }) }, index),
    setRegion: (region, state) => void regions.set(region, state),
    regions: () => Object.fromEntries(regions),
    expireTokens: tokens.expireAll,
    setTokenLifetime: (lifetimeMs) => tokens.setLifetime(checkedLifetime(lifetimeMs)),
    addFault: (rule) => faults.add(typeof rule === 'string' ? { fault: rule } : rule),
    clearFaults: faults.clear,
    faults: faults.rules,
    switches: () => switches.current,
    setSwitches: (settings) => {
      switches.current = { ...switches.current, ...parseSwitches(settings) };
    },
    overview: () =>
      Object.fromEntries(
        projects.all().map((project) => [project.id, overviewOf(project, runs.of(project.id), nowMs())]),
      ),
    journal: (operation) =>
      journal.entries().filter((entry) => operation === undefined || entry.operation === operation),
    clearJournal: journal.clear,
  };
}

/**
 * A token's life.
 * @throws {SimulatorError} (400) when it is longer than IAM gives, or none.
 */
export function checkedLifetime(lifetimeMs: number): number {
  if (lifetimeMs > 0 && lifetimeMs <= TOKEN_LIFETIME_MS_MAX) return lifetimeMs;
  throw new SimulatorError(400, 'a token lives above 0 and up to 3600000 ms');
}

function overviewOf(project: Project, runs: readonly Run[], nowMs: number): ProjectOverview {
  const { name, region, status, jobs } = project;
  return { name, region, status, jobs: [...jobs.keys()], runs: runs.map((run) => runOverview(run, nowMs)) };
}

function runOverview(run: Run, nowMs: number): RunOverview {
  const { name, jobName: job, createdAtMs } = run;
  return { name, job, status: lifeOf(run, nowMs).status, createdAtMs };
}
