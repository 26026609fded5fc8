import type { CodeEngineFault } from '../fault.ts';
import type { FaultRule } from '../faults/fault-rules.ts';
import type { JournalEntry } from '../journal.ts';
import type { JobDefinition, ProjectDefinition, ProjectStatus } from '../model.ts';
import type { Project } from '../state/projects.ts';
import type { RegionState } from '../state/regions.ts';
import type { RunLife } from '../state/run.ts';
import type { Switches } from '../switches.ts';

/** A run as the control shows it. */
export interface RunOverview {
  readonly name: string;
  readonly job: string | undefined;
  readonly status: RunLife['status'];
  readonly createdAtMs: number;
}

/** A project as the overview shows it. */
export interface ProjectOverview extends Pick<Project, 'name' | 'region' | 'status'> {
  readonly jobs: readonly string[];
  readonly runs: readonly RunOverview[];
}

/**
 * What can be done to a running simulator, in code and over `/_emu`. Projects are named by id.
 * What takes a name or an argument throws {SimulatorError} when it is wrong, and changes nothing then.
 */
export interface CodeEngineControl {
  /** Adds a project, or replaces the one of that id. */
  readonly addProject: (definition: ProjectDefinition) => void;
  readonly setProjectStatus: (project: string, status: ProjectStatus) => void;
  /** Takes a project away with its jobs and runs. */
  readonly removeProject: (project: string) => void;
  /** Adds a job, or replaces the one of that name. */
  readonly addJob: (project: string, job: string, definition?: JobDefinition) => void;
  readonly removeJob: (project: string, job: string) => void;
  /** The runs of a project, oldest first. */
  readonly runs: (project: string) => readonly RunOverview[];
  /** Ends a run now, or one instance of it. */
  readonly finishRun: (project: string, run: string, index?: number) => RunOverview;
  readonly failRun: (project: string, run: string, index?: number, reason?: string) => RunOverview;
  /** Makes a region known, and available or not. */
  readonly setRegion: (region: string, state: RegionState) => void;
  readonly regions: () => Readonly<Record<string, RegionState>>;
  /** Ends every token that was given. */
  readonly expireTokens: () => void;
  /** How long tokens live that are given from now on, up to an hour. */
  readonly setTokenLifetime: (lifetimeMs: number) => void;
  /** Lets requests be struck; a fault alone strikes all. */
  readonly addFault: (rule: FaultRule | CodeEngineFault) => void;
  readonly clearFaults: () => void;
  readonly faults: () => readonly FaultRule[];
  readonly switches: () => Switches;
  /** Sets some switches; the others stay. */
  readonly setSwitches: (settings: Readonly<Record<string, unknown>>) => void;
  /** By project id. */
  readonly overview: () => Readonly<Record<string, ProjectOverview>>;
  /** The requests that reached the API and IAM, oldest first; those of an operation when it is named. */
  readonly journal: (operation?: string) => readonly JournalEntry[];
  readonly clearJournal: () => void;
}
