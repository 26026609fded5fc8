import type { QueueManagerReading } from '../queue-depths.ts';
import type { Verdict } from './verdict.ts';

/** A reading that failed. */
export type FailedReading = Extract<QueueManagerReading, { readonly kind: 'failed' }>;

const NAMES_SHOWN_MAX = 20;

/** What one web server had to say. */
export interface FailedServer {
  /** As it may be shown. */
  readonly url: string;
  readonly verdict: Verdict;
}

/** Makes verdicts a reading: which queue manager, where, what, what to do. The first server's counts, the others are named. */
export function failedReading(
  qmgr: string,
  first: FailedServer,
  others: readonly FailedServer[],
): FailedReading {
  const { code, what, toDo } = first.verdict;
  const more = others.map(({ url, verdict }) => ` At ${url}: ${verdict.what}`).join('');
  return { kind: 'failed', code, message: `Queue manager ${qmgr} at ${first.url}: ${what}${more} ${toDo}` };
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
