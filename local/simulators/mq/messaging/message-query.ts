import type { SimulatedMessage } from '../state/queue-contents.ts';
import type { RestRoute, RestTarget } from '../rest/rest-route.ts';

/** Which messages a request means. */
export interface MessageQuery {
  readonly fits: (message: SimulatedMessage) => boolean;
  /** How many a list has at most. */
  readonly limit: number;
  /** How long a get waits for a message. */
  readonly waitMs: number;
}

/** A parameter that cannot be taken, and why. */
export interface QueryFault {
  readonly parameter: string;
  readonly why: string;
}

export type MessageRoute = Extract<RestRoute, { readonly kind: 'message' | 'message-list' }>;

const LIST_LIMIT = 10;
const NUMBER_MAX = 2_147_483_647;
const IDENTIFIERS = ['messageId', 'correlationId'];

/** Reads the query of a request for messages. Names are case-sensitive, and unknown ones are refused. */
export function readMessageQuery(
  route: MessageRoute,
  { query }: Pick<RestTarget, 'query'>,
  method: string,
): MessageQuery | QueryFault {
  const taken = new Set([...IDENTIFIERS, ...numbersOf(route, method)]);
  for (const parameter of query.keys())
    if (method === 'POST' || !taken.has(parameter)) return { parameter, why: 'it is not known' };
  for (const parameter of IDENTIFIERS) {
    const value = query.get(parameter);
    if (value !== null && !isIdentifier(value, route.version))
      return {
        parameter,
        why:
          route.version > 2 ? 'ID: and 48 hexadecimal digits are needed' : '48 hexadecimal digits are needed',
      };
  }
  for (const parameter of numbersOf(route, method)) {
    const value = query.get(parameter) ?? '0';
    if (!/^\d{1,10}$/.test(value) || Number(value) > NUMBER_MAX)
      return { parameter, why: `a whole number up to ${NUMBER_MAX} is needed` };
  }
  const messageId = plainId(query.get('messageId'));
  const correlationId = plainId(query.get('correlationId'));
  return {
    fits: (message) =>
      (messageId === undefined || message.id === messageId) &&
      (correlationId === undefined || message.correlationId === correlationId),
    limit: Number(query.get('limit') ?? LIST_LIMIT),
    waitMs: Number(query.get('wait') ?? 0),
  };
}

/** An identifier as that version of the API shows it. */
export function shownId(id: string, version: number): string {
  return version > 2 ? `ID:${id}` : id;
}

/** A known identifier, however it is written. */
export function plainId(shown: string | null): string | undefined {
  return shown?.replace(/^ID:/, '').toLowerCase();
}

/** Whether it is one, as that version of the API writes them. */
export function isIdentifier(text: string, version: number): boolean {
  return (version > 2 ? /^ID:[0-9a-f]{48}$/i : /^[0-9a-f]{48}$/i).test(text);
}

/** The parameters that are numbers: only a get can wait, and only a list has a limit. */
function numbersOf({ kind }: MessageRoute, method: string): readonly string[] {
  if (kind === 'message-list') return ['limit'];
  return method === 'DELETE' ? ['wait'] : [];
}
