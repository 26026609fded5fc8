import type { Switches } from '../switches.ts';
import { matchesName } from '../name-pattern.ts';

/** What `name=` selects; undefined when it is refused. A `*` that is not at the end is what the switch says. */
export function nameMatcher(
  pattern: string,
  { starInMiddle }: Pick<Switches, 'starInMiddle'>,
): ((name: string) => boolean) | undefined {
  const hasInnerStar = pattern.slice(0, -1).includes('*');
  if (!hasInnerStar) return (name) => matchesName(name, pattern);
  switch (starInMiddle) {
    case 'literal':
      return () => false; // no name has a star in it
    case 'refused':
      return undefined;
    case 'generic': {
      const parts = pattern.split('*').map((part) => part.replaceAll(/[^\w/%]/g, '\\$&'));
      const form = new RegExp(`^${parts.join('.*')}$`);
      return (name) => form.test(name);
    }
  }
}
