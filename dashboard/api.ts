import type { HealthLook, Overview } from '../lib/health/overview.ts';

/** What came of a call. `refused`: the observer said no, and why. `unreachable`: nobody answered, or not the observer. */
export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'refused'; readonly status: number; readonly detail: string }
  | { readonly kind: 'unreachable' };

/** What a registration is asked for with. */
export interface RegistrationFields {
  readonly qmgr: string;
  readonly queue: string;
  readonly notify: string;
  readonly id?: string;
}

/** How a test wake-up ended, or what a cycle decided: in the words of the reports. */
export interface PastEntry {
  readonly reason: string;
  readonly detail?: string;
  readonly depth?: number | null;
}

/** What the recent notify cycles did with a registration, newest first. */
export interface Past {
  readonly decisions: readonly { readonly started: string; readonly decision: PastEntry }[];
  readonly tests: readonly {
    readonly started: string;
    readonly test: PastEntry & { readonly request: string };
  }[];
}

export type CycleFunction = 'notify-cycle' | 'restore-cycle' | 'persist';

/** The observer, as the page speaks to it, with the token that is in use. */
export interface Api {
  readonly overview: () => Promise<Answer<Overview>>;
  /** Open to everybody; without a token it has no details. */
  readonly health: () => Promise<Answer<HealthLook>>;
  readonly register: (fields: RegistrationFields) => Promise<Answer<unknown>>;
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
  const send = async <T>(method: string, path: string, given: Given = {}): Promise<Answer<T>> => {
    const { body, timeoutMs = CALL_MS_MAX } = given;
    try {
      const response = await fetch(path, {
        method,
        headers: {
          ...(token() === '' ? {} : { authorization: `Bearer ${token()}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...{ cache: 'no-store', credentials: 'omit', redirect: 'error' },
        signal: AbortSignal.timeout(timeoutMs),
      });
      const json: unknown = await response.json();
      const isKnown = response.ok || (response.status === 503 && 'components' in fieldsOf(json));
      // The page and what answers it are of the same version: they come from the same function.
      if (isKnown) return { kind: 'ok', value: json as T };
      const { detail } = fieldsOf(json);
      const words = typeof detail === 'string' ? detail : `The observer answered ${response.status}.`;
      return { kind: 'refused', status: response.status, detail: words };
    } catch {
      return { kind: 'unreachable' };
    }
  };

  const all = `${registerUrl}/register`;
  const one = (id: string): string => `${all}/${encodeURIComponent(id)}`;
  return {
    overview: () => send('GET', '/actuator/overview'),
    health: () => send('GET', '/actuator/health'),
    register: (fields) => send('POST', all, { body: fields }),
    unregister: (id) => send('DELETE', one(id)),
    restore: (id) => send('POST', `${one(id)}/restore`),
    test: (id) => send('POST', `${one(id)}/test`),
    past: (id) => send('GET', `${one(id)}/decisions`),
    runCycle: (name) => send('POST', `/functions/${name}`, { body: {}, timeoutMs: CYCLE_MS_MAX }),
  };
}

interface Given {
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
