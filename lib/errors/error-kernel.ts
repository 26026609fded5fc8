import type { LifecycleEvent } from '../events/lifecycle-event.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logging.ts';
import { classOf } from './error-class.ts';
import { rowOf, type Decision, type ErrorRow, type ErrorTable, type Place } from './error-rules.ts';
import { lineOf, textIn, textOf, type ErrorText } from './error-text.ts';
import { createToldCauseList, type ToldCauses } from './told-causes.ts';

/** What an error was about: names and keys, never a URL, a header or a body. */
export interface ErrorContext {
  readonly registration?: string;
  readonly qmgr?: string;
  readonly endpoint?: string;
  /** Key of a stored object; known by itself of a damaged one. */
  readonly key?: string;
  readonly shard?: string;
  readonly cycle?: string;
  /** The first and the last shard of a range. */
  readonly range?: string;
}

/** Where it is decided what follows from an error. One for each run of a cycle, or for the life of an instance. */
export interface ErrorKernel {
  /**
   * Decides by the table, counts the error, and notes it for whoever has to hear of it: the log and the event endpoints
   * once per cause and window, the report in any case. Never throws; what fails while an error is noted ends there.
   */
  readonly handle: (place: Place, error: unknown, context?: ErrorContext) => Decision;
  /** How many errors there were, as `error/<place>/<class>`. */
  readonly counted: () => Readonly<Record<string, number>>;
  /** What the report has to say, in words, each text once; beyond 500 only how many more. */
  readonly problems: () => readonly string[];
  /** Gives the events that are to be sent, and forgets them. */
  readonly takeEvents: () => readonly LifecycleEvent[];
  /** What was told in this window, for the next run's `told`. */
  readonly told: () => ToldCauses;
}

export interface ErrorKernelDeps {
  readonly table: ErrorTable;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Logger;
  /** What earlier runs told, as `parseToldCauses` reads it. */
  readonly told: ToldCauses;
}

/** Texts and events that are kept until somebody takes them. */
const KEPT_MAX = 500;

export function createErrorKernel(deps: ErrorKernelDeps): ErrorKernel {
  const counts = new Map<string, number>();
  const problems = new Set<string>();
  const causes = createToldCauseList(deps.told);
  let unsaid = 0;
  let events: LifecycleEvent[] = [];
  let isNoting = false;

  const note = (row: ErrorRow, error: unknown, context: ErrorContext): void => {
    const text = textOf(error, row.class);
    const about = subjectOf(row, error, context);
    const problem = problemOf(row, text, about);
    if (problems.size < KEPT_MAX) problems.add(problem);
    else if (!problems.has(problem)) unsaid += 1;
    const kind = `${row.place}/${row.class}`;
    // Neither registration nor shard: what hits many of them at once is one cause.
    const detail = JSON.stringify([about.key, about.endpoint, about.qmgr, text.source]);
    const news = causes.newsOf({ kind, detail }, deps.clock.nowMs());
    if (news === undefined) return;
    const facts = { place: row.place, class: row.class, decision: row.decision, ...about };
    if (row.tells && events.length < KEPT_MAX)
      events.push({
        id: news.id,
        type: 'observer.error',
        // Not now: another instance that meets the same in this window makes the same event.
        timeMs: news.windowStartMs,
        subject: kind,
        data: { ...facts, severity: row.severity, problem: text.told, what_to_do: row.toDo },
      });
    const level = row.severity === 'error' ? deps.log.error : deps.log.warn;
    level(row.fails, { ...facts, cause: text.logged, toDo: row.toDo });
  };

  return {
    handle: (place, error, context = {}) => {
      const row = rowOf(deps.table, place, classOf(error));
      const name = `error/${place}/${row.class}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      // An error of whoever is told of an error (the logger) must not come back here for ever.
      if (row.severity === 'debug' || isNoting) return row.decision;
      isNoting = true;
      try {
        note(row, error, context);
      } catch {
        // It ends here: it is decided and counted, and there is nobody left to tell.
      } finally {
        isNoting = false;
      }
      return row.decision;
    },
    counted: () => Object.fromEntries(counts),
    problems: () => (unsaid === 0 ? [...problems] : [...problems, `${unsaid} more; the counters have all`]),
    takeEvents: () => {
      const taken = events;
      events = [];
      return taken;
    },
    told: causes.told,
  };
}

const NAME_MAX = 256;
const NAMES = ['registration', 'qmgr', 'endpoint', 'key', 'shard', 'cycle', 'range'] as const;

/** Names come from outside, too: each is cut to one line. */
function subjectOf(row: ErrorRow, error: unknown, context: ErrorContext): ErrorContext {
  const given = row.class === 'damaged-object' ? { key: textIn(error, 'key'), ...context } : context;
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value: unknown = given[name];
      return typeof value === 'string' ? [[name, lineOf(value, NAME_MAX)]] : [];
    }),
  );
}

function problemOf({ fails }: ErrorRow, { told }: ErrorText, about: ErrorContext): string {
  const names = Object.entries(about).map(([name, value]) => `${name} ${value}`);
  return `${fails}${names.length === 0 ? '' : ` (${names.join(', ')})`}: ${told}`;
}
