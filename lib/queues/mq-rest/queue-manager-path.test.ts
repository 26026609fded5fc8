import { describe, expect, it } from 'vitest';
import { encodeName } from './queue-manager-path.ts';
import { withoutCredentials } from './shown-url.ts';

describe('encodeName', () => {
  it.each([
    ['QM1', 'QM1'],
    ['qm_a-b', 'qm_a-b'],
    ['QM.PROD', 'QM%2EPROD'],
    ['A/B', 'A%2FB'],
    ['50%', '50%25'],
    ['%2E', '%252E'],
    ['..', '%2E%2E'],
    ["a b?c#d&e!'()*", 'a%20b%3Fc%23d%26e%21%27%28%29%2A'],
    ['Größe', 'Gr%C3%B6%C3%9Fe'],
    ['\ud800', '%EF%BF%BD'],
    ['', ''],
  ])('encodes %j as %s', (name, encoded) => {
    expect(encodeName(name)).toBe(encoded);
  });
});

describe('withoutCredentials', () => {
  it.each([
    ['https://mq.example/a@b', 'https://mq.example/a@b'],
    ['https://user:pass@mq.example/a', 'https://mq.example/a'],
    ['https://us@er:p@ss@mq.example?x=@', 'https://mq.example?x=@'],
    ['HTTP://user@mq.example', 'HTTP://mq.example'],
    ['/login?a=b', '/login?a=b'],
  ])('shows %s as %s', (url, shown) => {
    expect(withoutCredentials(url)).toBe(shown);
  });
});
