import { describe, expect, it } from 'vitest';
import { loaded, problemsOf } from './configuration-test-support.ts';
import { describeConfiguration } from './describe-configuration.ts';

const FULL = {
  name: 'audit',
  url: 'http://10.0.0.1:8080/events?key=hidden#part',
  headers: { Authorization: 'Bearer hidden' },
  timeout: 'PT2S',
  threshold: 3,
  backoff: 'PT1M',
  ignore: { types: ['cycle.*', 'failing'] },
  disabled: true,
};
const BARE = { name: 'bare', url: 'https://bare.example' };

describe('EVENT_ENDPOINTS', () => {
  it('is read from env.json, with defaults for what is not given', () => {
    const { events, warnings } = loaded({}, { EVENT_ENDPOINTS: [FULL, BARE] });
    expect(warnings).toEqual([]);
    expect(events[0]?.headers['authorization']?.reveal()).toBe('Bearer hidden');
    expect(events).toMatchObject([
      {
        name: 'audit',
        url: 'http://10.0.0.1:8080/events?key=hidden',
        timeoutMs: 2_000,
        threshold: 3,
        backoffMs: 60_000,
        ignoredTypes: ['cycle.*', 'failing'],
        disabled: true,
      },
      {
        name: 'bare',
        url: 'https://bare.example/',
        headers: {},
        timeoutMs: 5_000,
        threshold: 10,
        backoffMs: 1_000,
        ignoredTypes: [],
        disabled: false,
      },
    ]);
  });

  it('is read from the environment first, and is none by default', () => {
    const env = { EVENT_ENDPOINTS: JSON.stringify([BARE]) };
    expect(loaded(env, { EVENT_ENDPOINTS: [FULL] }).events).toMatchObject([{ name: 'bare' }]);
    expect(loaded().events).toEqual([]);
    expect(loaded({ EVENT_ENDPOINTS: ' ' }, { EVENT_ENDPOINTS: null }).events).toEqual([]);
  });

  it('is shown without headers and keys', () => {
    const shown = describeConfiguration(loaded({}, { EVENT_ENDPOINTS: [FULL] })).settings['EVENT_ENDPOINTS'];
    expect(shown).toEqual([
      {
        name: 'audit',
        url: 'http://10.0.0.1:8080/events?***',
        headers: { authorization: '[redacted]' },
        timeout: 'PT2S',
        threshold: 3,
        backoff: 'PT1M',
        ignore: { types: ['cycle.*', 'failing'] },
        disabled: true,
      },
    ]);
  });

  it.each<[given: object, key: string, message: RegExp]>([
    [{ name: undefined }, 'name', /^is not set; expected a name of 1 to 64/],
    [{ name: '..' }, 'name', /^is "\.\."; expected a name/],
    [{ name: 'a/b' }, 'name', /expected a name/],
    [{ name: 7 }, 'name', /^is a number; expected a name/],
    [{ url: undefined }, 'url', /^is not set; expected an http or https URL/],
    [{ url: 'ftp://x' }, 'url', /expected an http or https URL/],
    [{ url: 'https://me:hidden@x' }, 'url', /^holds credentials; .* send them as a header$/],
    [{ headers: ['x'] }, 'headers', /^is a list; expected an object/],
    [{ headers: { 'a b': 'x' } }, 'headers.a b', /no name of a header/],
    [{ headers: { Host: 'x' } }, 'headers.Host', /set by us/],
    [{ headers: { 'ce-id': 'x' } }, 'headers.ce-id', /set by us/],
    [{ headers: { 'x-key': 'hidden\n' } }, 'headers.x-key', /^is a text of 7 characters; expected/],
    [{ headers: { 'x-key': ['hidden'] } }, 'headers.x-key', /^is a list; expected/],
    [{ headers: { 'x-key': 'a', 'X-Key': 'b' } }, 'headers.X-Key', /twice/],
    [{ timeout: 5 }, 'timeout', /^is a number; expected .*/],
    [{ timeout: 'PT1H' }, 'timeout', /^is "PT1H"; expected/],
    [{ backoff: 'soon' }, 'backoff', /^is "soon"; expected/],
    [{ threshold: 0 }, 'threshold', /^is 0; expected a whole number from 1 to 1000/],
    [{ threshold: '3' }, 'threshold', /^is a text; expected a whole number/],
    [{ ignore: { types: 'failing' } }, 'ignore.types', /^is a text; expected a list/],
    [{ ignore: { types: ['failing', 'A B'] } }, 'ignore.types[1]', /^is "A B"; expected a type/],
    [{ ignore: 'failing' }, 'ignore', /^is a text; expected an object with types/],
    [{ disabled: 'yes' }, 'disabled', /^is a text; expected true or false/],
  ])('with %j in an entry is refused by its place', (given, key, message) => {
    const problems = problemsOf({}, { EVENT_ENDPOINTS: [BARE, { ...FULL, ...given }] });
    expect(problems).toEqual([
      { key: `EVENT_ENDPOINTS[1].${key}`, message: expect.stringMatching(message) as string },
    ]);
    expect(JSON.stringify(problems)).not.toContain('hidden');
  });

  it.each<[unknown, string, RegExp]>([
    [{}, 'EVENT_ENDPOINTS', /^is an object; expected a list/],
    [
      Array.from({ length: 65 }, () => BARE),
      'EVENT_ENDPOINTS',
      /^is a list of 65 entries; expected a list of at most 64/,
    ],
    [['https://x'], 'EVENT_ENDPOINTS[0]', /^is a text; expected an object with name, url/],
    [[BARE, BARE], 'EVENT_ENDPOINTS[1].name', /^is "bare" as another is/],
  ])('that is %j is refused', (given, key, message) => {
    expect(problemsOf({}, { EVENT_ENDPOINTS: given })).toEqual([
      { key, message: expect.stringMatching(message) as string },
    ]);
  });

  it('that is no JSON is refused without a word of it', () => {
    expect(problemsOf({ EVENT_ENDPOINTS: '[{"url":"hidden"' })).toEqual([
      {
        key: 'EVENT_ENDPOINTS',
        message: 'is not valid JSON at line 1, column 17; expected a JSON list of objects',
      },
    ]);
  });

  it('remarks on keys that it does not know', () => {
    const { warnings } = loaded({}, { EVENT_ENDPOINTS: [{ ...BARE, retries: 3 }] });
    expect(warnings).toEqual([expect.stringMatching(/^EVENT_ENDPOINTS\[0\]\.retries: is not read/)]);
  });
});
