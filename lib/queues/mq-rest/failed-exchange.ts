import { HttpFailure, type HttpFailureCode } from '../../platform/http-client.ts';
import type { Verdict } from './verdict.ts';

const CHECK_ADDRESS = 'Check MQ_REST_HOST and MQ_REST_PORT, and that the MQ web server runs.';

const VERDICTS: Readonly<Record<HttpFailureCode, Omit<Verdict, 'what'>>> = {
  dns: { code: 'unreachable', toDo: 'Check the host name in MQ_REST_HOST.' },
  connect: { code: 'unreachable', toDo: CHECK_ADDRESS },
  tls: {
    code: 'unreachable',
    toDo: 'Check the certificate of the MQ web server (CA_FILE names its authority, ALLOW_SELF_SIGNED accepts any), and that MQ_REST_HOST says https only where the port speaks TLS.',
  },
  reset: {
    code: 'unreachable',
    toDo: 'Check that MQ_REST_HOST says https where the port speaks TLS, and what stands between here and there; the next cycle asks again.',
  },
  timeout: {
    code: 'timeout',
    toDo: 'Check that the queue manager and its command server are not overloaded, or allow more time with MQ_TIMEOUT; the next cycle asks again.',
  },
  aborted: { code: 'timeout', toDo: 'The cycle had no time left for it; the next cycle asks again.' },
  protocol: { code: 'unreadable', toDo: CHECK_ADDRESS },
  blocked: { code: 'unreachable', toDo: 'Its address is not permitted.' },
};

/** Judges an exchange that ended without an answer. Takes whatever was thrown. */
export function judgeFailedExchange(error: unknown): Verdict {
  if (error instanceof HttpFailure)
    return {
      ...VERDICTS[error.code],
      what: sentence(error.message),
      tryElsewhere: error.code !== 'aborted' && error.code !== 'protocol',
    };
  // Something that the client threw before it dialled; its text may quote what it was given.
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
  return { code: 'unreachable', what: `the request could not be made (${code}).`, toDo: CHECK_ADDRESS };
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
