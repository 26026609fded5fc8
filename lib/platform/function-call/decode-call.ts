import type { HttpCall } from './http-call.ts';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Reads the single argument of a Code Engine function. Only the `__ce_*` keys are trusted to say what was sent: the
 * other keys are merged from query and body and could be anything. Each key may be missing. Total: never throws.
 */
export function decodeCall(params: unknown): HttpCall {
  const given: Record<string, unknown> = isObject(params) ? params : {};
  const headers = readHeaders(given['__ce_headers']);
  const rawQuery = textOf(given['__ce_query']);
  return {
    method: (textOf(given['__ce_method']) || 'POST').toUpperCase(),
    path: textOf(given['__ce_path']) || '/',
    rawQuery,
    query: new URLSearchParams(rawQuery),
    headers,
    body: readBody(textOf(given['__ce_body']), headers['content-type'] ?? ''),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function readHeaders(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  const headers: Record<string, string> = {};
  for (const [name, content] of Object.entries(value))
    if (typeof content === 'string') headers[name.toLowerCase()] = content;
  return headers;
}

/**
 * Forms and texts arrive as they are, everything else as base64 (JSON too, and a body without a type). A JSON object is
 * never valid base64, so one that arrives plain is understood as well.
 */
function readBody(body: string, contentType: string): Buffer {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isPlain = type.startsWith('text/') || type === 'application/x-www-form-urlencoded';
  return Buffer.from(body, !isPlain && BASE64.test(body) ? 'base64' : 'utf8');
}
