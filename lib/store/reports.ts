import { createDocument, type StoredDocument } from './document.ts';
import { reportKey, type RunName } from './keys.ts';
import { LeaseLostError, type Fence, type Lease } from './lease.ts';
import type { StoreContext } from './store-context.ts';

/** What the last run of a cycle left behind: its report, and what the next run needs to know. */
export interface StoredReport {
  readonly format: 1;
  readonly fence: Fence;
  /** The report as it was answered, with up to 10,000 decisions. */
  readonly report: unknown;
  /** The reports before it, newest first: as many as take a million characters in all, at most 50. */
  readonly recent: readonly unknown[];
  /** Sums over all runs, by name. */
  readonly counters: Readonly<Record<string, number>>;
  /** What the cycle remembers for its next run; its form is the cycle's own. */
  readonly memory: Readonly<Record<string, unknown>>;
}

const NONE: StoredReport = { format: 1, fence: 0, report: null, recent: [], counters: {}, memory: {} };

export interface Reports {
  readonly read: (cycle: RunName) => Promise<StoredReport>;
  /**
   * Stores the report of a run and adds `counted` to the counters, exactly once however often it is repeated: the fence
   * tells whether it is in already.
   * @throws {LeaseLostError} a later run has reported.
   */
  readonly write: (
    cycle: RunName,
    lease: Lease,
    next: Pick<StoredReport, 'report' | 'memory'> & { readonly counted: Readonly<Record<string, number>> },
  ) => Promise<void>;
}

export function createReports(context: StoreContext): Reports {
  const documents = new Map<RunName, StoredDocument<StoredReport>>();
  const documentOf = (cycle: RunName): StoredDocument<StoredReport> => {
    const known =
      documents.get(cycle) ??
      createDocument(context, { key: reportKey(cycle), empty: NONE, parse: parseReport });
    documents.set(cycle, known);
    return known;
  };
  return {
    read: (cycle) => documentOf(cycle).read(),
    write: async (cycle, lease, next) => {
      await documentOf(cycle).update((current) => {
        if (current.fence > lease.fence)
          throw new LeaseLostError(
            `the ${cycle} cycle with fence ${lease.fence} was overtaken by fence ${current.fence}`,
          );
        if (current.fence === lease.fence) return current;
        const counters = addedCounts(current.counters, next.counted);
        const recent = keptOf(next.report, current);
        return { format: 1, fence: lease.fence, report: next.report, recent, counters, memory: next.memory };
      }, lease.assertHeld);
    },
  };
}

const RECENT_MAX = 50;
/** Far below what is read back: the document is read and written in every run. */
const RECENT_CHARACTERS_MAX = 1_000_000;

/** What is kept of earlier reports beside a new one. */
function keptOf(newest: unknown, { report, recent }: StoredReport): readonly unknown[] {
  const kept: unknown[] = [];
  let characters = lengthOf(newest);
  for (const earlier of report === null ? recent : [report, ...recent]) {
    characters += lengthOf(earlier);
    if (characters > RECENT_CHARACTERS_MAX || kept.length === RECENT_MAX) break;
    kept.push(earlier);
  }
  return kept;
}

/** In its stored form. */
function lengthOf(report: unknown): number {
  return JSON.stringify(report)?.length ?? 0;
}

/** Counts added up, name by name. */
export function addedCounts(
  ...all: readonly Readonly<Record<string, number>>[]
): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const [name, count] of all.flatMap((counts) => Object.entries(counts)))
    sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(sums);
}

function parseReport(json: unknown): StoredReport | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { format, fence, report, recent, counters, memory } = { ...NONE, format: 0, ...json };
  const isReport =
    (format as unknown) === 1 &&
    Number.isSafeInteger(fence) &&
    Array.isArray(recent) &&
    typeof counters === 'object' &&
    counters !== null &&
    typeof memory === 'object' &&
    memory !== null;
  return isReport ? { format: 1, fence, report, recent, counters, memory } : undefined;
}
