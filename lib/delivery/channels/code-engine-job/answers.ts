import { HttpFailure } from '../../../platform/http-client.ts';

/** A project, as far as jobs go. */
export interface KnownProject {
  readonly id: string;
  readonly name: string | undefined;
  readonly isActive: boolean;
}

/** A job run, as far as it is looked at. */
export interface KnownRun {
  readonly name: string;
  readonly job: string | undefined;
  /** In lower case. */
  readonly status: string | undefined;
  /** Pending or running. What has another status or none counts as active for the time that a run may take by default. */
  readonly isActive: boolean;
  /** Epoch milliseconds, where that is known. */
  readonly createdAtMs: number | undefined;
  /** Epoch milliseconds, where that is known. */
  readonly endedAtMs: number | undefined;
}

/** One page of a listing, before its items are read. */
export interface Page {
  readonly items: readonly unknown[];
  readonly next: string | undefined;
}

/** What one listing asks for at once, and how often: a project's quotas are a hundred of each kind. */
export const PAGE_SIZE = 100;
const PAGES_MAX = 50;

/**
 * Reads a listing to its end, and every item with `read`, which drops what it does not understand.
 * @throws {HttpFailure} `protocol` when it has no end, or when a page is no page; and whatever `ask` rejects with.
 */
export async function listAll<T>(
  what: string,
  ask: (start: string | undefined) => Promise<Page>,
  read: (item: unknown) => T | undefined,
): Promise<readonly T[]> {
  const all: T[] = [];
  const seen = new Set<string>();
  let start: string | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const { items, next } = await ask(start);
    for (const item of items) {
      const known = read(item);
      if (known !== undefined) all.push(known);
    }
    if (next === undefined) return all;
    if (seen.has(next)) throw new HttpFailure('protocol', `the listing of ${what} repeats a page`);
    seen.add(next);
    start = next;
  }
  throw new HttpFailure('protocol', `the listing of ${what} has no end: ${PAGES_MAX} pages were read`);
}

/** @throws {HttpFailure} `protocol` when there is no list under `key`. */
export function pageOf(result: unknown, key: 'projects' | 'jobs' | 'job_runs'): Page {
  const items = fieldOf(result, key);
  if (!Array.isArray(items)) throw new HttpFailure('protocol', `the answer holds no list of ${key}`);
  return { items, next: textOf(fieldOf(result, 'next'), 'start') };
}

export function readProject(item: unknown): KnownProject | undefined {
  const id = textOf(item, 'id');
  // It becomes a part of paths.
  if (id === undefined || !/^[\w-]{1,128}$/.test(id)) return undefined;
  return { id, name: textOf(item, 'name'), isActive: textOf(item, 'status') === 'active' };
}

export function readJobName(item: unknown): string | undefined {
  return textOf(item, 'name');
}

/** A run's own limit is two hours by default: what cannot be seen to run or to have ended may run so long. */
export const UNSEEN_RUN_MS = 2 * 60 * 60 * 1000;
const ACTIVE: ReadonlySet<string | undefined> = new Set(['pending', 'running']);
const ENDED: ReadonlySet<string | undefined> = new Set(['completed', 'failed']);

export function readRun(item: unknown, nowMs: number): KnownRun | undefined {
  const name = textOf(item, 'name');
  if (name === undefined) return undefined;
  const status = textOf(item, 'status')?.toLowerCase();
  const createdAtMs = timeOf(item, 'created_at');
  // Without a beginning nobody can tell: the platform itself drops a run after a week.
  const mayRun = createdAtMs === undefined || nowMs - createdAtMs < UNSEEN_RUN_MS;
  return {
    name,
    job: textOf(item, 'job_name'),
    status,
    isActive: ACTIVE.has(status) || (!ENDED.has(status) && mayRun),
    createdAtMs,
    endedAtMs: timeOf(fieldOf(item, 'status_details'), 'completion_time'),
  };
}

function timeOf(value: unknown, name: string): number | undefined {
  const atMs = Date.parse(textOf(value, name) ?? '');
  return Number.isNaN(atMs) ? undefined : atMs;
}

function textOf(value: unknown, name: string): string | undefined {
  const text = fieldOf(value, name);
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
