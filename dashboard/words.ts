/** The reasons of decisions, in words. The names are those of the reports. */
const REASONS: Readonly<Record<string, string>> = {
  woken: 'the target was woken',
  failed: 'the target could not be woken',
  deferred: 'no time was left; it goes first in the next cycle',
  depth_below: 'too few messages wait, and none is old enough',
  get_inhibited: 'nobody can get messages from the queue',
  reader_present: 'somebody has the queue open for input',
  job_running: 'a job run that was started for it is not over',
  cooldown: 'it was woken a short while ago',
  no_progress: 'wake-ups did not make the depth fall: they come further apart',
  postponed: 'the target asked to be left alone for a while',
  cancelled: 'the queue was emptied before the next attempt',
  quarantined: 'it failed too often',
  retired: 'the target said that it is gone',
  queue_manager_error: 'the queue manager could not be read',
  queue_not_found: 'the queue manager has no such queue',
  misconfigured: 'it cannot be woken as it is registered',
};

/** What a reason means; nothing for one that this page does not know. */
export function meaningOf(reason: string): string {
  return REASONS[reason] ?? '';
}

const GOOD = new Set(['UP', 'ok', 'completed', 'active', 'woken', 'closed']);
const BAD = new Set([
  'DOWN',
  'error',
  'failed',
  'quarantined',
  'misconfigured',
  'open',
  'queue_manager_error',
]);
const POOR = new Set([
  ...['INIT', 'partial', 'retired', 'half-open', 'queue_not_found', 'deferred', 'no_progress'],
  ...['get_inhibited', 'skipped'],
]);

/** How a state, status, outcome or reason looks. */
export function moodOf(word: string): 'good' | 'bad' | 'poor' | 'calm' {
  if (GOOD.has(word)) return 'good';
  if (BAD.has(word)) return 'bad';
  return POOR.has(word) ? 'poor' : 'calm';
}
