import type { Expectation } from './lifecycle-event.ts';

/** What the store shows of a registration: its revision, nothing, or something that cannot be read. */
export type RevisionShown = { readonly revision: string } | 'gone' | 'damaged';

/** Whether an event may be sent: yes, not yet, or never, for what it tells of did not happen. */
export type Verdict = 'send' | 'wait' | 'drop';

/** Who announced an event stores its change within this time, or not at all. */
const PATIENCE_MS = 60_000;

/** Judges an event that nobody confirmed. Its writer may have died just before the change, just after it, or lives. */
export function verdictOn(
  { is, revision }: Expectation,
  shown: RevisionShown,
  times: { readonly announcedMs: number; readonly nowMs: number },
): Verdict {
  const isThere = typeof shown === 'object' && shown.revision === revision;
  // Something that cannot be read may be the very revision that is to go.
  const bornOut = is === 'stored' ? isThere : !isThere && shown !== 'damaged';
  if (bornOut) return 'send';
  return times.nowMs - times.announcedMs < PATIENCE_MS ? 'wait' : 'drop';
}
