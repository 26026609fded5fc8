import { expect, it } from 'vitest';
import { apiKey } from './credential-texts.ts';

it.each(['k', 'Ab_-9', ' key ', 'a{b}c"d', 'x'.repeat(512)])('takes %j as a key, trimmed', (text) => {
  expect(apiKey(text)).toEqual({ ok: true, value: text.trim() });
});

it.each([
  '{apikey}',
  '${API_KEY}',
  '<key>',
  '"key"',
  "'key'",
  '`key`',
  'key"',
  ' {key',
  '{',
  '"{\\"a\\": 1}"',
])('takes %j for no key, and says why without showing it', (text) => {
  expect(apiKey(text)).toEqual({
    ok: false,
    expected: 'the key alone',
    given: 'begins or ends with a quote or a brace',
  });
});

it.each(['a b', 'a\tb', 'a\nb', 'schlüssel', 'x'.repeat(513)])('takes %j for no key', (text) => {
  expect(apiKey(text)).toEqual({ ok: false, expected: 'printable ASCII without blanks' });
});
