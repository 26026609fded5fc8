import type { MOODS as Moods, REASON_WORDS, RETIRED_IN_TEST } from '../lib/health/overview-words.ts';

/** Word by word what the command line says: the type takes nothing else. */
const REASONS: typeof REASON_WORDS = {
  woken: 'the target was woken',
  failed: 'the target could not be woken',
  deferred: 'no time was left for it in that cycle; it goes first in the next one',
  depth_below: 'too few messages waited, and none was old enough',
  get_inhibited: 'nobody can get messages from the queue',
  reader_present: 'somebody had the queue open for input, and was left to it',
  job_running: 'a job run that was started for it was not over',
  cooldown: 'it was woken a short while ago',
  no_progress: 'many wake-ups in a row did not make the depth fall: they come further apart',
  postponed: 'the target asked to be left alone for a while',
  cancelled: 'the queue was emptied before the next attempt',
  quarantined: 'it failed too often and is in quarantine',
  retired: 'the target answered that it is gone for good; restore it, or register it again, to revive it',
  queue_manager_error: 'the queue manager could not be read',
  queue_not_found: 'the queue manager knows no such queue',
  misconfigured: 'it cannot be woken as it is registered or configured',
};
const RETIRED: typeof RETIRED_IN_TEST =
  'the target answered that it is gone for good: a wake-up would retire it';
const MEANINGS: ReadonlyMap<string, string> = new Map(Object.entries(REASONS));

/** What a reason means; nothing for one that this page does not know. */
export function meaningOf(reason: string): string {
  return MEANINGS.get(reason) ?? '';
}

/** What a reason means of a test wake-up, which changes nothing. */
export function meaningInTest(reason: string): string {
  return reason === 'retired' ? RETIRED : meaningOf(reason);
}

const MOODS: typeof Moods = {
  good: ['UP', 'ok', 'completed', 'active', 'woken', 'closed'],
  poor: [
    ...(['INIT', 'partial', 'retired', 'half-open', 'queue_not_found', 'deferred', 'no_progress'] as const),
    ...(['get_inhibited', 'skipped'] as const),
  ],
  bad: ['DOWN', 'error', 'failed', 'quarantined', 'misconfigured', 'open', 'queue_manager_error'],
};

/** How a state, status, outcome or reason looks. */
export function moodOf(word: string): 'good' | 'bad' | 'poor' | 'calm' {
  const isIn = (words: readonly string[]): boolean => words.includes(word);
  if (isIn(MOODS.good)) return 'good';
  if (isIn(MOODS.bad)) return 'bad';
  return isIn(MOODS.poor) ? 'poor' : 'calm';
}
