import type { IncomingMessage } from 'node:http';

/** One request that reached the REST server, whatever became of it. */
export interface JournalEntry {
  /** Counts from 1 and goes on when the journal is cleared. */
  readonly number: number;
  readonly atMs: number;
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  /** The queue manager that the path names, decoded. */
  readonly qmgr: string | undefined;
  /** In lower case; credentials are masked. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of a command; undefined for all else, because a login has a password in it. */
  readonly body: string | undefined;
}

/** The requests since the start or the last `clear`, oldest first, at most 10,000. */
export interface Journal {
  readonly record: (request: IncomingMessage, seen: Pick<JournalEntry, 'qmgr' | 'body' | 'atMs'>) => void;
  readonly entries: () => readonly JournalEntry[];
  readonly clear: () => void;
}

const ENTRIES_MAX = 10_000;

export function createJournal(): Journal {
  let entries: JournalEntry[] = [];
  let count = 0;
  return {
    record: (request, seen) => {
      count += 1;
      const { method = '', url: target = '' } = request;
      entries.push({ ...seen, number: count, method, target, headers: maskedHeaders(request) });
      if (entries.length > ENTRIES_MAX) entries.shift();
    },
    entries: () => [...entries],
    clear: () => {
      entries = [];
    },
  };
}

function maskedHeaders({ headers }: IncomingMessage): Record<string, string> {
  const masked: Record<string, string> = {};
  for (const [name, value = ''] of Object.entries(headers)) {
    const text = Array.isArray(value) ? value.join(', ') : value;
    if (name === 'authorization') masked[name] = `${text.split(' ', 1)[0] ?? ''} ***`;
    else masked[name] = name === 'cookie' ? '***' : text;
  }
  return masked;
}
