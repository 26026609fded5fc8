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
    [new ConnectionError('hidden'), 'connect'],
    [withCode('ECONNRESET'), 'connect'],
    [undefined, 'connect'],
    ['hidden', 'connect'],
    [new TimeoutError(), 'timeout'],
    [withCode('ENOTFOUND'), 'dns'],
    [withCode('EAI_AGAIN'), 'dns'],
    [withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls'],
    [withCode('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls'],
    [withCode('CERT_HAS_EXPIRED'), 'tls'],
    [new ConnectionError("server does not support 'tls'"), 'tls'],
    [new ReferenceError('WebSocket'), 'protocol'],
  ])('is no answer: %o, %s', (error, code) => {
    const result = connectFailure(error);
    expect(result).toMatchObject({ kind: 'no-answer', code });
    expect(JSON.stringify(result)).not.toMatch(/hidden|10\.0/);
  });

  it.each([
    [new AuthorizationError('hidden'), /credentials \(NATS_CREDS, or those in NATS_URL\)$/],
    [new UserAuthenticationExpiredError('hidden'), /have expired$/],
  ])('is a refusal that repeating does not mend where credentials are at fault', (error, message) => {
    const expected = { kind: 'refused', message: expect.stringMatching(message), mayPass: false };
    expect(connectFailure(error)).toEqual(expected);
  });
});

describe('a message that had no reply', () => {
  it.each([
    [new PermissionViolationError('hidden', 'publish', 'orders'), { kind: 'refused', mayPass: false }],
    [new PermissionViolationError('hidden', 'subscription', '_INBOX.x'), { kind: 'refused', mayPass: false }],
    [new InvalidArgumentError('hidden'), { kind: 'refused', mayPass: false }],
    [new ClosedConnectionError(), { kind: 'no-answer', code: 'reset' }],
    [new Error('hidden'), { kind: 'no-answer', code: 'protocol' }],
  ])('ends as what it is: %o', (error, expected) => {
    const result = exchangeFailure(error);
    expect(result).toMatchObject(expected);
    expect(JSON.stringify(result)).not.toContain('hidden');
  });
});
