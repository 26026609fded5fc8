import type { Answered } from './verdict.ts';

/** What is known of names that no queue with messages has. */
export interface NamesFound {
  /** Targets by alias. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly missing: ReadonlySet<string>;
  readonly warnings: readonly string[];
}

export interface NameQuestions {
  readonly aliases: () => Promise<Answered<ReadonlyMap<string, string>>>;
  readonly exists: (name: string) => Promise<Answered<boolean>>;
}

/** Finds out about names, and remembers it while the instance is warm. */
export interface NameLookup {
  readonly lookUp: (names: readonly string[], questions: NameQuestions) => Promise<NamesFound>;
}

/** Aliases are defined by hand: what was read holds for a while. */
const ALIASES_KEPT_MS = 10 * 60_000;
/** That there is a queue, or that there is none, may change; a missing one is what somebody is about to mend. */
const EXISTS_KEPT_MS = 60 * 60_000;
const MISSING_KEPT_MS = 5 * 60_000;
/** Names asked about in one reading: an empty queue and one that is not there look alike, and both may be many. */
const EXISTS_AT_ONCE = 4;

const NOTHING: NamesFound = { aliases: new Map(), missing: new Set(), warnings: [] };

export function createNameLookup(nowMs: () => number): NameLookup {
  let aliases: { readonly byName: ReadonlyMap<string, string>; readonly untilMs: number } | undefined;
  const known = new Map<string, { readonly exists: boolean; readonly untilMs: number }>();

  const readAliases = async (questions: NameQuestions): Promise<readonly string[]> => {
    if (aliases !== undefined && nowMs() < aliases.untilMs) return [];
    const result = await questions.aliases();
    if (!result.ok) return [`alias queues are not known: ${result.verdict.what}`];
    aliases = { byName: result.value, untilMs: nowMs() + ALIASES_KEPT_MS };
    return [];
  };

  const ask = async (name: string, questions: NameQuestions): Promise<void> => {
    const result = await questions.exists(name);
    // A name that could not be asked about counts as there: empty, most likely.
    if (!result.ok) return void known.delete(name);
    const keptMs = result.value ? EXISTS_KEPT_MS : MISSING_KEPT_MS;
    known.set(name, { exists: result.value, untilMs: nowMs() + keptMs });
  };

  return {
    lookUp: async (names, questions) => {
      if (names.length === 0) return NOTHING;
      const unknown = names.filter((name) => (known.get(name)?.untilMs ?? -Infinity) <= nowMs());
      const [warnings] = await Promise.all([
        readAliases(questions),
        ...someOf(unknown, EXISTS_AT_ONCE, nowMs()).map((name) => ask(name, questions)),
      ]);
      const missing = new Set(names.filter((name) => known.get(name)?.exists === false));
      return { aliases: aliases?.byName ?? NOTHING.aliases, missing, warnings };
    },
  };
}

/** At most `max` of the names, others each second: an instance that never gets warm comes to all of them, too. */
function someOf(names: readonly string[], max: number, nowMs: number): readonly string[] {
  if (names.length <= max) return names;
  const start = Math.floor(nowMs / 1000) % names.length;
  return [...names.slice(start), ...names.slice(0, start)].slice(0, max);
}
