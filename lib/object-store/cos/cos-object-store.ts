import http from 'node:http';
import https from 'node:https';
import S3 from 'ibm-cos-sdk/clients/s3.js';
import type { CosSettings } from '../../platform/configuration/configuration.ts';
import { asETag, type ListedObject, type ObjectStore, type PutCondition } from '../object-store.ts';
import { storeError, type Asked } from './cos-errors.ts';
import type { AccessTokens } from './access-token.ts';
import { S3CallError, sendS3 } from './s3-call.ts';

export interface CosDeps {
  readonly settings: Pick<CosSettings, 'bucket' | 'endpoint' | 'credentials' | 'etagQuotes'>;
  /** Where tokens come from when the credentials are not HMAC keys. */
  readonly tokens: AccessTokens | undefined;
  /** The limit of one call, in milliseconds. */
  readonly callMsMax?: number;
}

const CALL_MS_MAX = 8_000;
const CONNECT_MS_MAX = 2_000;
const CONNECTIONS_MAX = 64;
/** The largest object we write is a part of the snapshot, far below this. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;
/** From this many keys on, one request for all costs less than one for each. */
const BATCH_DELETE_FROM = 8;
const BATCH_DELETE_MAX = 1_000;

/**
 * Cloud Object Storage, or another S3 server that honours conditional writes, through `ibm-cos-sdk`. One attempt per
 * call: after a lost answer only the caller can tell what it means. Nothing depends on a conditional DELETE, which S3
 * servers ignore.
 */
export function createCosObjectStore(deps: CosDeps): ObjectStore {
  const { settings, tokens, callMsMax = CALL_MS_MAX } = deps;
  const { bucket } = settings;
  const s3 = createS3(settings, callMsMax);

  /** @throws {ObjectStoreError | S3CallError} the latter only with a status that `results` names. */
  const call = async <T>(
    operation: 'getObject' | 'putObject' | 'deleteObject' | 'deleteObjects' | 'listObjectsV2',
    parameters: Readonly<Record<string, unknown>>,
    asked: Omit<Asked, 'bucket'>,
    options: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly results?: readonly number[];
    } = {},
  ): Promise<T> => {
    const token = await tokens?.current();
    const request =
      token === undefined
        ? s3.makeRequest(operation, { Bucket: bucket, ...parameters })
        : s3.makeUnauthenticatedRequest(operation, { Bucket: bucket, ...parameters });
    const authorization: Record<string, string> =
      token === undefined ? {} : { Authorization: `Bearer ${token}` };
    try {
      return await sendS3<T>(request, {
        headers: { ...authorization, ...options.headers },
        deadlineMs: callMsMax,
        answerBytesMax: BODY_BYTES_MAX,
      });
    } catch (error) {
      if (!(error instanceof S3CallError)) throw error;
      const isResult =
        options.results?.includes(error.statusCode ?? 0) === true && error.code !== 'NoSuchBucket';
      if (isResult) throw error;
      const refused =
        error.statusCode === 401 || error.code === 'ExpiredToken' || error.code === 'InvalidToken';
      if (token !== undefined && refused && tokens?.invalidate(token) === true)
        throw storeError(new S3CallError('ExpiredToken', 503, 'a new token is needed', { cause: error }), {
          ...asked,
          bucket,
        });
      throw storeError(error, { ...asked, bucket });
    }
  };

  const put: ObjectStore['put'] = async (key, body, condition) => {
    try {
      const answer = await call<{ ETag?: string }>(
        'putObject',
        {
          Key: key,
          Body: typeof body === 'string' ? Buffer.from(body) : Buffer.from(body),
          ContentType: 'application/json',
        },
        { operation: 'put', key },
        {
          headers: conditionHeaders(condition, settings.etagQuotes),
          results: condition === undefined ? [] : [404, 412],
        },
      );
      return { kind: 'written', etag: asETag(answer.ETag ?? '') };
    } catch (error) {
      // 412: the condition does not hold. 404 with If-Match: there is nothing to match.
      if (error instanceof S3CallError) return { kind: 'conflict' };
      throw error;
    }
  };

  const get: ObjectStore['get'] = async (key, { ifNoneMatch } = {}) => {
    try {
      const answer = await call<{ Body?: Uint8Array; ETag?: string }>(
        'getObject',
        { Key: key, ...(ifNoneMatch === undefined ? {} : { IfNoneMatch: ifNoneMatch }) },
        { operation: 'get', key },
        { results: [304, 404] },
      );
      return { kind: 'found', body: answer.Body ?? new Uint8Array(), etag: asETag(answer.ETag ?? '') };
    } catch (error) {
      if (!(error instanceof S3CallError)) throw error;
      return { kind: error.statusCode === 304 ? 'not-modified' : 'not-found' };
    }
  };

  const deleteBatch = async (keys: readonly string[]): Promise<void> => {
    const answer = await call<{ Errors?: readonly { Key?: string; Code?: string }[] }>(
      'deleteObjects',
      { Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true } },
      { operation: 'delete', key: `${keys.length} keys` },
    );
    const [failed] = (answer.Errors ?? []).filter(({ Code }) => Code !== 'NoSuchKey');
    if (failed !== undefined)
      throw storeError(new S3CallError(failed.Code ?? 'Unknown', 500, 'not deleted'), {
        operation: 'delete',
        bucket,
        key: failed.Key ?? '',
      });
  };

  const deleteOne = async (key: string): Promise<void> => {
    try {
      await call('deleteObject', { Key: key }, { operation: 'delete', key }, { results: [404] });
    } catch (error) {
      if (!(error instanceof S3CallError)) throw error;
    }
  };

  return {
    get,
    put,
    delete: async (keys) => {
      if (keys.length < BATCH_DELETE_FROM) await Promise.all(keys.map(deleteOne));
      else
        for (let start = 0; start < keys.length; start += BATCH_DELETE_MAX)
          await deleteBatch(keys.slice(start, start + BATCH_DELETE_MAX));
    },
    list: async (prefix, { startAfter } = {}) => {
      const answer = await call<{ Contents?: readonly ListedEntry[]; IsTruncated?: boolean }>(
        'listObjectsV2',
        {
          Prefix: prefix,
          ...(startAfter === undefined || startAfter === '' ? {} : { StartAfter: startAfter }),
        },
        { operation: 'list', key: prefix },
      );
      return { objects: (answer.Contents ?? []).flatMap(listed), truncated: answer.IsTruncated === true };
    },
  };
}

interface ListedEntry {
  readonly Key?: string;
  readonly ETag?: string;
  readonly Size?: number;
}

function listed({ Key, ETag, Size }: ListedEntry): ListedObject[] {
  return Key === undefined || ETag === undefined
    ? []
    : [{ key: Key, etag: asETag(ETag), sizeBytes: Size ?? 0 }];
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

function createS3(settings: CosDeps['settings'], callMsMax: number): S3 {
  const { credentials } = settings;
  const isPlain = settings.endpoint.startsWith('http:');
  // The SDK opens a connection for every call unless it is given an agent that keeps them.
  const agent = isPlain
    ? new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX, scheduling: 'lifo' })
    : new https.Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX, scheduling: 'lifo' });
  return new S3({
    endpoint: settings.endpoint,
    region: 'us-standard',
    s3ForcePathStyle: true,
    signatureVersion: 'v4',
    maxRetries: 0,
    httpOptions: { connectTimeout: CONNECT_MS_MAX, timeout: callMsMax, agent },
    ...(credentials.kind === 'hmac'
      ? { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey.reveal() }
      : {}),
  });
}
