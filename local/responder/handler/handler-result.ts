/** How a request ended, as its sender learns it. */
export type HandlerResult =
  /** `data`: what the handler printed, JSON or text; undefined when that is nothing. */
  | { readonly kind: 'succeeded'; readonly data: unknown }
  | Refusal;

/** What a refused request is answered with. */
export interface Refusal {
  readonly kind: 'refused';
  /** As in HTTP. 429, 503 and 504 may pass; 400, 403 and 500 will not by themselves. */
  readonly code: 400 | 403 | 413 | 429 | 500 | 502 | 503 | 504 | 508;
  /** One or more lines, for people. */
  readonly message: string;
}

export function refuse(code: Refusal['code'], message: string): Refusal {
  return { kind: 'refused', code, message };
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
    return JSON.parse(lastLine) as unknown;
  } catch {
    return text;
  }
}
