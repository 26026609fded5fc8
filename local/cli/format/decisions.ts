import type { DecisionReason } from '../../../lib/cycle/report.ts';
import { at, listAt, textAt } from '../answers.ts';
import type { Style } from './style.ts';
import { formatFacts, formatTable } from './table.ts';

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

/** A test changes nothing of a registration. */
const TEST_SENTENCES = {
  ...SENTENCES,
  retired: 'The target answered that it is gone for good: a wake-up would retire it.',
};

/** A decision in words: what its reason means, and what else is known. */
export function decisionInWords(decision: unknown, sentences = SENTENCES): string {
  const reason = textAt(decision, 'reason') ?? '';
  const detail = textAt(decision, 'detail');
  const facts = factsOf(decision);
  return [
    isKnown(reason) ? sentences[reason] : 'This command line does not know that reason; a newer one does.',
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

/** What the last cycles decided on one registration, as `GET /register/{id}/decisions` answers it, newest first; then tests. */
export function formatHistory(answer: unknown, style: Style): string {
  const decisions = listAt(answer, 'decisions').map((past) => [
    textAt(past, 'started'),
    textAt(past, 'decision', 'reason'),
    decisionInWords(at(past, 'decision')),
  ]);
  const tests = listAt(answer, 'tests').map((past) => [
    textAt(past, 'started'),
    textAt(past, 'test', 'reason'),
    testInWords(at(past, 'test')),
  ]);
  return [
    decisions.length === 0
      ? 'No cycle that is still known decided on it: run one (cycle notify), or wait for the next.'
      : formatTable(['CYCLE STARTED', 'REASON', 'IN WORDS'], decisions, style),
    ...(tests.length === 0 ? [] : [formatTable(['TEST STARTED', 'REASON', 'IN WORDS'], tests, style)]),
  ].join('\n\n');
}

/** What came of one test wake-up, as the same answer tells it. */
export function formatTest(past: unknown, style: Style): string {
  return formatFacts(
    [
      ['id', textAt(past, 'test', 'id')],
      ['reason', textAt(past, 'test', 'reason')],
      ['in words', testInWords(at(past, 'test'))],
      ['cycle started', textAt(past, 'started')],
    ],
    style,
  );
}

/** Test wake-ups of one cycle, as its report has them. */
export function formatTests(tests: readonly unknown[], style: Style): string {
  const rows = tests.map((test) => [textAt(test, 'id'), textAt(test, 'reason'), testInWords(test)]);
  return formatTable(['TEST OF', 'REASON', 'IN WORDS'], rows, style);
}

function testInWords(test: unknown): string {
  return decisionInWords(test, TEST_SENTENCES);
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
