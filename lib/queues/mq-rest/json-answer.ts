/** What a body turned out to be. `reason` is a clause that says why it is not JSON. */
export type JsonAnswer =
  { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'not-json'; readonly reason: string };

// Servers say `application/json`, `application/json;charset=utf-8` and more, so only the subtype is looked at.
const JSON_MEDIA_TYPE = /^\s*[\w.+-]+\/(?:[\w.+-]+\+)?json\s*(?:[;,]|$)/i;
const MEDIA_TYPE = /^\s*([\w.+-]+\/[\w.+-]+)/;

/** Reads a body as JSON when its media type says that it is. Never throws; the body itself is never quoted. */
export function parseJsonAnswer(body: Uint8Array, contentType: string | undefined): JsonAnswer {
  if (contentType === undefined) return notJson('it has no content type');
  if (!isJsonType(contentType)) return notJson(`its content type is ${mediaTypeOf(contentType)}, not JSON`);
  if (body.length === 0) return notJson('it is empty');
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return { kind: 'json', value };
  } catch {
    return notJson(`its ${body.length} bytes are not valid JSON: cut off, or not JSON at all`);
  }
}

/** Whether a header `content-type` says JSON. */
export function isJsonType(contentType: string | undefined): boolean {
  return contentType !== undefined && JSON_MEDIA_TYPE.test(contentType);
}

/** A field of a JSON object: the exact key, or else the first that differs in case only. Undefined when not an object. */
export function fieldOf(value: unknown, key: string): unknown {
  if (!isJsonObject(value)) return undefined;
  if (Object.hasOwn(value, key)) return value[key];
  const wanted = key.toLowerCase();
  // Of most keys their length tells.
  const found = Object.keys(value).find(
    (candidate) => candidate.length === wanted.length && candidate.toLowerCase() === wanted,
  );
  return found === undefined ? undefined : value[found];
}

/** Whether a JSON value is an object, and not an array. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mediaTypeOf(contentType: string): string {
  return MEDIA_TYPE.exec(contentType)?.[1]?.slice(0, 80) ?? 'not a media type';
}

function notJson(reason: string): JsonAnswer {
  return { kind: 'not-json', reason };
}
