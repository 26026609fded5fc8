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
  const {
    Key: key,
    ETag: mark,
    Size: size,
  } = { Key: '', ETag: '', Size: 0, ...(entry as object) } as S3Answer;
  if (typeof key !== 'string' || key === '' || typeof mark !== 'string' || typeof size !== 'number')
    throw badAnswer('not a listing');
  return { key, etag: asETag(mark), sizeBytes: size };
}

const STATUS_OF: Readonly<Record<string, number>> = { AccessDenied: 403, SlowDown: 503 };

/** What a batch could not delete, if anything: the first key with the server's code. Absent keys are no failure. */
export function notDeleted({ Errors: errors }: S3Answer): { key: string; error: S3CallError } | undefined {
  if (!Array.isArray(errors)) return undefined;
  for (const entry of errors as readonly S3Answer[]) {
    const { Key: key, Code: code } = entry;
    if (typeof code !== 'string' || code === 'NoSuchKey') continue;
    const error = new S3CallError(code, STATUS_OF[code] ?? 500, 'not deleted');
    return { key: typeof key === 'string' ? key : '', error };
  }
  return undefined;
}
