import { describe, expect, it } from 'vitest';
import { eventId } from './lifecycle-event.ts';

describe('eventId', () => {
  it('is the same for the same parts, and fits a key and a trace id', () => {
    expect(eventId('failing', 'one', 'r1', 2)).toBe(eventId('failing', 'one', 'r1', 2));
    expect(eventId('failing')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is another for other parts, also where they read the same in a row', () => {
    const ids = [
      eventId('failing', 'one', 1),
      eventId('failing', 'one', '1'),
      eventId('failing', 'one', 2),
      eventId('restored', 'one', 1),
      eventId('failing', 'a', 'bc'),
      eventId('failing', 'ab', 'c'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
