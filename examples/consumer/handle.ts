import type { Message } from './message-queue.ts';

/**
 * The work for one message: put yours here. It must be idempotent, because the same message comes again when a run ends
 * between handling and confirming: remember its id with what you store, in one transaction, or store under its id.
 * Throwing leaves the message on the queue, for another attempt. `signal` is aborted when the time for it is over.
 */
export async function handle({ id, text }: Message, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  if (text.trim() === '') throw new Error('the message is empty');
  return `order ${id.slice(-16)} has ${text.length} characters`;
}
