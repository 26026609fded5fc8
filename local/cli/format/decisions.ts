import type { DecisionReason } from '../../../lib/cycle/report.ts';
import { REASON_WORDS, RETIRED_IN_TEST } from '../../../lib/health/overview-words.ts';
import { at, listAt, textAt } from '../answers.ts';
import type { Style } from './style.ts';
import { formatFacts, formatTable } from './table.ts';

/** Every reason that this observer knows. */
const WORDS: Readonly<Record<DecisionReason, string>> = REASON_WORDS;
/** A test changes nothing of a registration. */
const TEST_WORDS = { ...WORDS, retired: RETIRED_IN_TEST };

/** A decision in words: what its reason means, and what else is known. */
export function decisionInWords(decision: unknown, words = WORDS): string {
  const reason = textAt(decision, 'reason') ?? '';
  const detail = textAt(decision, 'detail');
  const facts = factsOf(decision);
  return [
    isKnown(reason)
      ? sentenceOf(words[reason])
      : 'This command line does not know that reason; a newer one does.',
    ...(detail === undefined ? [] : [`${detail}.`.replace(/\.\.$/, '.')]),
    ...(facts.length === 0 ? [] : [`(${facts.join(', ')})`]),
  ].join(' ');
}

function sentenceOf(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

function isKnown(reason: string): reason is DecisionReason {
  return Object.hasOwn(WORDS, reason);
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
  return decisionInWords(test, TEST_WORDS);
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
