import { at } from './answers.ts';

/** The least that an answer is known by: a member, and what it holds. */
export type Form = readonly [name: string, holds: 'text' | 'count' | 'list' | 'members'];

/** Whether a value has a form. */
export function hasForm(value: unknown, [name, holds]: Form): boolean {
  const found = at(value, name);
  switch (holds) {
    case 'text':
      return typeof found === 'string';
    case 'count':
      return typeof found === 'number';
    case 'list':
      return Array.isArray(found);
    case 'members':
      return typeof found === 'object' && found !== null && !Array.isArray(found);
  }
}

/** One registration. */
export const REGISTRATION: Form = ['id', 'text'];
/** What became of the entries of a document or a backup. */
export const TAKEN: Form = ['imported', 'count'];
