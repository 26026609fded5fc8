import { repairOf } from '../../store/store-context.ts';
import type { Indicator } from '../health.ts';
import type { CycleLook, StoredReports } from '../stored-reports.ts';

/** Damaged objects shown; all are counted. */
const SHOWN_MAX = 20;

/** No stored object is known to be damaged: as the cycles last reported, and their reports themselves. */
export function damageIndicator(reports: () => Promise<StoredReports>): Indicator {
  return {
    name: 'damage',
    check: async () => {
      const keys = damagedKeys(await reports());
      if (keys.length === 0) return { status: 'UP' };
      const objects = keys.slice(0, SHOWN_MAX).map((key) => ({ key, repair: repairOf(key) }));
      return { status: 'DOWN', details: { count: keys.length, objects } };
    },
  };
}

/** Keys of all objects that are known to be damaged, in their order. */
export function damagedKeys(reports: StoredReports): readonly string[] {
  const keys = Object.values(reports).flatMap(({ last, damagedKey }: CycleLook) => [
    ...(last?.damaged ?? []),
    ...(damagedKey === undefined ? [] : [damagedKey]),
  ]);
  return [...new Set(keys)].toSorted();
}
