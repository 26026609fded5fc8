import type { CodeEngineSimulator } from '../code-engine-simulator.ts';

/** What was answered; `value` is the JSON, or undefined where there is none. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly value: unknown;
}

/** A request; of `eu-de` and with a token of its own when not told otherwise. */
export interface Asked {
  readonly method?: string;
  readonly region?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const GRANTS = 'urn:ibm:params:oauth:grant-type:';

/** Asks IAM for a token, with an API key when it is told nothing else. */
export async function askForToken(
  { iamUrl }: Pick<CodeEngineSimulator, 'iamUrl'>,
  fields: Readonly<Record<string, string>> = { grant_type: `${GRANTS}apikey`, apikey: 'api-key' },
): Promise<Answered> {
  const response = await fetch(`${iamUrl}/identity/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('bx:bx')}` },
    body: new URLSearchParams(fields),
  });
  return answered(response);
}

/** Signs in. Gives the header that says so. */
export async function signIn(
  simulator: Pick<CodeEngineSimulator, 'iamUrl'>,
  apikey = 'api-key',
): Promise<{ readonly authorization: string }> {
  const { value } = await askForToken(simulator, { grant_type: `${GRANTS}apikey`, apikey });
  return { authorization: `Bearer ${(value as { readonly access_token: string }).access_token}` };
}

/** Asks the API; the path begins after `/v2`. */
export async function callApi(
  simulator: Pick<CodeEngineSimulator, 'apiEndpoint' | 'iamUrl'>,
  path: string,
  { method, region = 'eu-de', headers, body }: Asked = {},
): Promise<Answered> {
  const response = await fetch(`${simulator.apiEndpoint.replace('{region}', region)}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...(headers ?? (await signIn(simulator))) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return answered(response);
}

/** The names of what a list answers. */
export function namesIn({ value }: Answered, list: 'projects' | 'jobs' | 'job_runs'): readonly string[] {
  const items = (value as Readonly<Record<string, readonly { readonly name: string }[]>>)[list] ?? [];
  return items.map(({ name }) => name);
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text();
  const value: unknown = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, value };
}
