import { describe, expect, it } from 'vitest';
import { isLoopbackHost } from '../host/loopback.ts';
import { refusalOfForeignPage } from './loopback-guard.ts';

describe('the guard of a host that is open on loopback', () => {
  it.each([
    ['a command line', { host: '127.0.0.1:8080' }],
    ['a name', { host: 'localhost:8080' }],
    ['IPv6', { host: '[::1]:8080' }],
    ['no port', { host: 'localhost' }],
    [
      'a page of its own',
      { host: 'localhost:8080', origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' },
    ],
    ['an address typed into a browser', { host: '127.0.0.1:8080', 'sec-fetch-site': 'none' }],
  ])('lets %s pass', (_what, headers) => {
    expect(refusalOfForeignPage(headers)).toBeUndefined();
  });

  it.each([
    ['a rebound name', { host: 'evil.example:8080' }],
    ['a name that only starts like ours', { host: '127.0.0.1.evil.example' }],
    ['no host', {}],
    ['a form of another site', { host: 'localhost:8080', origin: 'https://evil.example' }],
    ['a sandboxed page', { host: 'localhost:8080', origin: 'null' }],
    ['a page of another port', { host: 'localhost:8080', origin: 'http://localhost:3000' }],
    ['a link on another site', { host: 'localhost:8080', 'sec-fetch-site': 'cross-site' }],
    ['a script of another port', { host: 'localhost:8080', 'sec-fetch-site': 'same-site' }],
  ])('keeps out %s', (_what, headers) => {
    expect(refusalOfForeignPage(headers)).toBeTypeOf('string');
  });
});

describe('a loopback host', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost', 'LOCALHOST', 'a.localhost', '::ffff:127.0.0.1'])(
    '%s is one',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  it.each(['0.0.0.0', '::', '10.0.0.1', 'example.com', 'localhost.example', ''])('%s is none', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});
