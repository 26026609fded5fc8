import {
  parseOriginalDocument,
  type RegistrationDraft,
  type RefusedEntry,
} from '../registration/original-document.ts';
import { BACKUPS, backupKey } from './keys.ts';
import { listAll } from './registration-reader.ts';
import { repeated, type StoreContext } from './store-context.ts';

/** Backups kept; older ones are deleted. */
export const BACKUPS_KEPT = 24;

/** A backup that is there. */
export interface ListedBackup {
  /** When it was written, as its key says it: `2026-11-21T21-31-00.123Z`. */
  readonly name: string;
  /** The same in epoch milliseconds. */
  readonly createdMs: number;
  readonly sizeBytes: number;
}

/** What a backup holds. `damaged`: it was changed or cut off since it was written; `message` says how that shows. */
export type BackupRead =
  | {
      readonly kind: 'found';
      readonly drafts: readonly RegistrationDraft[];
      readonly refused: readonly RefusedEntry[];
    }
  | { readonly kind: 'damaged'; readonly message: string }
  | { readonly kind: 'not-found' };

/** Versioned copies of everything, one object each, named by their time. */
export interface Backups {
  /** Writes a backup under the time `nowMs`. The caller gives the checksummed document. */
  readonly save: (document: string, nowMs: number) => Promise<void>;
  /** All that are there, newest first; objects of other names are left out. */
  readonly list: () => Promise<readonly ListedBackup[]>;
  /**
   * Reads one, whose checksum must be there and hold. Any text may be the name.
   * @param nowMs the time of entries that have none
   * @throws {ObjectStoreError}
   */
  readonly read: (name: string, nowMs: number) => Promise<BackupRead>;
  /**
   * Deletes all but the newest `BACKUPS_KEPT`; answers how many it deleted. `latest` stays in any case: a clock that was
   * put back gives it a name older than the others'.
   */
  readonly prune: (latest: string) => Promise<number>;
}

export function createBackups(context: StoreContext): Backups {
  return {
    save: async (document, nowMs) => {
      await repeated(context, () => context.objects.put(backupKey(nowMs), document));
    },
    list: async () => {
      const objects = await listAll(context, BACKUPS);
      const named = objects.flatMap(({ key, sizeBytes }) => {
        const known = namedBy(key);
        return known === undefined ? [] : [{ ...known, sizeBytes }];
      });
      return named.toReversed();
    },
    read: async (name, nowMs) => {
      const key = `${BACKUPS}${name}${SUFFIX}`;
      if (namedBy(key) === undefined) return { kind: 'not-found' };
      const found = await repeated(context, () => context.objects.get(key));
      return found.kind === 'found' ? contentOf(found.body, nowMs) : { kind: 'not-found' };
    },
    prune: async (latest) => {
      const keys = (await listAll(context, BACKUPS)).map(({ key }) => key);
      const old = keys.filter((key) => key !== latest).slice(0, 1 - BACKUPS_KEPT);
      if (old.length > 0) await repeated(context, () => context.objects.delete(old));
      return old.length;
    },
  };
}

const SUFFIX = '.json';

/** What the key of a backup says; `undefined` for the key of anything else. */
function namedBy(key: string): Pick<ListedBackup, 'name' | 'createdMs'> | undefined {
  const name = key.slice(BACKUPS.length, -SUFFIX.length);
  const createdMs = Date.parse(name.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:'));
  return !Number.isNaN(createdMs) && backupKey(createdMs) === key ? { name, createdMs } : undefined;
}

/** How `encodeBackup` ends a document: where that is missing, nothing says that the rest is whole. */
const CHECKSUM_AT_END = /"sha256":"[0-9a-f]{64}"\}\s*$/;

function contentOf(body: Uint8Array, nowMs: number): BackupRead {
  const text = Buffer.from(body).toString('utf8');
  if (!CHECKSUM_AT_END.test(text.slice(-200)))
    return { kind: 'damaged', message: 'it does not end in its checksum: it was cut off or changed' };
  const parsed = parseOriginalDocument(text, nowMs);
  if (!parsed.ok) return { kind: 'damaged', message: parsed.message };
  return { kind: 'found', drafts: parsed.drafts, refused: parsed.refused };
}
