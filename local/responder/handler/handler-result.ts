import { decodeMessage } from '../../../lib/delivery/nats/message-codec.ts';

/** How a request ended, as its sender learns it. */
export type HandlerResult =
  /** `data`: what the handler printed, JSON or text; undefined when that is nothing. */
  { readonly kind: 'succeeded'; readonly data: unknown } | Refusal;

/** What a request that failed is answered with. */
export interface Refusal {
  readonly kind: 'refused';
  /** As in HTTP: the sender repeats a 429 and what is from 500, but no other 4xx. */
  readonly code: 400 | 403 | 429 | 500 | 502 | 503 | 504;
  readonly message: string;
  /** What a handler said itself, in one or more lines. */
  readonly detail?: string;
}

/** Makes a refusal. */
export function refuse(code: Refusal['code'], message: string, detail = ''): Refusal {
  return { kind: 'refused', code, message, ...(detail === '' ? {} : { detail }) };
}

/** All that is known about a refusal. */
export function wordsOf({ message, detail }: Refusal): string {
  return detail === undefined ? message : `${message}: ${detail}`;
}

/**
 * The data in what a handler printed: its last line when that is JSON, otherwise all of it as text; undefined when it
 * printed nothing.
 */
export function dataOf(output: string): unknown {
  const text = output.trim();
  if (text === '') return undefined;
  const lastLine = text.slice(text.lastIndexOf('\n') + 1);
  try {
    const value: unknown = JSON.parse(lastLine);
    return isReadableInReply(value) ? value : text;
  } catch {
    return text;
  }
}

/** Data that is nested too deep would make the whole reply unreadable, and a success count as none. */
function isReadableInReply(data: unknown): boolean {
  return decodeMessage(() => undefined, Buffer.from(JSON.stringify({ data }))).ok;
}
