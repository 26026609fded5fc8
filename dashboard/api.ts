import type { HealthLook, Overview } from '../lib/health/overview.ts';
import {
  fieldsOf,
  hasText,
  isFound,
  isHealth,
  isOverview,
  isPast,
  type Expected,
  type Found,
  type Past,
} from './answers.ts';

/**
 * What came of a call. `refused`: the observer said no, and why. `odd`: that is not how the observer answers.
 * `unreachable`: nobody answered.
 */
export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'refused'; readonly status: number; readonly detail: string }
  | { readonly kind: 'odd'; readonly status: number }
  | { readonly kind: 'unreachable' };

/** What a registration is asked for with. */
export interface RegistrationFields {
  readonly qmgr: string;
  readonly queue: string;
  readonly notify: string;
  readonly id?: string;
}

export type CycleFunction = 'notify-cycle' | 'restore-cycle' | 'persist';

/** The observer, as the page speaks to it, with the token that is in use. */
export interface Api {
  readonly overview: () => Promise<Answer<Overview>>;
  /** Open to everybody; without a token it has no details. */
  readonly health: () => Promise<Answer<HealthLook>>;
  /** @param replaces whether it may take the place of one that is there, with all that was asked for that; or 412. */
  readonly register: (fields: RegistrationFields, replaces: boolean) => Promise<Answer<unknown>>;
  readonly find: (id: string) => Promise<Answer<Found>>;
  readonly unregister: (id: string) => Promise<Answer<unknown>>;
  /** Lifts a quarantine, or revives what is retired. */
  readonly restore: (id: string) => Promise<Answer<unknown>>;
  /** Has the next notify cycle wake the target once. While that is to come, asking again is the same request. */
  readonly test: (id: string) => Promise<Answer<{ readonly request: string }>>;
  readonly past: (id: string) => Promise<Answer<Past>>;
  readonly runCycle: (name: CycleFunction) => Promise<Answer<{ readonly outcome: string }>>;
}

/** A cycle that is run by hand may take as long as the platform lets it. */
const CYCLE_MS_MAX = 120_000;
const CALL_MS_MAX = 15_000;

/** @param registerUrl the origin of `register`; empty: it is on the page's own. */
export function createApi(token: () => string, registerUrl: string): Api {
  const send = async <T>(
    method: string,
    path: string,
    isExpected: Expected<T>,
    given: Given = {},
  ): Promise<Answer<T>> => {
    const { body, timeoutMs = CALL_MS_MAX, headers = {} } = given;
    try {
      const response = await fetch(path, {
        method,
        headers: {
          ...(token() === '' ? {} : { authorization: `Bearer ${token()}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...{ cache: 'no-store', credentials: 'omit', redirect: 'error' },
        signal: AbortSignal.timeout(timeoutMs),
      });
      const json = jsonIn(await response.text());
      const { ok, status } = response;
      // Health that is not well comes with 503.
      if ((ok || status === 503) && isExpected(json)) return { kind: 'ok', value: json };
      const { detail } = fieldsOf(json);
      if (ok || typeof detail !== 'string') return { kind: 'odd', status };
      return { kind: 'refused', status, detail };
    } catch {
      return { kind: 'unreachable' };
    }
  };

  const all = `${registerUrl}/register`;
  const sendOf = async <T>(
    id: string,
    method: string,
    rest: string,
    isExpected: Expected<T>,
  ): Promise<Answer<T>> =>
    isNoPath(id)
      ? { kind: 'refused', status: 400, detail: noPathWords(id) }
      : await send(method, `${all}/${encodeURIComponent(id)}${rest}`, isExpected);
  return {
    overview: () => send('GET', '/actuator/overview', isOverview),
    health: () => send('GET', '/actuator/health', isHealth),
    register: (fields, replaces) =>
      send('POST', all, hasText('id'), {
        body: fields,
        ...(replaces ? {} : { headers: { 'if-none-match': '*' } }),
      }),
    find: (id) => sendOf(id, 'GET', '', isFound),
    unregister: (id) =>
      isNoPath(id)
        ? send('DELETE', `${all}?id=${encodeURIComponent(id)}`, hasText('id'))
        : sendOf(id, 'DELETE', '', hasText('id')),
    restore: (id) => sendOf(id, 'POST', '/restore', hasText('id')),
    test: (id) => sendOf(id, 'POST', '/test', hasText('request')),
    past: (id) => sendOf(id, 'GET', '/decisions', isPast),
    runCycle: (name) =>
      send('POST', `/functions/${name}`, hasText('outcome'), { body: {}, timeoutMs: CYCLE_MS_MAX }),
  };
}

interface Given {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Browsers take these out of a path, percent-encoded ones too. Nobody can register them any more; some may be there. */
function isNoPath(id: string): boolean {
  return id === '.' || id === '..';
}

function noPathWords(id: string): string {
  return `A browser cannot ask about the id ${id}. Unregister it, and register it with another id.`;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
