/**
 * The port to whatever keeps our objects: memory, a folder, Cloud Object Storage.
 *
 * Every implementation is strongly consistent: what was written is what the next read and the next list see. One
 * conformance suite (`test/support/object-store-conformance.ts`) holds all of them to the promises below.
 */

/** An opaque version mark of an object's content. Never parsed, never computed by callers, never repeated for a key. */
export type ETag = string & { readonly __brand: 'ETag' };

/** One line of a listing. `sizeBytes` is the body's length. */
export interface ListedObject {
  readonly key: string;
  readonly etag: ETag;
  readonly sizeBytes: number;
}

/** One page of a listing, keys in UTF-8 byte order. `truncated` says that keys after the last one remain. */
export interface ListPage {
  readonly objects: readonly ListedObject[];
  readonly truncated: boolean;
}

export type GetResult =
  | { readonly kind: 'found'; readonly body: Uint8Array; readonly etag: ETag }
  | { readonly kind: 'not-modified' }
  | { readonly kind: 'not-found' };

export type PutResult = { readonly kind: 'written'; readonly etag: ETag } | { readonly kind: 'conflict' };

/** A write's condition: only over this version, or only where nothing is. Absent: unconditional. */
export type PutCondition = { readonly ifMatch: ETag } | { readonly ifNoneMatch: '*' };

export interface ObjectStore {
  /**
   * Reads one object, whole. `ifNoneMatch` answers `not-modified` when the object still has that ETag.
   * @throws {ObjectStoreError} when the store could not answer.
   */
  readonly get: (key: string, options?: { readonly ifNoneMatch?: ETag }) => Promise<GetResult>;
  /**
   * Writes one object atomically: a reader sees the old body or the new one, never a part. Resolves once it is durable.
   * `conflict` means that the condition did not hold and nothing was written.
   * @throws {ObjectStoreError} with `writeMayHaveLanded` when the answer was lost: read back before deciding.
   */
  readonly put: (key: string, body: string | Uint8Array, condition?: PutCondition) => Promise<PutResult>;
  /**
   * Deletes objects without a condition; keys that do not exist are no error. Any number of keys.
   * @throws {ObjectStoreError} some may be deleted; calling again is safe.
   */
  readonly delete: (keys: readonly string[]) => Promise<void>;
  /**
   * Lists the keys that start with `prefix`, after `startAfter` (exclusive), at most 1,000 a page.
   * @throws {ObjectStoreError} when the store could not answer.
   */
  readonly list: (prefix: string, options?: { readonly startAfter?: string }) => Promise<ListPage>;
}

/**
 * Why an object store could not do what was asked:
 * - `unavailable`: did not answer, or answered with a failure of its own; try again later
 * - `throttled`: asked us to slow down (429, 503 SlowDown)
 * - `denied`: the credentials are wrong, expired or too weak
 * - `no-bucket`: the bucket or folder does not exist
 * - `refused`: it will not take this request as it stands (key too long, body too large)
 */
export type ObjectStoreErrorCode = 'unavailable' | 'throttled' | 'denied' | 'no-bucket' | 'refused';

/** A failed call of an object store. `message` says what was asked of which key and what to do about it. */
export class ObjectStoreError extends Error {
  override readonly name = 'ObjectStoreError';
  readonly code: ObjectStoreErrorCode;
  readonly retryable: boolean;
  /** True when a write may have been applied although its answer was lost. */
  readonly writeMayHaveLanded: boolean;

  constructor(
    code: ObjectStoreErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly writeMayHaveLanded?: boolean } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = code === 'unavailable' || code === 'throttled';
    this.writeMayHaveLanded = options.writeMayHaveLanded ?? false;
  }
}

/** Takes a server's or a file's mark as an ETag. For adapters only. */
export function asETag(mark: string): ETag {
  return mark as ETag;
}
