import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { secret } from './secret.ts';

it('a secret is told to whoever asks for it by name, and to nothing that prints', () => {
  const hidden = secret('hunter2');
  expect(hidden.reveal()).toBe('hunter2');
  const prints = [
    String(hidden),
    hidden.toString(),
    JSON.stringify({ hidden, list: [hidden] }),
    inspect(hidden),
    inspect({ deep: { hidden } }, { depth: 9, showHidden: true }),
    JSON.stringify({ ...hidden }),
    JSON.stringify(Object.entries(hidden)),
  ];
  for (const text of prints) expect(text).not.toContain('hunter2');
  expect(prints[0]).toBe('[redacted]');
});
