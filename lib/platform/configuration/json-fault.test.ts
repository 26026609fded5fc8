import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeJsonFault, findJsonFault } from './json-fault.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const cutJson = fc
  .tuple(fc.json(), fc.nat(), fc.nat({ max: 3 }), fc.stringMatching(/^[{}[\]:,"\\0-9a-z \n.eE+-]{0,2}$/))
  .map(([text, at, cut, insert]) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + insert + text.slice(start + cut);
  });

describe('findJsonFault', () => {
  it.each([
    ['{"a":1,}', 1, 8],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ['{\r\n "a": x}', 2, 7],
    ['', 1, 1],
    ['{"a"', 1, 5],
    ['[1 2]', 1, 4],
    ['{"a":1]', 1, 7],
    ['[}', 1, 2],
    ['01', 1, 2],
    ['{} {}', 1, 4],
    ['"\t"', 1, 1],
    ["{'a':1}", 1, 2],
    ['[1,]', 1, 4],
    [']', 1, 1],
    ['nul', 1, 1],
  ])('finds the fault of %j at line %d, column %d', (text, line, column) => {
    expect(findJsonFault(text)).toEqual({ line, column });
    expect(describeJsonFault(text)).toBe(`at line ${line}, column ${column}`);
  });

  it('finds none in JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(findJsonFault(text)).toBeUndefined();
      }),
    );
    expect(describeJsonFault(' {"a": [true, null, -1.5e3, {}, []]} ')).toBe('');
  });

  it('agrees with the runtime on damaged JSON', () => {
    fc.assert(
      fc.property(cutJson, (text) => {
        expect(findJsonFault(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('carries deep and long texts', () => {
    expect(findJsonFault(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toBeUndefined();
    expect(findJsonFault(`"${'a'.repeat(1_000_000)}${'\\n'.repeat(100_000)}"`)).toBeUndefined();
  });
});
