import type { HealthLook, Overview } from '../lib/health/overview.ts';

/**
 * Whether an answer has what the page goes by. The page and the observer are of one version; what stands between them, or in
 * its place, may answer anything.
 */
export type Expected<T> = (json: unknown) => json is T;

export function isOverview(json: unknown): json is Overview {
  const { now, health, registrations, ...lists } = fieldsOf(json);
  return (
    typeof now === 'string' &&
    isHealth(health) &&
    areObjects(fieldsOf(registrations)['lines']) &&
    ['queue_managers', 'queues', 'endpoints', 'cycles'].every((name) => areObjects(lists[name]))
  );
}

export function isHealth(json: unknown): json is HealthLook {
  const { status, components } = fieldsOf(json);
  return typeof status === 'string' && isObject(components) && areObjects(Object.values(components));
}

/** How a test wake-up ended, or what a cycle decided: in the words of the reports. */
export interface PastEntry {
  readonly reason: string;
  readonly detail?: string;
  readonly depth?: number | null;
}

/** What the recent notify cycles did with a registration, newest first. */
export interface Past {
  readonly decisions: readonly { readonly started: string; readonly decision: PastEntry }[];
  readonly tests: readonly {
    readonly started: string;
    readonly test: PastEntry & { readonly request: string };
  }[];
}

export function isPast(json: unknown): json is Past {
  const { decisions, tests } = fieldsOf(json);
  return areEntries(decisions, 'decision') && areEntries(tests, 'test');
}

/** A registration, of which only this much is shown. */
export interface Found {
  readonly id: string;
  readonly qmgr: string;
  readonly queue: string;
  readonly failcount: number;
  readonly state?: string;
}

export function isFound(json: unknown): json is Found {
  const { id, qmgr, queue, failcount } = fieldsOf(json);
  return [id, qmgr, queue].every((one) => typeof one === 'string') && typeof failcount === 'number';
}

/** An object with this text. */
export function hasText<K extends string>(name: K): Expected<Readonly<Record<K, string>>> {
  return (json): json is Readonly<Record<K, string>> => typeof fieldsOf(json)[name] === 'string';
}

/** The fields of an object; of anything else none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? { ...value } : {};
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function areObjects(value: unknown): value is readonly object[] {
  return Array.isArray(value) && value.every(isObject);
}

function areEntries(value: unknown, name: string): boolean {
  return areObjects(value) && value.every((entry) => isObject(fieldsOf(entry)[name]));
}
