import {
  AuthorizationError,
  ClosedConnectionError,
  ConnectionError,
  InvalidArgumentError,
  PermissionViolationError,
  TimeoutError,
  UserAuthenticationExpiredError,
} from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { connectFailure, exchangeFailure } from './nats-failure.ts';

const withCode = (code: string): Error => Object.assign(new Error('10.0.0.1: hidden'), { code });

describe('a connection that could not be made', () => {
  it.each([
    [new ConnectionError('hidden'), /^no connection could be made/],
    [withCode('ECONNRESET'), /^no connection could be made/],
    [undefined, /^no connection could be made/],
    ['hidden', /^no connection could be made/],
    [new TimeoutError(), /did not answer in time$/],
    [withCode('ENOTFOUND'), /could not be resolved \(ENOTFOUND\)$/],
    [withCode('EAI_AGAIN'), /could not be resolved \(EAI_AGAIN\)$/],
    [withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), /^the TLS connection/],
    [withCode('ERR_TLS_CERT_ALTNAME_INVALID'), /^the TLS connection/],
    [withCode('CERT_HAS_EXPIRED'), /^the TLS connection/],
    [new ConnectionError("server does not support 'tls'"), /^the TLS connection/],
    [new ReferenceError('WebSocket'), /^ws:.* need Node 22/],
    [new AuthorizationError('hidden'), /credentials \(NATS_CREDS, or those in NATS_URL\)$/],
    [new UserAuthenticationExpiredError('hidden'), /have expired$/],
  ])('is no failure of a target, and told in our own words: %o', (error, words) => {
    const result = connectFailure(error);
    expect(result).toEqual({ kind: 'misconfigured', message: expect.stringMatching(words) as string });
    expect(JSON.stringify(result)).not.toMatch(/hidden|10\.0/);
    expect(JSON.stringify(result)).toContain('NATS_');
  });
});

describe('a message that had no reply', () => {
  it.each([
    [new PermissionViolationError('hidden', 'publish', 'orders'), { kind: 'refused', mayPass: false }],
    [new PermissionViolationError('hidden', 'subscription', '_INBOX.x'), { kind: 'misconfigured' }],
    [new InvalidArgumentError('hidden'), { kind: 'refused', mayPass: false }],
    [new ClosedConnectionError(), { kind: 'no-answer', code: 'reset' }],
    [new Error('hidden'), { kind: 'no-answer', code: 'protocol' }],
  ])('ends as what it is: %o', (error, expected) => {
    const result = exchangeFailure(error);
    expect(result).toMatchObject(expected);
    expect(JSON.stringify(result)).not.toContain('hidden');
  });
});
