import type { IncomingMessage } from 'node:http';
import type { Operation } from './fault.ts';

/** One request that reached the API or IAM, whatever became of it. */
export interface JournalEntry {
  /** Counts from 1 and goes on when the journal is cleared. */
  readonly number: number;
  readonly atMs: number;
  /** Undefined for a path or method that there is not. */
  readonly operation: Operation | undefined;
  readonly region: string | undefined;
  /** The project's id. */
  readonly project: string | undefined;
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  /** In lower case; credentials are masked. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came; of a form, API keys and tokens are masked. */
  readonly body: string;
}

/** What a request is, as far as the journal goes. */
export type Seen = Pick<JournalEntry, 'operation' | 'region' | 'project' | 'body'>;

/** The requests since the start or the last `clear`, oldest first, at most 10,000. */
export interface Journal {
  readonly record: (request: IncomingMessage, seen: Seen) => void;
  readonly entries: () => readonly JournalEntry[];
  readonly clear: () => void;
}

const ENTRIES_MAX = 10_000;
const SECRET_HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie']);
const SECRET_FIELDS = ['apikey', 'cr_token', 'password', 'passcode', 'refresh_token', 'client_secret'];

export function createJournal(nowMs: () => number): Journal {
  let entries: JournalEntry[] = [];
  let count = 0;
  return {
    record: (request, seen) => {
      count += 1;
      const { method = '', url: target = '' } = request;
      const body = seen.operation === 'token' ? maskedForm(seen.body) : seen.body;
      const headers = maskedHeaders(request);
      entries.push({ ...seen, number: count, atMs: nowMs(), method, target, headers, body });
      if (entries.length > ENTRIES_MAX) entries.shift();
    },
    entries: () => [...entries],
    clear: () => {
      entries = [];
    },
  };
}

function maskedHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value = '']) => {
      const text = Array.isArray(value) ? value.join(', ') : value;
      if (!SECRET_HEADERS.has(name)) return [name, text];
      const [scheme = '', ...rest] = text.split(' ');
      return [name, rest.length > 0 ? `${scheme} ***` : '***'];
    }),
  );
}

function maskedForm(body: string): string {
  const form = new URLSearchParams(body);
  for (const field of SECRET_FIELDS) if (form.has(field)) form.set(field, '***');
  return form.toString();
}
