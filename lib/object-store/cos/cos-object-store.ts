import type { GetResult, ObjectStore, PutCondition, PutResult } from '../object-store.ts';
import { bodyOf, etagOf, listPageOf, notDeleted } from './cos-answers.ts';
import { createCosClient, type CosClient, type CosDeps } from './cos-client.ts';
import { storeError } from './cos-errors.ts';
import { readListing } from './listing-xml.ts';
import type { S3CallError } from './s3-call.ts';

/** From this many keys on, one request for all costs less than one for each. */
const BATCH_DELETE_FROM = 8;
const BATCH_DELETE_MAX = 1_000;

/**
 * Cloud Object Storage, or another S3 server that honours conditional writes, through `ibm-cos-sdk`. One attempt per
 * call: after a lost answer only the caller can tell what it means. Nothing depends on a conditional DELETE, which S3
 * servers ignore.
 */
export function createCosObjectStore(deps: CosDeps): ObjectStore {
  const call = createCosClient(deps);
  return {
    get: (key, { ifNoneMatch } = {}) =>
      call<GetResult>({
        operation: 'getObject',
        parameters: { Key: key, ...(ifNoneMatch === undefined ? {} : { IfNoneMatch: ifNoneMatch }) },
        asked: { operation: 'get', key },
        take: (answer) => ({ kind: 'found', body: bodyOf(answer), etag: etagOf(answer) }),
        expected: nothingToRead,
      }),
    put: (key, body, condition) =>
      call<PutResult>({
        operation: 'putObject',
        // A copy: the caller may go on with its buffer.
        parameters: { Key: key, Body: Buffer.from(body), ContentType: 'application/json' },
        headers: conditionHeaders(condition, deps.settings.etagQuotes),
        asked: { operation: 'put', key },
        take: (answer) => ({ kind: 'written', etag: etagOf(answer) }),
        expected: (error) => (isConflict(error, condition) ? { kind: 'conflict' } : undefined),
      }),
    delete: (keys) => deleteAll(call, keys, deps.settings.bucket),
    list: (prefix, { startAfter = '' } = {}) =>
      call({
        operation: 'listObjectsV2',
        parameters: { Prefix: prefix, ...(startAfter === '' ? {} : { StartAfter: startAfter }) },
        read: readListing,
        asked: { operation: 'list', key: prefix },
        take: listPageOf,
      }),
  };
}

function nothingToRead(error: S3CallError): GetResult | undefined {
  if (error.statusCode === 304) return { kind: 'not-modified' };
  return isAbsent(error) ? { kind: 'not-found' } : undefined;
}

/** Only S3 itself says so: another server's 404 must not look as if nothing was stored. */
function isAbsent({ statusCode, code }: S3CallError): boolean {
  return statusCode === 404 && code === 'NoSuchKey';
}

/** 412: the condition does not hold. No such key: there is nothing to match. */
function isConflict(error: S3CallError, condition: PutCondition | undefined): boolean {
  if (condition === undefined) return false;
  return error.statusCode === 412 || ('ifMatch' in condition && isAbsent(error));
}

/** `If-Match` is not in the SDK's `putObject`; Ceph's gateway wants its ETag without quotes. */
function conditionHeaders(
  condition: PutCondition | undefined,
  etagQuotes: 'keep' | 'strip',
): Readonly<Record<string, string>> {
  if (condition === undefined) return {};
  if ('ifNoneMatch' in condition) return { 'If-None-Match': '*' };
  return { 'If-Match': etagQuotes === 'strip' ? condition.ifMatch.replaceAll('"', '') : condition.ifMatch };
}

async function deleteAll(call: CosClient, keys: readonly string[], bucket: string): Promise<void> {
  if (keys.length < BATCH_DELETE_FROM) {
    await Promise.all(keys.map((key) => deleteOne(call, key)));
    return;
  }
  for (let start = 0; start < keys.length; start += BATCH_DELETE_MAX)
    await deleteBatch(call, keys.slice(start, start + BATCH_DELETE_MAX), bucket);
}

async function deleteOne(call: CosClient, key: string): Promise<void> {
  await call({
    operation: 'deleteObject',
    parameters: { Key: key },
    asked: { operation: 'delete', key },
    take: () => 'gone',
    expected: (error) => (isAbsent(error) ? 'gone' : undefined),
  });
}

async function deleteBatch(call: CosClient, keys: readonly string[], bucket: string): Promise<void> {
  const failure = await call({
    operation: 'deleteObjects',
    parameters: { Delete: { Objects: keys.map((Key) => ({ Key })) } },
    asked: { operation: 'delete', key: `${keys.length} keys` },
    take: notDeleted,
  });
  if (failure !== undefined)
    throw storeError(failure.error, { operation: 'delete', bucket, key: failure.key });
}
