import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asETag } from '../../lib/object-store/object-store.ts';
import { readCondition, wireETag } from './conditions.ts';

describe('an ETag on the wire', () => {
  it('is one quoted word, and comes back as what the store gave', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const wire = wireETag(asETag(text.toWellFormed()));
        expect(wire).toMatch(/^"[\w-]*"$/);
        expect(readCondition({ 'if-match': ` ${wire} ` })).toEqual({ ifMatch: text.toWellFormed() });
      }),
    );
  });
});

describe('the condition of a request', () => {
  it.each<[Readonly<Record<string, string>>, unknown]>([
    [{}, undefined],
    [{ 'if-modified-since': 'x' }, undefined],
    [{ 'if-none-match': '*' }, { ifNoneMatch: '*' }],
    [{ 'if-none-match': ' * ' }, { ifNoneMatch: '*' }],
    [{ 'if-match': '*' }, 'exists'],
    [{ 'if-match': '"YQ"' }, { ifMatch: 'a' }],
    [{ 'if-match': '""' }, { ifMatch: '' }],
    [{ 'if-match': '' }, 'invalid'],
    [{ 'if-match': 'YQ' }, 'invalid'],
    [{ 'if-match': '"YQ' }, 'invalid'],
    [{ 'if-match': 'W/"YQ"' }, 'invalid'],
    [{ 'if-match': '"YQ", "Yg"' }, 'invalid'],
    [{ 'if-match': '"a b"' }, 'invalid'],
    [{ 'if-match': '"\'; drop"' }, 'invalid'],
    [{ 'if-none-match': '' }, 'invalid'],
    [{ 'if-none-match': '"YQ"' }, 'invalid'],
    [{ 'if-none-match': '*, "YQ"' }, 'invalid'],
    [{ 'if-match': '*', 'if-none-match': '*' }, 'invalid'],
    [{ 'if-match': '"YQ"', 'if-none-match': '*' }, 'invalid'],
  ])('%j is %j', (headers, condition) => {
    expect(readCondition(headers)).toEqual(condition);
  });

  it('is read without an exception, whatever was sent', () => {
    const header = fc.option(fc.string(), { nil: undefined });
    fc.assert(
      fc.property(header, header, (ifMatch, ifNoneMatch) => {
        const headers = {
          ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
          ...(ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }),
        };
        expect(['undefined', 'string', 'object']).toContain(typeof readCondition(headers));
      }),
    );
  });
});
