import type { HealthLook } from '../lib/health/overview.ts';
import { part, show } from './dom.ts';
import { badge } from './pieces.ts';
import { healthComponents } from './sections.ts';

/** Shows how the whole is, in the name of the page too, and how its components are. */
export function renderHealth(health: HealthLook): void {
  renderUnknown(health.status);
  show(part('health', HTMLElement), ...healthComponents(health));
}

/** Shows one word in the place of the status; the components stay. */
export function renderUnknown(word: string): void {
  document.title = `${word} – mq-observer`;
  show(part('overall', HTMLElement), badge(word));
}

/** Takes the components away. */
export function clearHealth(): void {
  part('health', HTMLElement).replaceChildren();
}
