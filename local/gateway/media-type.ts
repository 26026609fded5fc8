/**
 * How a body of a given content type travels between HTTP and a function:
 * - `json`: base64 towards the function, whose top-level keys are also merged; an object, an array or a text back
 * - `text`: as it is, both ways (`text/*`)
 * - `form`: as it is towards the function, still percent-encoded
 * - `binary`: base64, both ways
 */
export type BodyForm = 'json' | 'text' | 'form' | 'binary';

/** `type/subtype` of a `Content-Type` value, in lower case and without parameters; `undefined` when there is none. */
export function mediaTypeOf(contentType: string | undefined): string | undefined {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  return type === '' ? undefined : type;
}

/** How the body of a request travels. No content type at all counts as JSON; `application/*+json` does not. */
export function requestBodyForm(contentType: string | undefined): BodyForm {
  const type = mediaTypeOf(contentType);
  if (type === undefined || type === 'application/json') return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  return type.startsWith('text/') ? 'text' : 'binary';
}

/** How the body of an answer travels. No content type at all counts as text. */
export function answerBodyForm(contentType: string | undefined): Exclude<BodyForm, 'form'> {
  const type = mediaTypeOf(contentType);
  if (type === 'application/json') return 'json';
  return type === undefined || type.startsWith('text/') ? 'text' : 'binary';
}
