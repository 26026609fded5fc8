import { describe, expect, it } from 'vitest';
import { parseList, parseObject } from '../../infra/deploy/cli-answer.ts';

describe('a list of the CLI', () => {
  it.each([
    ['an array', '[{"name":"a"},{"name":"b"}]'],
    ['Kubernetes', '{"kind":"List","items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}'],
    ['the API', '{"limit":100,"functions":[{"name":"a"},{"name":"b"}]}'],
    ['plug-ins', '[{"Name":"a"},{"Name":"b"}]'],
    ['colours', '\u001B[1m[{"name":"a"},{"name":"b"}]\u001B[0m'],
  ])('is understood in the form of %s', (_form, text) => {
    expect(parseList(text, 'list').map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it.each(['[]', '{"items":null}', '{"items":[]}', '{"projects":[]}'])('is empty: %s', (text) => {
    expect(parseList(text, 'list')).toEqual([]);
  });

  it.each([
    ...['', 'null', 'OK', '{"errors":[]}', '{"items":[],"secrets":[]}', '"a"', '{}', '{"projects":null}'],
    ...['[{}]', '[{"name":1}]'],
  ])('is never taken to be empty: %s', (text) => {
    expect(() => parseList(text, 'list')).toThrow('"list" answered');
  });
});

describe('an object of the CLI', () => {
  it('gives texts by path, and nothing for what has another type', () => {
    const fields = parseObject('{"spec":{"schedule":"* * * * *","n":1},"data":{"a":"b","c":2}}', 'get');
    expect(fields.text('spec', 'schedule')).toBe('* * * * *');
    expect(fields.text('spec', 'n')).toBeUndefined();
    expect(fields.text('constructor', 'name')).toBeUndefined();
    expect(fields.texts('data')).toEqual(new Map([['a', 'b']]));
  });

  it.each(['', '[]', 'OK'])('is an error when it is none: %s', (text) => {
    expect(() => parseObject(text, 'get')).toThrow('"get" answered');
  });
});
