import type { MqSimulator } from '../mq-simulator.ts';

/** What was answered; `value` is the JSON, or undefined where there is none. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly value: unknown;
}

/** A request, as `mqreader` and with the CSRF header when not told otherwise. */
export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export const SIGNED_IN = { authorization: `Basic ${btoa('mqreader:mqreader')}` };
const CSRF = { 'ibm-mq-rest-csrf-token': 'x' };

/** Asks a simulator; the target begins after `/ibmmq/rest`. */
export async function askRest(
  { restBaseUrl }: Pick<MqSimulator, 'restBaseUrl'>,
  target: string,
  { method = 'GET', headers = { ...SIGNED_IN, ...CSRF }, body }: Asked = {},
): Promise<Answered> {
  const init = { method, headers: { ...headers }, redirect: 'manual' as const };
  const response = await fetch(
    `${restBaseUrl}/ibmmq/rest${target}`,
    body === undefined ? init : { ...init, body: JSON.stringify(body) },
  );
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  const value: unknown = isJson ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, text, value };
}

/** Displays objects of a queue manager with `runCommandJSON`. */
export function display(
  simulator: Pick<MqSimulator, 'restBaseUrl'>,
  qmgr: string,
  command: Readonly<Record<string, unknown>>,
  asked: Asked = {},
): Promise<Answered> {
  const body = { type: 'runCommandJSON', command: 'display', ...command };
  return askRest(simulator, `/v3/admin/action/qmgr/${qmgr}/mqsc`, { method: 'POST', body, ...asked });
}

/** The numbers of the errors in an answer. */
export function messageIds({ value }: Answered): readonly unknown[] {
  const { error = [] } = (value ?? {}) as { error?: readonly { msgId?: unknown }[] };
  return error.map(({ msgId }) => msgId);
}
