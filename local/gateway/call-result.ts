import { answerBodyForm } from './media-type.ts';
import { hopByHopNames } from './request-headers.ts';

/** An answer as it goes onto the wire. `content-length` is not among the headers. */
export interface GatewayAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** `invalid`: the platform answers 422 and the reason is the function's mistake, worded for its author. */
export type CallResultReading =
  | { readonly kind: 'answer'; readonly answer: GatewayAnswer; readonly statusWasSet: boolean }
  | { readonly kind: 'invalid'; readonly detail: string };

const DEFAULT_CONTENT_TYPE = 'text/plain; charset=utf-8';
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// What Node and every proxy refuse in a header's value: control characters, and what does not fit one byte.
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Raised and caught in this file only: a result that the platform would answer with 422. */
class InvalidResultError extends Error {
  override readonly name = 'InvalidResultError';
}

/** Turns what `main` resolved with, as parsed JSON, into an HTTP answer by the platform's rules. Strict where they are silent. */
export function readCallResult(result: unknown): CallResultReading {
  try {
    return readValidResult(result);
  } catch (error) {
    if (error instanceof InvalidResultError) return { kind: 'invalid', detail: error.message };
    throw error;
  }
}

function readValidResult(result: unknown): CallResultReading {
  const fields = asRecord(result, 'the result');
  const status = readStatus(fields['statusCode']);
  const headers = readHeaders(fields['headers']);
  const contentType = headers.get('content-type');
  const body = readBody(fields['body'], typeof contentType === 'string' ? contentType : contentType?.[0]);
  if (contentType === undefined) headers.set('content-type', DEFAULT_CONTENT_TYPE);
  const answer = { status: status ?? 200, headers: Object.fromEntries(headers), body };
  return { kind: 'answer', answer, statusWasSet: status !== undefined };
}

function readStatus(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 599) return value;
  throw new InvalidResultError('statusCode must be a whole number from 200 to 599');
}

function readHeaders(value: unknown): Map<string, string | readonly string[]> {
  const headers = new Map<string, string | readonly string[]>();
  if (value === undefined || value === null) return headers;
  const hidden = new Set([...hopByHopNames(undefined), 'content-length']);
  for (const [name, given] of Object.entries(asRecord(value, 'headers'))) {
    if (!HEADER_NAME.test(name))
      throw new InvalidResultError(`headers: ${JSON.stringify(name)} is not a header name`);
    const lower = name.toLowerCase();
    const read = Array.isArray(given) ? given.map((one) => headerText(lower, one)) : headerText(lower, given);
    if (!hidden.has(lower)) headers.set(lower, read);
  }
  return headers;
}

function headerText(name: string, value: unknown): string {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (isPlain && HEADER_VALUE.test(String(value))) return String(value);
  throw new InvalidResultError(
    `headers.${name} must be a text, a number, true, false or a list of them, without control characters`,
  );
}

function readBody(body: unknown, contentType: string | undefined): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  const form = answerBodyForm(contentType);
  if (form === 'json') return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  if (typeof body !== 'string')
    throw new InvalidResultError(
      `body must be a text when the content type is ${contentType ?? 'not given'}`,
    );
  if (form === 'text') return Buffer.from(body);
  if (!isBase64(body))
    throw new InvalidResultError(`body must be base64 when the content type is ${contentType}`);
  return Buffer.from(body, 'base64');
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function asRecord(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidResultError(`${what} must be an object`);
  return Object.fromEntries(Object.entries(value));
}
