import type { Randomness } from '../../platform/clock.ts';
import { createQueueNames, type QueueNames } from '../queue-names.ts';
import type { Alias } from './api.ts';
import type { Answered } from './verdict.ts';

/** Finds out about names that no queue with messages has, and remembers it while the instance is warm. */
export interface NameLookup {
  /** The aliases that are wanted. Asks when it is not known, or too old, what one of `unseen` is, or which there are. */
  readonly aliases: (
    names: { readonly unseen: readonly string[]; readonly wanted: QueueNames },
    ask: () => Promise<Answered<ReadonlyMap<string, Alias>>>,
  ) => Promise<{ readonly byName: ReadonlyMap<string, Alias>; readonly warnings: readonly string[] }>;
  /** Which of `unseen` are not there. Asks about a few of those that it does not know. */
  readonly missing: (
    names: { readonly unseen: readonly string[]; readonly registered: ReadonlySet<string> },
    ask: (name: string) => Promise<Answered<boolean | undefined>>,
  ) => Promise<{ readonly missing: ReadonlySet<string>; readonly warnings: readonly string[] }>;
}

export interface NameLookupDeps {
  /** Milliseconds since any fixed moment. */
  readonly nowMs: () => number;
  readonly random: Randomness;
}

/** Aliases are defined by hand; when one is given another target, that is waited for. */
const ALIASES_KEPT_MS = 2 * 60_000;
/** What is known of a name may change. A missing one, or one that may not be seen, is what somebody is about to mend. */
const KEPT_MS = { there: 60 * 60_000, missing: 5 * 60_000, refused: 5 * 60_000, untold: 5 * 60_000 };
type State = keyof typeof KEPT_MS;
/** Names asked about in one reading: an empty queue and one that is not there look alike, and both may be many. */
const ASKED_AT_ONCE = 4;
const NAMES_SHOWN_MAX = 5;

/** What is remembered of a list of aliases: those that were wanted then. */
interface KeptAliases {
  readonly byName: ReadonlyMap<string, Alias>;
  readonly wanted: QueueNames;
  readonly untilMs: number;
}

const NOTHING_KEPT: KeptAliases = { byName: new Map(), wanted: createQueueNames([]), untilMs: -Infinity };

export function createNameLookup({ nowMs, random }: NameLookupDeps): NameLookup {
  let kept = NOTHING_KEPT;
  const known = new Map<string, { readonly state: State; readonly untilMs: number }>();

  const ask = async (name: string, exists: () => Promise<Answered<boolean | undefined>>): Promise<void> => {
    const state = stateOf(await exists());
    if (state === undefined) known.delete(name);
    else known.set(name, { state, untilMs: nowMs() + KEPT_MS[state] });
  };

  return {
    aliases: async ({ unseen, wanted }, askForAliases) => {
      const covered =
        kept.wanted.every || (!wanted.every && unseen.every((name) => kept.wanted.exact.has(name)));
      const nobodyAsks = unseen.length === 0 && !wanted.every;
      if (nobodyAsks || (covered && nowMs() < kept.untilMs)) return { byName: kept.byName, warnings: [] };
      const result = await askForAliases();
      if (!result.ok)
        return { byName: kept.byName, warnings: [`alias queues are not known: ${result.verdict.what}`] };
      const byName = new Map([...result.value].filter(([name]) => wanted.wants(name, true)));
      // A list that may lack some is good for this once.
      if (result.warnings.length === 0) kept = { byName, wanted, untilMs: nowMs() + ALIASES_KEPT_MS };
      return { byName, warnings: result.warnings };
    },
    missing: async ({ unseen, registered }, exists) => {
      for (const name of known.keys()) if (!registered.has(name)) known.delete(name);
      const unknown = unseen.filter((name) => (known.get(name)?.untilMs ?? -Infinity) <= nowMs());
      const asked = someOf(unknown, ASKED_AT_ONCE, random);
      await Promise.all(asked.map((name) => ask(name, () => exists(name))));
      const inState = (state: State) => unseen.filter((name) => known.get(name)?.state === state);
      return { missing: new Set(inState('missing')), warnings: refusedWarning(inState('refused')) };
    },
  };
}

/** What an answer says of a name; undefined when it says nothing that lasts: the name counts as there, and empty. */
function stateOf(result: Answered<boolean | undefined>): State | undefined {
  if (!result.ok) return result.verdict.forbidden === true ? 'refused' : undefined;
  if (result.value === undefined) return 'untold';
  return result.value ? 'there' : 'missing';
}

function refusedWarning(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length > NAMES_SHOWN_MAX ? ` and ${names.length - NAMES_SHOWN_MAX} more` : '';
  const shown = `${names.slice(0, NAMES_SHOWN_MAX).join(', ')}${more}`;
  return [`the user may not see ${shown}, or there is no such queue: the role MQWebAdminRO sees every queue`];
}

/** At most `max` of the names, beginning anywhere: an instance that never gets warm comes to all of them, too. */
function someOf(names: readonly string[], max: number, random: Randomness): readonly string[] {
  if (names.length <= max) return names;
  const start = Math.floor(random.fraction() * names.length);
  return [...names.slice(start), ...names.slice(0, start)].slice(0, max);
}
