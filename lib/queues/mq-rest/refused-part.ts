import type { IncomingAnswer } from '../../platform/http-client.ts';
import { parseErrorReport } from './error-report.ts';
import { judgeFailedAnswer } from './failed-answer.ts';
import { attributesOf, type Scope } from './less-each-time.ts';
import type { Refused, Verdict } from './verdict.ts';

/** What a server says of a request that it does not take. */
export interface Complaint {
  /** As its message tells; `anything` may be no more than a passing trouble. */
  readonly about: 'attributes' | 'command' | 'anything';
  /** Whether it speaks of one of these words. */
  readonly speaksOf: (words: readonly string[]) => boolean;
}

/** Words with which a server refuses a filter. */
const FILTER_WORDS = ['filter', 'greaterThan', 'WHERE'];
/** Names of attributes that stand in any sentence: there they name nothing unless they are quoted. */
const PLAIN_WORDS = new Set(['get', 'usage']);
/** The message that a response attribute is not valid. */
const ATTRIBUTE_REFUSED = 'MQWB0120E';

/**
 * Judges the answer to a request of this scope whose status is not 200. A 400 of the web server itself means the request:
 * less may be taken, or another API. One with MQ's reason code means the queue manager.
 */
export function judgeRefusal(answer: IncomingAnswer, scope: Scope): Verdict {
  const verdict = judgeFailedAnswer(answer);
  if (answer.status !== 400 || verdict.code !== 'rejected' || verdict.tryElsewhere === true) return verdict;
  const report = parseErrorReport(answer.body, answer.headers['content-type']);
  if (report === undefined || report.reasonCode !== undefined) return verdict;
  const about = report.msgId === ATTRIBUTE_REFUSED ? 'attributes' : 'anything';
  const refused = refusedPart({ about, speaksOf: report.speaksOf }, scope);
  return { ...verdict, notOffered: true, ...(refused === undefined ? {} : { refused }) };
}

/**
 * The part of a request to give up on a complaint, or `undefined` when none is left that may be: one attribute that is
 * named; or else the filter, then what only some rules look at. What tells whether a queue counts at all is given up only
 * on words that mean the request for certain.
 */
export function refusedPart({ about, speaksOf }: Complaint, scope: Scope): Refused | undefined {
  const named = attributesOf(scope).filter((attribute) => speaksOf(namesOf(attribute, about)));
  // Several names, or one beside the filter, are the request repeated.
  const isRepeated = named.length > 1 || speaksOf(FILTER_WORDS);
  const isUnclear = named.length === 0 && about !== 'attributes';
  if (scope.filtered && (isRepeated || isUnclear)) return { filter: true, attributes: [] };
  if (named.length === 1) return { filter: false, attributes: named };
  if (scope.optional.length > 0) return { filter: false, attributes: scope.optional };
  if (about === 'anything' || scope.basic.length === 0) return undefined;
  return { filter: false, attributes: scope.basic };
}

/** How a complaint names an attribute: with its group or without. */
function namesOf(attribute: string, about: Complaint['about']): readonly string[] {
  const name = attribute.slice(attribute.lastIndexOf('.') + 1);
  return about === 'anything' && PLAIN_WORDS.has(name) ? [`'${name}'`, `"${name}"`] : [name];
}
