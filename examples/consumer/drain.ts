import { MqError, type Message, type MessageQueue } from './message-queue.ts';
import { withinTime } from './within-time.ts';

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
  | { readonly kind: 'handled' | 'gone' }
  | { readonly kind: 'failed'; readonly why: string; readonly isFinal: boolean };

/** Attempts at one message in one run. */
export const ATTEMPTS_MAX = 3;
/** After so many messages that could not be handled no more are tried. */
export const UNHANDLED_MAX = 20;
const BATCH = 10;
const PAUSE_MS = 1_000;
const HANDLING_MS_MAX = 60_000;

/**
 * Handles the messages of a queue, oldest first, until none is left but those that cannot be handled: browse, handle,
 * and only then confirm. A message is on the queue until its handling has succeeded, so none is lost, however this ends.
 * @throws {MqError} when the queue cannot be read or a message not be confirmed. What was confirmed stays confirmed.
 */
export async function drain(deps: DrainDeps): Promise<Drained> {
  const { queue, stop } = deps;
  const attempts = new Map<string, number>();
  const unhandled = new Map<string, string>();
  const counts = { handled: 0, gone: 0 };
  const ended = (end: Drained['end']): Drained => ({ ...counts, unhandled, end });

  const note = (messageId: string, taken: Taken): void => {
    if (taken.kind !== 'failed') counts[taken.kind] += 1;
    if (taken.kind === 'handled') return;
    const attempt = (attempts.get(messageId) ?? 0) + 1;
    attempts.set(messageId, attempt);
    // Gone is normal where two consumers run. What is listed again and never there would be no end.
    const { why, isFinal } =
      taken.kind === 'failed' ? taken : { why: 'it is listed, and not there', isFinal: false };
    if (taken.kind === 'failed') deps.onFailure({ messageId, attempt, why });
    if (isFinal || attempt >= ATTEMPTS_MAX) unhandled.set(messageId, why);
  };

  try {
    while (!stop.aborted) {
      if (unhandled.size >= UNHANDLED_MAX) return ended('too many unhandled');
      const listed = await queue.list(unhandled.size + BATCH);
      const open = listed.filter((id) => !unhandled.has(id));
      if (open.length === 0) return ended('empty');
      const handledBefore = counts.handled;
      for (const id of open) {
        const taken = await take(deps, id);
        if (stop.aborted && taken.kind === 'failed') break;
        note(id, taken);
      }
      // What is in the way may pass.
      if (counts.handled === handledBefore && open.some((id) => !unhandled.has(id)))
        await deps.pause(PAUSE_MS);
    }
  } catch (error) {
    if (!(stop.aborted && error instanceof MqError)) throw error;
  }
  return ended('stopped');
}

async function take({ queue, handle, stop, handlingMsMax }: DrainDeps, id: string): Promise<Taken> {
  const browsed = await queue.browse(id);
  if (browsed.kind === 'gone') return { kind: 'gone' };
  if (browsed.kind === 'unreadable') return { kind: 'failed', why: browsed.why, isFinal: true };
  try {
    const { message } = browsed;
    await withinTime(handlingMsMax ?? HANDLING_MS_MAX, stop, (signal) => handle(message, signal));
  } catch (error) {
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error), isFinal: false };
  }
  return { kind: (await queue.confirm(id)) ? 'handled' : 'gone' };
}
