import type { ETag } from '../object-store/object-store.ts';
import { depthsKey } from './keys.ts';
import { encodeStored, jsonOf } from './stored-json.ts';
import { repeated, type StoreContext } from './store-context.ts';

/** One part of what a notify cycle passes on to its ranges. */
export interface DepthsPart {
  /** The cycle that wrote it: what is left of an earlier one is none of ours. */
  readonly cycle: string;
  /** Nothing comes after it. */
  readonly last: boolean;
  /** In the form of whoever wrote it. */
  readonly readings: unknown;
}

/** Readings of queue managers on their way from a notify cycle to its ranges, in parts that are overwritten by every cycle. */
export interface PassedDepths {
  /** @throws {ObjectStoreError} */
  readonly write: (index: number, part: DepthsPart) => Promise<void>;
  /**
   * The part, or `undefined` while that cycle has not written it.
   * @throws {ObjectStoreError}
   */
  readonly read: (index: number, cycle: string) => Promise<DepthsPart | undefined>;
}

export function createPassedDepths(context: StoreContext): PassedDepths {
  /** Parts that are of another cycle, by index: while they are there nothing is read again. */
  const others = new Map<number, ETag>();
  return {
    write: async (index, part) => {
      await repeated(context, () =>
        context.objects.put(depthsKey(index), encodeStored({ format: 1, ...part })),
      );
    },
    read: async (index, cycle) => {
      const seen = others.get(index);
      const found = await repeated(context, () =>
        context.objects.get(depthsKey(index), seen === undefined ? {} : { ifNoneMatch: seen }),
      );
      if (found.kind !== 'found') return undefined;
      const part = parsePart(jsonOf(found.body));
      if (part?.cycle === cycle) return part;
      others.set(index, found.etag);
      return undefined;
    },
  };
}

function parsePart(json: unknown): DepthsPart | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { format, cycle, last, readings }: Partial<Record<string, unknown>> = { ...json };
  if (format !== 1 || typeof cycle !== 'string' || typeof last !== 'boolean') return undefined;
  return { cycle, last, readings };
}
