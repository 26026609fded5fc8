import { describe, expect, it } from 'vitest';
import { createOutputTail } from './output-tail.ts';

function tailOf(bytesMax: number, ...chunks: readonly string[]): string {
  const tail = createOutputTail(bytesMax);
  for (const chunk of chunks) tail.push(Buffer.from(chunk));
  return tail.text();
}

describe('the tail of an output', () => {
  it('is all of it when that is short', () => {
    expect(tailOf(6, 'abc', 'def')).toBe('abcdef');
  });

  it('is its last bytes, and says that something is missing', () => {
    expect(tailOf(4, 'abc', 'def')).toBe('…cdef');
    expect(tailOf(4, 'abcdef', 'g')).toBe('…defg');
  });

  it('never begins in the middle of a character', () => {
    expect(tailOf(4, 'x€€')).toBe('…€');
    expect(tailOf(2, '😀')).toBe('…\uFFFD\uFFFD');
  });
});
