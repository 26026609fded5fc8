import { describe, expect, it } from 'vitest';
import { wants } from './ignore-list.ts';

describe('wants', () => {
  it.each<[readonly string[], boolean]>([
    [[], true],
    [['cycle.completed'], false],
    [['cycle'], true],
    [['cycle.*'], false],
    [['failing', 'cycle.c*'], false],
    [['*'], false],
    [['cycle.failed'], true],
  ])('with %j ignored: %s for cycle.completed', (ignoredTypes, wanted) => {
    expect(wants({ disabled: false, ignoredTypes }, 'cycle.completed')).toBe(wanted);
  });

  it('is nothing for an endpoint that is disabled', () => {
    expect(wants({ disabled: true, ignoredTypes: [] }, 'failing')).toBe(false);
  });
});
