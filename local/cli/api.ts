/** How the command line reaches an observer. */
export interface ApiOptions {
  /** Scheme, host, port. */
  readonly url: string;
  readonly token?: string;
}

/** The observer answered with a problem, or not at all. The message is for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
}

const TIMEOUT_MS = 60_000;

/**
 * Calls the observer and gives the JSON that it answers.
 * @throws {ApiError}
 */
export async function callApi(options: ApiOptions, method: string, path: string): Promise<unknown> {
  const headers = options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
  let answer: Response;
  try {
    answer = await fetch(new URL(path, options.url), {
      ...{ method, headers, redirect: 'error' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new ApiError(`${options.url} cannot be reached: set --url or MQ_OBSERVER_URL`, { cause: error });
  }
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text) as unknown;
  throw new ApiError(`${method} ${path} was answered with ${answer.status}: ${detailOf(text)}`);
}

function detailOf(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { readonly detail?: unknown };
    if (typeof detail === 'string') return detail;
  } catch {
    // Not a problem document: said as it is.
  }
  return text.slice(0, 500);
}
