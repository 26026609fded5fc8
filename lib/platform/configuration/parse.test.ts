import { describe, expect, it } from 'vitest';
import { listOf, matching, quote, secretListOf, splitList, switchOn } from './parse.ts';

describe('switchOn', () => {
  it.each(['', ' ', '0', 'false', 'FALSE', 'no', 'No', 'off', 'OFF', ' off '])('takes %j as off', (text) =>
    expect(switchOn(text)).toEqual({ ok: true, value: false }),
  );
  it.each(['1', 'true', 'TRUE', 'yes', 'on', 'y', 'enabled', '00', 'none'])('takes %j as on', (text) =>
    expect(switchOn(text)).toEqual({ ok: true, value: true }),
  );
});

describe('quote', () => {
  it.each([
    ['abc', '"abc"'],
    ['line\nbreak', String.raw`"line\nbreak"`],
    ['https://user:pa/ss@host/x', '"***@host/x"'],
    ['user:p@ss@host', '"***@host"'],
    ['https://host/?token=abc', '"https://host/?***"'],
    ['https://host/#abc', '"https://host/#***"'],
    ['x'.repeat(61), `"${'x'.repeat(60)}…"`],
  ])('shows %j as %s', (text, shown) => expect(quote(text)).toBe(shown));
});

describe('lists', () => {
  it('trims entries and drops empty ones', () => {
    expect(splitList(' a, ,b,,c ')).toEqual(['a', 'b', 'c']);
  });
  it('names the first bad entry by its place', () => {
    expect(listOf(matching(/^[a-z]$/, 'a letter'))('a,B')).toEqual({
      ok: false,
      given: 'entry 2 is "B"',
      expected: 'a comma-separated list, each entry a letter',
    });
  });
  it('measures a bad secret and does not show it', () => {
    expect(secretListOf(matching(/^[a-z]$/, 'a letter'))('a,hunter2')).toMatchObject({
      given: 'entry 2 is a text of 7 characters',
    });
  });
});
