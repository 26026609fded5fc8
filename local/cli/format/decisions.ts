import type { DecisionReason } from '../../../lib/cycle/report.ts';
import { at, listAt, textAt } from '../answers.ts';
import type { Style } from './style.ts';
import { formatTable } from './table.ts';

const SENTENCES: Readonly<Record<DecisionReason, string>> = {
  woken: 'The target was woken.',
  failed: 'The target could not be woken.',
  deferred: 'No time was left for it in that cycle; it goes first in the next one.',
  depth_below: 'Too few messages waited, and none was old enough.',
  get_inhibited: 'Nobody can get messages from the queue.',
  reader_present: 'Somebody had the queue open for input, and was left to it.',
  job_running: 'A job run that was started for it was not over.',
  cooldown: 'It was woken a short while ago.',
  no_progress: 'Many wake-ups in a row did not make the depth fall: they come further apart.',
  postponed: 'The target asked to be left alone for a while.',
  cancelled: 'The queue was emptied before the next attempt.',
  quarantined: 'It failed too often and is in quarantine.',
  retired: 'The target answered that it is gone for good; registering again revives it.',
  queue_manager_error: 'The queue manager could not be asked.',
  queue_not_found: 'The queue manager knows no such queue.',
  misconfigured: 'It cannot be woken as it is registered or configured.',
};

/** A decision in words: what its reason means, and what else is known. */
export function decisionInWords(decision: unknown): string {
  const reason = textAt(decision, 'reason') ?? '';
  const detail = textAt(decision, 'detail');
  const facts = factsOf(decision);
  return [
    isKnown(reason) ? SENTENCES[reason] : 'This command line does not know that reason; a newer one does.',
    ...(detail === undefined ? [] : [`${detail}.`.replace(/\.\.$/, '.')]),
    ...(facts.length === 0 ? [] : [`(${facts.join(', ')})`]),
  ].join(' ');
}

function isKnown(reason: string): reason is DecisionReason {
  return Object.hasOwn(SENTENCES, reason);
}

function factsOf(decision: unknown): readonly string[] {
  const names = { depth: 'depth', depth_sum: 'depth of all queues', attempts: 'attempts' };
  return Object.entries({ ...names, run: 'job run', relay: 'relay' }).flatMap(([key, name]) => {
    const value = textAt(decision, key);
    return value === undefined ? [] : [`${name} ${value}`];
  });
}

/** What the last cycles decided on one registration, as `GET /register/{id}/decisions` answers it: newest first. */
export function formatHistory(answer: unknown, style: Style): string {
  const rows = listAt(answer, 'decisions').map((past) => [
    textAt(past, 'started'),
    textAt(past, 'decision', 'reason'),
    decisionInWords(at(past, 'decision')),
  ]);
  if (rows.length === 0)
    return 'No cycle that is still known decided on it: run one (cycle notify), or wait for the next.';
  return formatTable(['CYCLE STARTED', 'REASON', 'IN WORDS'], rows, style);
}

/** Decisions of one cycle, as its report has them. */
export function formatDecisions(decisions: readonly unknown[], style: Style): string {
  const rows = decisions.map((decision) => [
    textAt(decision, 'id'),
    textAt(decision, 'reason'),
    decisionInWords(decision),
  ]);
  return formatTable(['ID', 'REASON', 'IN WORDS'], rows, style);
}
