import { createDocument, type StoredDocument } from './document.ts';
import { reportKey, type CycleName } from './keys.ts';
import { LeaseLostError, type Fence, type Lease } from './lease.ts';
import type { StoreContext } from './store-context.ts';

/** What the last run of a cycle left behind: its report, and what the next run needs to know. */
export interface StoredReport {
  readonly format: 1;
  readonly fence: Fence;
  /** The report as it was answered, with up to 10,000 decisions. */
  readonly report: unknown;
  /** Sums over all runs, by name. */
  readonly counters: Readonly<Record<string, number>>;
  /** What the cycle remembers for its next run; its form is the cycle's own. */
  readonly memory: Readonly<Record<string, unknown>>;
}

const NONE: StoredReport = { format: 1, fence: 0, report: null, counters: {}, memory: {} };

export interface Reports {
  readonly read: (cycle: CycleName) => Promise<StoredReport>;
  /**
   * Stores the report of a run and adds `counted` to the counters, exactly once however often it is repeated: the fence
   * tells whether it is in already.
   * @throws {LeaseLostError} a later run has reported.
   */
  readonly write: (
    cycle: CycleName,
    lease: Lease,
    next: Pick<StoredReport, 'report' | 'memory'> & { readonly counted: Readonly<Record<string, number>> },
  ) => Promise<void>;
}

export function createReports(context: StoreContext): Reports {
  const documents = new Map<CycleName, StoredDocument<StoredReport>>();
  const documentOf = (cycle: CycleName): StoredDocument<StoredReport> => {
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
        const counters = added(current.counters, next.counted);
        return { format: 1, fence: lease.fence, report: next.report, counters, memory: next.memory };
      }, lease.assertHeld);
    },
  };
}

function added(
  counters: Readonly<Record<string, number>>,
  counted: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sums = new Map(Object.entries(counters));
  for (const [name, count] of Object.entries(counted)) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(sums);
}

function parseReport(json: unknown): StoredReport | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { format, fence, report, counters, memory } = { ...NONE, format: 0, ...json };
  const isReport =
    (format as unknown) === 1 &&
    Number.isSafeInteger(fence) &&
    typeof counters === 'object' &&
    counters !== null &&
    typeof memory === 'object' &&
    memory !== null;
  return isReport ? { format: 1, fence, report, counters, memory } : undefined;
}
