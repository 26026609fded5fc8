/**
 * The reasons of decisions, in words. The command line has them from here; the dashboard, which takes no code of the
 * library, says them itself and is held to these very words by their type.
 */
export const REASON_WORDS = {
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
} as const;

/** What a retirement means in a test, which changes nothing of a registration. */
export const RETIRED_IN_TEST = 'the target answered that it is gone for good: a wake-up would retire it';

/** How states, statuses, outcomes and reasons are meant, for whom words have a colour; all others are neither good nor bad. */
export const MOODS = {
  good: ['UP', 'ok', 'completed', 'active', 'woken', 'closed'],
  poor: [
    ...['INIT', 'partial', 'retired', 'half-open', 'queue_not_found', 'deferred', 'no_progress'],
    ...['get_inhibited', 'skipped'],
  ],
  bad: ['DOWN', 'error', 'failed', 'quarantined', 'misconfigured', 'open', 'queue_manager_error'],
} as const;
