import { BACKUPS, backupKey } from './keys.ts';
import { listAll } from './registration-reader.ts';
import { repeated, type StoreContext } from './store-context.ts';

/** Backups kept; older ones are deleted. */
export const BACKUPS_KEPT = 24;

/** Versioned copies of everything, one object each, named by their time. */
export interface Backups {
  /** Writes a backup under the time `nowMs`. The caller gives the checksummed document. */
  readonly save: (document: string, nowMs: number) => Promise<void>;
  /** Keys of all backups, oldest first. */
  readonly list: () => Promise<readonly string[]>;
  /**
   * Deletes all but the newest `BACKUPS_KEPT`; answers how many it deleted. `latest` stays in any case: a clock that was
   * put back gives it a name older than the others'.
   */
  readonly prune: (latest: string) => Promise<number>;
}

export function createBackups(context: StoreContext): Backups {
  const list = async (): Promise<readonly string[]> =>
    (await listAll(context, BACKUPS)).map(({ key }) => key);
  return {
    list,
    save: async (document, nowMs) => {
      await repeated(context, () => context.objects.put(backupKey(nowMs), document));
    },
    prune: async (latest) => {
      const others = (await list()).filter((key) => key !== latest);
      const old = others.slice(0, 1 - BACKUPS_KEPT);
      if (old.length > 0) await repeated(context, () => context.objects.delete(old));
      return old.length;
    },
  };
}
