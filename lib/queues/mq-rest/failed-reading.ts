import type { QueueManagerErrorCode, QueueManagerReading } from '../queue-depths.ts';

/** A reading that failed. */
export type FailedReading = Extract<QueueManagerReading, { readonly kind: 'failed' }>;

/** Whom we asked, as it may be shown. `url` has no credentials and no query. */
export interface Asked {
  readonly qmgr: string;
  readonly url: string;
}

/** What went wrong and what an operator does about it: two full sentences, without secrets. */
export interface Verdict {
  readonly code: QueueManagerErrorCode;
  readonly what: string;
  readonly toDo: string;
}

const NAMES_SHOWN_MAX = 20;

/** Makes a verdict a reading: which queue manager, where, what, what to do. */
export function failedReading(asked: Asked, verdict: Verdict): FailedReading {
  const message = `Queue manager ${asked.qmgr} at ${asked.url}: ${verdict.what} ${verdict.toDo}`;
  return { kind: 'failed', code: verdict.code, message };
}

/** The reading of a queue manager that has no entry. */
export function notConfigured(qmgr: string, configured: readonly string[]): FailedReading {
  const message = `Queue manager ${qmgr} is not configured. ${listed(configured)} Names are case-sensitive.`;
  return { kind: 'failed', code: 'not-configured', message };
}

function listed(names: readonly string[]): string {
  if (names.length === 0)
    return 'No queue manager is: set QMGR and MQ_REST_HOST, or MQ_ENDPOINTS in env.json.';
  const shown = names.slice(0, NAMES_SHOWN_MAX).join(', ');
  const more = names.length - NAMES_SHOWN_MAX;
  return more > 0 ? `Configured are ${shown} and ${more} more.` : `Configured: ${shown}.`;
}
