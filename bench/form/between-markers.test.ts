import { expect, it } from 'vitest';
import { replacedBetweenMarkers } from './between-markers.ts';

const text = ['before', '<!-- table: begin -->', 'old', '<!-- table: end -->', 'after'].join('\n');

it('replaces what is between the markers, and nothing else, as often as wanted', () => {
  const once = replacedBetweenMarkers(text, 'table', 'new');
  expect(once).toBe(
    ['before', '<!-- table: begin -->', '', 'new', '', '<!-- table: end -->', 'after'].join('\n'),
  );
  expect(replacedBetweenMarkers(once, 'table', 'new')).toBe(once);
});

it.each(['', '<!-- table: begin -->', '<!-- table: end --><!-- table: begin -->'])('refuses %j', (given) => {
  expect(() => replacedBetweenMarkers(given, 'table', 'new')).toThrow('<!-- table: begin -->');
});
