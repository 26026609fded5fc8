import {
  AuthorizationError,
  ClosedConnectionError,
  DrainingConnectionError,
  InvalidArgumentError,
  PermissionViolationError,
  TimeoutError,
  UserAuthenticationExpiredError,
} from '@nats-io/transport-node';
import { codeOf } from '../../../platform/configuration/error-code.ts';
import type { AttemptResult, NoAnswerCode } from '../../channel.ts';

/**
 * Why no connection was made: nothing was sent, and no target is to blame. The library's own words are left out, as they may
 * hold addresses or what was read.
 */
export function connectFailure(error: unknown): AttemptResult {
  if (error instanceof AuthorizationError)
    return ours('the NATS server does not take our credentials (NATS_CREDS, or those in NATS_URL)');
  if (error instanceof UserAuthenticationExpiredError)
    return ours('our credentials for the NATS server (NATS_CREDS) have expired');
  if (error instanceof TimeoutError) return silentServer;
  const code = codeOf(error) ?? '';
  if (/^(?:ENOTFOUND|EAI_|EDNS)/.test(code))
    return ours(`the name of the NATS server (NATS_URL) could not be resolved (${code})`);
  if (isTlsFailure(error, code))
    return ours('the TLS connection to the NATS server (NATS_URL) could not be made');
  if (error instanceof ReferenceError)
    return ours('ws:// and wss:// need Node 22 or newer: use nats:// or tls:// in NATS_URL');
  return ours('no connection could be made to a NATS server (NATS_URL)');
}

function isTlsFailure(error: unknown, code: string): boolean {
  return (
    /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code) ||
    (error instanceof Error && error.message.includes("'tls'"))
  );
}

/** Why a message was not sent or had no reply. */
export function exchangeFailure(error: unknown): AttemptResult {
  if (error instanceof PermissionViolationError)
    return error.operation === 'publish'
      ? refuse('the NATS server does not let us send to this subject')
      : ours('the NATS server does not let us wait for replies, which come to _INBOX.>');
  // Of what is checked before sending only the size depends on the server.
  if (error instanceof InvalidArgumentError)
    return refuse('the message is larger than the NATS server takes');
  if (error instanceof ClosedConnectionError || error instanceof DrainingConnectionError) return lost;
  return noAnswer('protocol', 'the message could not be sent or its reply not be read');
}

/** The connection went away while the reply was waited for. */
export const lost = noAnswer('reset', 'the connection to the NATS server was lost in the middle');

/** A server that is silent while the connection is made. */
export const silentServer = ours('the NATS server (NATS_URL) did not answer in time');

/** As an attempt without an answer. */
export function noAnswer(code: NoAnswerCode, message: string): AttemptResult {
  return { kind: 'no-answer', code, message };
}

function ours(message: string): AttemptResult {
  return { kind: 'misconfigured', message };
}

function refuse(message: string): AttemptResult {
  return { kind: 'refused', message, mayPass: false };
}
