import { part } from './dom.ts';
import type { moodOf } from './words.ts';

/** Says something at the edge of the page, also to who hears it only. Without words: takes away what was said. */
export function say(words: string, mood: ReturnType<typeof moodOf>): void {
  const notice = part('notice', HTMLElement);
  notice.textContent = words;
  notice.className = mood;
}

/** Starts the button that takes a notice away, and gives the focus back to where it came from. */
export function startNotice(): void {
  const close = part('notice-close', HTMLButtonElement);
  const box = part('notice-box', HTMLElement);
  let cameFrom: HTMLElement | undefined;
  box.addEventListener('focusin', ({ relatedTarget }) => {
    if (relatedTarget instanceof HTMLElement && !box.contains(relatedTarget)) cameFrom = relatedTarget;
  });
  close.addEventListener('click', () => {
    say('', 'calm');
    const before = cameFrom?.isConnected === true ? cameFrom : part('registrations', HTMLElement);
    before.focus({ preventScroll: true });
  });
}
