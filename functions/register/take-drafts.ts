import type { Clock } from '../../lib/platform/clock.ts';
import type { RefusedEntry, RegistrationDraft } from '../../lib/registration/original-document.ts';
import { eachOf } from '../../lib/store/registration-reader.ts';
import { UnstorableError } from '../../lib/store/registration-store.ts';

/** What became of the entries of a document. */
export interface TakenDrafts<Kind extends string> {
  readonly counts: Readonly<Record<Kind, number>>;
  /** `entry` is an id, or the place in the document where there is none. */
  readonly refused: readonly { readonly entry: number | string; readonly message: string }[];
  /** Entries that there was no time for. */
  readonly left: number;
}

const TAKEN_AT_ONCE = 64;

/**
 * Takes the entries of a parsed document, many at once, until `endMs`; `none` has a count of 0 for all that `takeOne`
 * may answer. Rejects with its first failure, unless that says why an entry cannot be stored.
 */
export async function takeDrafts<Kind extends string>(
  document: { readonly drafts: readonly RegistrationDraft[]; readonly refused: readonly RefusedEntry[] },
  none: Readonly<Record<Kind, number>>,
  takeOne: (draft: RegistrationDraft) => Promise<Kind>,
  { clock, endMs }: { readonly clock: Clock; readonly endMs: number },
): Promise<TakenDrafts<Kind>> {
  const counts: Record<Kind, number> = { ...none };
  const refused: TakenDrafts<Kind>['refused'][number][] = document.refused.map(({ index, message }) => ({
    entry: index,
    message,
  }));
  let left = 0;
  await eachOf(document.drafts, TAKEN_AT_ONCE, async (draft) => {
    if (clock.nowMs() >= endMs) {
      left += 1;
      return;
    }
    try {
      counts[await takeOne(draft)] += 1;
    } catch (error) {
      if (!(error instanceof UnstorableError)) throw error;
      refused.push({ entry: draft.id, message: error.message });
    }
  });
  return { counts, refused, left };
}
