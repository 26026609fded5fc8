import { ObjectStoreError } from '../object-store.ts';
import type { S3CallError } from './s3-call.ts';

/** What was asked when it failed, for the message. */
export interface Asked {
  readonly operation: 'get' | 'put' | 'delete' | 'list';
  readonly bucket: string;
  readonly key: string;
}

interface Verdict {
  readonly code: ObjectStoreError['code'];
  readonly why: string;
  /** True when the server may have done it all the same. */
  readonly mayBeDone: boolean;
}

/**
 * The one table from what the server or the network did to the port's errors. Conflicts and absences are results, not
 * errors, and do not come here.
 */
export function storeError(error: S3CallError, asked: Asked): ObjectStoreError {
  const { code, why, mayBeDone } = error.statusCode === undefined ? unanswered(error) : answered(error);
  const isWrite = asked.operation === 'put' || asked.operation === 'delete';
  const what = `${asked.operation} ${asked.key || 'all keys'} in bucket ${asked.bucket}`;
  return new ObjectStoreError(code, `${what}: ${why}`, {
    cause: error,
    writeMayHaveLanded: isWrite && mayBeDone,
  });
}

const LOST: ReadonlySet<string> = new Set([
  'Deadline',
  'Truncated',
  'TimeoutError',
  'NetworkingError',
  'UnknownEndpoint',
  'RequestAbortedError',
]);
/** As the system names what went wrong: `ECONNRESET`. */
const SYSTEM_ERROR = /^E[A-Z0-9_]+$/;

function unanswered({ code, message }: S3CallError): Verdict {
  if (code === 'TooLarge') return { code: 'refused', why: message, mayBeDone: true };
  // Certificates have no code of their own there.
  const said = code === 'NetworkingError' ? message : code;
  if (LOST.has(code) || SYSTEM_ERROR.test(code))
    return { code: 'unavailable', why: `no complete answer (${said})`, mayBeDone: true };
  return { code: 'refused', why: `the request cannot be made (${code})`, mayBeDone: true };
}

function answered(error: S3CallError): Verdict {
  const { statusCode = 0, code } = error;
  const said = `${statusCode} ${code}`;
  if (statusCode < 300)
    return {
      code: 'unavailable',
      why: `the answer makes no sense (${code === 'BadAnswer' ? error.message : code}); is the endpoint an S3 server?`,
      mayBeDone: true,
    };
  if (code === 'NoSuchBucket')
    return {
      code: 'no-bucket',
      why: 'there is no such bucket; create it or correct `bucket`',
      mayBeDone: false,
    };
  if (code === 'RequestTimeTooSkewed')
    return { code: 'denied', why: `the clock of this machine is wrong (${said}); set it`, mayBeDone: false };
  return byStatus(statusCode, code, said);
}

const THROTTLING: ReadonlySet<string> = new Set(['SlowDown', 'ServiceUnavailable', 'TooManyRequests']);
/** Answers with other statuses that mean no more than: not now. */
const PASSING: ReadonlySet<string> = new Set(['RequestTimeout', 'OperationAborted']);
const BAD_CREDENTIALS: ReadonlySet<string> = new Set(['ExpiredToken', 'InvalidToken']);

function byStatus(status: number, code: string, said: string): Verdict {
  if (status === 429 || status === 503 || THROTTLING.has(code))
    return { code: 'throttled', why: `the server asks for less (${said})`, mayBeDone: true };
  if (status === 501)
    return { code: 'refused', why: `the server does not know such requests (${said})`, mayBeDone: false };
  if (status >= 500) return { code: 'unavailable', why: `the server failed (${said})`, mayBeDone: true };
  // A race that the server did not decide: whoever wrote reads back and decides.
  if (status === 409 || status === 408 || PASSING.has(code))
    return { code: 'unavailable', why: `the server gave up (${said})`, mayBeDone: true };
  if (status === 401 || status === 403 || BAD_CREDENTIALS.has(code))
    return {
      code: 'denied',
      why: `the credentials were refused (${said}); they must be valid and may read and write the bucket`,
      mayBeDone: false,
    };
  if (status >= 300 && status < 400)
    return {
      code: 'refused',
      why: `the server sends us elsewhere (${said}); use the endpoint of the bucket's own location`,
      mayBeDone: false,
    };
  return { code: 'refused', why: `the server refused the request (${said})`, mayBeDone: false };
}
