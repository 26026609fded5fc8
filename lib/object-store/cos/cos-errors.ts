import { ObjectStoreError } from '../object-store.ts';
import type { S3CallError } from './s3-call.ts';

/** What was asked when it failed, for the message. */
export interface Asked {
  readonly operation: 'get' | 'put' | 'delete' | 'list';
  readonly bucket: string;
  readonly key: string;
}

/**
 * The one table from what the server or the network did to the port's errors. Conflicts and absences are results, not
 * errors, and do not come here. A 409 is a race that the server did not decide: the caller reads back and decides.
 */
export function storeError(error: S3CallError, asked: Asked): ObjectStoreError {
  const { statusCode, code } = error;
  const what = `${asked.operation} ${asked.key} in bucket ${asked.bucket}`;
  const make = (kind: ObjectStoreError['code'], why: string, landed = false): ObjectStoreError =>
    new ObjectStoreError(kind, `${what}: ${why}`, {
      cause: error,
      writeMayHaveLanded: landed && asked.operation !== 'get' && asked.operation !== 'list',
    });
  if (statusCode === undefined) return make('unavailable', `no answer (${code})`, true);
  if (code === 'NoSuchBucket')
    return make('no-bucket', 'there is no such bucket; create it or correct `bucket`');
  if (statusCode === 429 || code === 'SlowDown' || code === 'ServiceUnavailable' || statusCode === 503)
    return make('throttled', `the server asks for less (${statusCode} ${code})`, true);
  if (statusCode === 409) return make('unavailable', `the server met a conflict (${code})`);
  if (statusCode === 401 || statusCode === 403 || code === 'ExpiredToken')
    return make(
      'denied',
      `the credentials were refused (${statusCode} ${code}); they need write access to the bucket`,
    );
  if (statusCode >= 500) return make('unavailable', `the server failed (${statusCode} ${code})`, true);
  if (code === 'Truncated' || statusCode === 408)
    return make('unavailable', `the answer was cut off (${code})`, true);
  if (statusCode >= 300 && statusCode < 400)
    return make(
      'refused',
      `the server sends us elsewhere (${statusCode}): the endpoint is not that of the bucket`,
    );
  return make('refused', `the server refused the request (${statusCode} ${code})`);
}
