import type { CycleSettings, ExecutionMode } from '../../lib/platform/configuration/configuration.ts';

/** Who can reach a function once deployed: everybody, or only what runs in its own project (cron among it). */
export type Visibility = 'public' | 'project';

/** HTTP paths that the gateway hands to a function. A path that ends in `/*` covers everything below it. */
export interface HttpTrigger {
  readonly kind: 'http';
  readonly paths: readonly string[];
  /** True for the one function that is called for paths nobody claims; it answers 404. */
  readonly takesUnknownPaths: boolean;
}

/** A timer that calls a function at `/`, as a cron subscription does. */
export interface CronTrigger {
  readonly kind: 'cron';
  /** Which schedule of the configuration drives it. */
  readonly cycle: keyof CycleSettings;
  /** The environment variables that set this schedule: a cron expression, or whole minutes. For messages and deployment. */
  readonly scheduleSetting: string;
  readonly intervalSetting: string;
  /** The execution modes in which it fires. */
  readonly modes: readonly ExecutionMode[];
}

/** Paths of the function's own URL whose requests it makes itself and signs: nobody else lets them in or keeps them out. */
export interface SignedTrigger {
  readonly kind: 'signed';
  readonly paths: readonly string[];
}

export type Trigger = HttpTrigger | CronTrigger | SignedTrigger;

/** One function: what calls it, and how large and how long it may be. */
export interface FunctionEntry {
  /** Folder in `functions/` and `dist/`, and name once deployed: lower case, digits and hyphens, at most 63 characters. */
  readonly name: string;
  readonly description: string;
  readonly visibility: Visibility;
  readonly triggers: readonly Trigger[];
  /** One of the platform's three sizes, as its API writes them: 0.25 and 1G, 0.5 and 2G, 1 and 4G. */
  readonly cpu: string;
  readonly memory: string;
  /** A call that takes longer is aborted; 1 to 120. */
  readonly maxExecutionSeconds: number;
  /** How long an idle instance is kept; 0 to 600. */
  readonly scaleDownDelaySeconds: number;
  /** Calls at the same time in one instance; 1 to 100. */
  readonly concurrency: number;
  /** The build fails when the bundle is larger; 1 KB is 1,024 bytes. */
  readonly bundleKilobytesMax: number;
}

/** All functions, in the order of `functions/functions.json`. */
export type FunctionList = readonly FunctionEntry[];
