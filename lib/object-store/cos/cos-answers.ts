import { asETag, type ETag, type ListedObject, type ListPage } from '../object-store.ts';
import { S3CallError, type S3Answer } from './s3-call.ts';

/** Something answered with a success that S3 does not answer: a portal, a wrong endpoint. */
function badAnswer(what: string): S3CallError {
  return new S3CallError('BadAnswer', 200, what);
}

/** @throws {S3CallError} there is no ETag. */
export function etagOf({ ETag: mark }: S3Answer): ETag {
  if (typeof mark !== 'string' || mark === '') throw badAnswer('no ETag');
  return asETag(mark);
}

/** @throws {S3CallError} there is no body. */
export function bodyOf({ Body: body }: S3Answer): Uint8Array {
  if (!(body instanceof Uint8Array)) throw badAnswer('no body');
  return body;
}

/**
 * A page of a listing. An answer that does not say whether it is complete is none: taken for one, it would look as if
 * nothing was stored.
 * @throws {S3CallError}
 */
export function listPageOf({ Contents: contents = [], IsTruncated: truncated }: S3Answer): ListPage {
  if (typeof truncated !== 'boolean' || !Array.isArray(contents)) throw badAnswer('not a listing');
  return { objects: contents.map(listedOf), truncated };
}

function listedOf(entry: unknown): ListedObject {
  const { Key: key, ETag: mark, Size: size } = recordOf(entry);
  if (typeof key !== 'string' || key === '' || typeof mark !== 'string' || mark === '')
    throw badAnswer('not a listing');
  if (typeof size !== 'number') throw badAnswer('not a listing');
  return { key, etag: asETag(mark), sizeBytes: size };
}

function recordOf(value: unknown): S3Answer {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

const STATUS_OF: Readonly<Record<string, number>> = { AccessDenied: 403, SlowDown: 503 };

/**
 * What a batch could not delete, if anything: the first key with the server's code. Absent keys are no failure.
 * @throws {S3CallError} nothing is said about any key.
 */
export function notDeleted(answer: S3Answer): { key: string; error: S3CallError } | undefined {
  const { Deleted: deleted = [], Errors: errors = [] } = answer;
  if (!Array.isArray(deleted) || !Array.isArray(errors) || deleted.length + errors.length === 0)
    throw badAnswer('no word of what was deleted');
  for (const entry of errors) {
    const { Key: key, Code: code } = recordOf(entry);
    if (typeof code !== 'string' || code === 'NoSuchKey') continue;
    const error = new S3CallError(code, STATUS_OF[code] ?? 500, 'not deleted');
    return { key: typeof key === 'string' ? key : '', error };
  }
  return undefined;
}
