import { describe, expect, it } from 'vitest';
import { secret } from '../../platform/secret.ts';
import { createRangeSigner, createRangeVerifier } from './range-signature.ts';

const URL = 'https://notify-cycle.example';
const NOW_MS = 1_800_000_000_000;
const key = (fill: number) => secret(Buffer.alloc(32, fill).toString('base64'));
const signed = (body: string, url = URL, by = key(1)) =>
  ({ ...createRangeSigner([by], url)?.('cycle.0-3', NOW_MS, body) }) as Record<string, string>;

describe('a request for a range', () => {
  const isOwn = createRangeVerifier([key(2), key(1)], URL);

  it('is known by any of the keys, for a minute', () => {
    expect(isOwn(signed('{}'), '{}', NOW_MS + 60_000)).toBe(true);
    expect(isOwn(signed('{}', URL, key(2)), '{}', NOW_MS - 60_000)).toBe(true);
    expect(isOwn(signed('{}'), '{}', NOW_MS + 60_001)).toBe(false);
    expect(isOwn(signed('{}'), '{}', NOW_MS - 60_001)).toBe(false);
  });

  it.each<[string, Record<string, string>, string]>([
    ['of another body', signed('{}'), '{ }'],
    ['of another deployment', signed('{}', 'https://other.example'), '{}'],
    ['with a key that is not ours', signed('{}', URL, key(3)), '{}'],
    ['with another id', { ...signed('{}'), 'webhook-id': 'cycle.4-7' }, '{}'],
    ['with another time', { ...signed('{}'), 'webhook-timestamp': '1799999999' }, '{}'],
    ['with a time that is none', { ...signed('{}'), 'webhook-timestamp': '1e9' }, '{}'],
    ['with no signature', {}, '{}'],
  ])('is refused %s', (_, headers, body) => {
    expect(isOwn(headers, body, NOW_MS)).toBe(false);
  });

  it('cannot be signed without a key, and none is known without one', () => {
    expect(createRangeSigner([], URL)).toBeUndefined();
    expect(createRangeVerifier([], URL)(signed('{}'), '{}', NOW_MS)).toBe(false);
  });
});
