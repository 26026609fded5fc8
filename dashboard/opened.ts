import type { Past } from './answers.ts';
import type { Api } from './api.ts';
import { say } from './notice.ts';
import { failureWords } from './trouble.ts';
import { meaningInTest } from './words.ts';

/** The registration that somebody looks at more closely. */
export interface Opened {
  readonly id: string;
  /** `undefined`: not known yet. */
  readonly past: Past | undefined;
  /** Why it is not known, or not what it is now. */
  readonly trouble: string | undefined;
  /** A test wake-up is being asked for. */
  readonly isAsking: boolean;
  /** The test wake-up that is to come. */
  readonly awaited: { readonly request: string; readonly sinceMs: number } | undefined;
}

/** The one registration that is open, if any is. */
export interface Opening {
  readonly opened: () => Opened | undefined;
  /** Opens it, or closes it when it is open. */
  readonly toggle: (id: string) => void;
  readonly close: (id: string) => void;
  /** Whichever is open. */
  readonly closeAny: () => void;
  readonly test: () => Promise<void>;
  /** Looks for what came of it; for nothing when none is open. Goes with the refresh of the page, so it ends when that does. */
  readonly look: () => Promise<void>;
}

/** By then cycles have come many times, or do not come at all. */
const AWAITED_MS_MAX = 60 * 60_000;

/** @param changed called when there is something else to show. */
export function createOpening(api: Api, registerUrl: string, changed: () => void): Opening {
  let opened: Opened | undefined;
  /** Unless it was closed while the answer came. */
  const learn = (id: string, news: Partial<Opened>): void => {
    if (opened?.id !== id) return;
    opened = { ...opened, ...news };
    changed();
  };

  const closeAny = (): void => {
    if (opened === undefined) return;
    opened = undefined;
    changed();
  };
  const close = (id: string): void => {
    if (opened?.id === id) closeAny();
  };

  const look = async (): Promise<void> => {
    if (opened === undefined) return;
    const { id } = opened;
    const answer = await api.past(id);
    if (answer.kind === 'refused' && answer.status === 404) return close(id);
    if (answer.kind !== 'ok') return learn(id, { trouble: failureWords(answer, registerUrl) });
    learn(id, { past: answer.value, trouble: undefined });
    const awaited = opened?.id === id ? opened.awaited : undefined;
    if (awaited === undefined) return;
    const result = answer.value.tests.find(({ test }) => test.request === awaited.request)?.test;
    const isOver = performance.now() - awaited.sinceMs > AWAITED_MS_MAX;
    if (result === undefined && !isOver) return;
    learn(id, { awaited: undefined });
    if (result === undefined) return say(`No cycle has told of the test wake-up of ${id} in an hour.`, 'bad');
    const words = result.detail ?? meaningInTest(result.reason);
    say(`Test wake-up of ${id}: ${result.reason} (${words})`, result.reason === 'woken' ? 'good' : 'bad');
  };

  return {
    opened: () => opened,
    close,
    closeAny,
    toggle: (id) => {
      if (opened?.id === id) return closeAny();
      opened = { id, past: undefined, trouble: undefined, isAsking: false, awaited: undefined };
      changed();
      void look();
    },
    test: async () => {
      if (opened === undefined || opened.isAsking) return;
      const { id } = opened;
      learn(id, { isAsking: true });
      const answer = await api.test(id);
      learn(id, { isAsking: false });
      if (answer.kind !== 'ok') return say(failureWords(answer, registerUrl), 'bad');
      learn(id, { awaited: { request: answer.value.request, sinceMs: performance.now() } });
      say(`The next notify cycle sends a test wake-up to ${id}.`, 'calm');
    },
    look,
  };
}
