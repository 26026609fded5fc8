/** What the stand-in for the IBM Cloud CLI knows. All of it is JSON. */
export interface CloudState {
  loggedIn: boolean;
  region: string | null;
  resourceGroup: string | null;
  plugin: string;
  runtimes: string[];
  selected: string | null;
  projects: Record<string, ProjectState>;
  /** What the list says about projects besides, by name. */
  projectFields: Record<string, Readonly<Record<string, string>>>;
  /** Every command line, in order. */
  calls: string[][];
  /** The number of the call that fails, counted from 1. */
  failAt: number | null;
  /** True: the call that fails does its work before. */
  failsAfterwards: boolean;
}

export interface ProjectState {
  functions: Record<string, FunctionState>;
  configmaps: Record<string, Record<string, string>>;
  secrets: Record<string, Record<string, string>>;
  crons: Record<string, CronState>;
}

export interface FunctionState {
  /** All flags as they stand, but those that are merged: below. */
  readonly flags: Record<string, string>;
  readonly env: Record<string, string>;
  readonly references: string[];
}

export interface CronState {
  readonly destination: string;
  readonly destinationType: string;
  readonly schedule: string;
  readonly timeZone: string;
}

export function emptyProject(): ProjectState {
  return { functions: {}, configmaps: {}, secrets: {}, crons: {} };
}

/** Somebody is logged in, and there is no project yet. */
export function aCloud(given: Partial<CloudState> = {}): CloudState {
  return {
    loggedIn: true,
    region: 'eu-de',
    resourceGroup: 'Default',
    plugin: '1.56.0',
    runtimes: ['nodejs-22', 'nodejs-24', 'python-3.13'],
    selected: null,
    projects: {},
    projectFields: {},
    calls: [],
    failAt: null,
    failsAfterwards: false,
    ...given,
  };
}
