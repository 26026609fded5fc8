import type { Api, CycleFunction } from './api.ts';
import { button, h } from './dom.ts';
import { say } from './notice.ts';
import type { Pending } from './pending.ts';
import { failureWords } from './trouble.ts';
import { moodOf } from './words.ts';

const NAMES: readonly CycleFunction[] = ['notify-cycle', 'restore-cycle', 'persist'];

/** Makes the buttons that run a cycle; none once it showed that here cycles are run by their schedule only. */
export function createCycleButtons(
  api: Api,
  pending: Pending,
  refresh: () => Promise<void>,
): () => readonly HTMLElement[] {
  let areHere = true;
  const run = (name: CycleFunction): Promise<void> =>
    pending.during(name, async () => {
      say(`${name} is running…`, 'calm');
      const answer = await api.runCycle(name);
      areHere = !('status' in answer && answer.status === 404);
      if (answer.kind === 'ok') say(`${name}: ${answer.value.outcome}`, moodOf(answer.value.outcome));
      else say(areHere ? failureWords(answer, '') : 'Here cycles are run by their schedule only.', 'bad');
      await refresh();
    });
  return () => {
    if (!areHere) return [];
    const buttons = NAMES.map((name) =>
      button(`Run ${name}`, name, () => void run(name), pending.has(name) ? { 'aria-disabled': 'true' } : {}),
    );
    return [h('div', { class: 'run', role: 'group', 'aria-label': 'Run a cycle now' }, ...buttons)];
  };
}
