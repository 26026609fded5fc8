import { MqError, type Message, type MessageQueue } from './message-queue.ts';
import { TimeOver, withinTime } from './within-time.ts';

/** How a run ended. */
export interface Drained {
  /** Messages handled and confirmed. */
  readonly handled: number;
  /** Messages that were gone when they were to be read or confirmed: another consumer had them, too. */
  readonly gone: number;
  /** Messages that are left on the queue because they could not be handled, and why. */
  readonly unhandled: ReadonlyMap<string, string>;
  /** `empty`: nothing else is left. `stopped`: more may be. `too many unhandled`: the fault is hardly the messages'. */
  readonly end: 'empty' | 'stopped' | 'too many unhandled';
}

export interface DrainDeps {
  readonly queue: MessageQueue;
  /** Does the work for one message; may be called more than once for the same one. */
  readonly handle: (message: Message, signal: AbortSignal) => Promise<void>;
  /** Resolves after so many milliseconds, or early when the run is to end. */
  readonly pause: (ms: number) => Promise<unknown>;
  /** Called with each attempt that failed. */
  readonly onFailure: (failure: {
    readonly messageId: string;
    readonly attempt: number;
    readonly why: string;
  }) => void;
  /** Aborted when the run is to end: what is being handled is given up, and stays on the queue. */
  readonly stop: AbortSignal;
  /** For one message; a minute when not given. */
  readonly handlingMsMax?: number;
}

type Taken =
  | { readonly kind: 'handled' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string; readonly isFinal: boolean };

/** Attempts at one message in one run. */
export const ATTEMPTS_MAX = 3;
/** After so many messages that could not be handled no more are tried. */
export const UNHANDLED_MAX = 20;
/** So many different messages refused in a row: then it is no matter of a message. */
export const REFUSED_MAX = 5;
const BATCH = 10;
const PAUSE_MS = 1_000;
const HANDLING_MS_MAX = 60_000;

/**
 * Handles the messages of a queue, oldest first, until none is left but those that cannot be handled: browse, handle,
 * and only then confirm. A message is on the queue until its handling has succeeded, so none is lost, however this ends.
 * @throws {MqError} when the queue cannot be listed, a message not be confirmed, or {@link REFUSED_MAX} messages in a row
 * not be read. What was confirmed stays confirmed.
 */
export async function drain(deps: DrainDeps): Promise<Drained> {
  const { queue, stop } = deps;
  const attempts = new Map<string, number>();
  const unhandled = new Map<string, string>();
  const confirmed = new Set<string>();
  const refused = new Set<string>();
  let gone = 0;
  const ended = (end: Drained['end']): Drained => ({ handled: confirmed.size, gone, unhandled, end });

  const note = (messageId: string, taken: Taken): void => {
    if (taken.kind !== 'refused') refused.clear();
    if (taken.kind === 'handled') {
      confirmed.add(messageId);
      return;
    }
    const attempt = (attempts.get(messageId) ?? 0) + 1;
    attempts.set(messageId, attempt);
    if (taken.kind === 'gone') gone += 1;
    else deps.onFailure({ messageId, attempt, why: taken.why });
    // Gone is normal where two consumers run. What is listed again and never there would be no end.
    const why = taken.kind === 'gone' ? 'it is listed, and not there' : taken.why;
    if (attempt >= ATTEMPTS_MAX || (taken.kind === 'failed' && taken.isFinal)) unhandled.set(messageId, why);
    if (taken.kind === 'refused' && refused.add(messageId).size >= REFUSED_MAX) throw new MqError(why);
  };

  try {
    while (!stop.aborted) {
      if (unhandled.size >= UNHANDLED_MAX) return ended('too many unhandled');
      const listed = await queue.list(unhandled.size + BATCH);
      const open = listed.filter((id) => !unhandled.has(id));
      if (open.length === 0) return ended('empty');
      const confirmedBefore = confirmed.size;
      for (const id of open) {
        // Several messages may have one id.
        if (unhandled.has(id)) continue;
        const taken = confirmed.has(id) ? LISTED_AGAIN : await take(deps, id);
        if (stop.aborted && (taken.kind === 'failed' || taken.kind === 'refused')) break;
        note(id, taken);
      }
      // What is in the way may pass.
      if (confirmed.size === confirmedBefore && open.some((id) => !unhandled.has(id)))
        await deps.pause(PAUSE_MS);
    }
  } catch (error) {
    if (!(stop.aborted && error instanceof MqError)) throw error;
  }
  return ended('stopped');
}

const LISTED_AGAIN: Taken = {
  kind: 'failed',
  why: 'it was handled and confirmed, and is listed again: is its id unique on the queue?',
  isFinal: true,
};

async function take({ queue, handle, stop, handlingMsMax }: DrainDeps, id: string): Promise<Taken> {
  const browsed = await queue.browse(id);
  if (browsed.kind === 'gone' || browsed.kind === 'refused') return browsed;
  if (browsed.kind === 'unreadable') return { kind: 'failed', why: browsed.why, isFinal: true };
  try {
    const { message } = browsed;
    await withinTime(handlingMsMax ?? HANDLING_MS_MAX, stop, (signal) => handle(message, signal));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    // What was given up may still be at work: another attempt would run beside it.
    return { kind: 'failed', why, isFinal: error instanceof TimeOver };
  }
  return { kind: (await queue.confirm(id)) ? 'handled' : 'gone' };
}
