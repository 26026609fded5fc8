import { part } from './dom.ts';
import type { moodOf } from './words.ts';

/** Says something at the edge of the page, also to who hears it only. */
export function say(words: string, mood: ReturnType<typeof moodOf>): void {
  const notice = part('notice', HTMLElement);
  notice.textContent = words;
  notice.className = mood;
}
