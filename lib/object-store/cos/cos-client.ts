import http from 'node:http';
import https from 'node:https';
import S3 from 'ibm-cos-sdk/clients/s3.js';
import type { CosSettings } from '../../platform/configuration/configuration.ts';
import { ObjectStoreError } from '../object-store.ts';
import type { AccessTokens } from './access-token.ts';
import { storeError, type Asked } from './cos-errors.ts';
import { S3CallError, sendS3, type S3Answer } from './s3-call.ts';

export interface CosDeps {
  readonly settings: Pick<CosSettings, 'bucket' | 'endpoint' | 'credentials' | 'etagQuotes'>;
  /** Where tokens come from when the credentials are not HMAC keys. */
  readonly tokens: AccessTokens | undefined;
  /** The limit of one call, in milliseconds. */
  readonly callMsMax?: number;
}

/** One call of S3 and what to make of its outcome. */
export interface CosCall<R> {
  /** One of those that `scripts/trim-cos-sdk.ts` leaves in. */
  readonly operation: 'getObject' | 'putObject' | 'deleteObject' | 'deleteObjects' | 'listObjectsV2';
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Reads the body of an answer in place of the SDK. */
  readonly read?: (body: string) => S3Answer;
  readonly asked: Omit<Asked, 'bucket'>;
  /** The result from an answer. May throw an `S3CallError`. */
  readonly take: (answer: S3Answer) => R;
  /** The result that a failure stands for, if it stands for one. */
  readonly expected?: (error: S3CallError) => R | undefined;
}

/** Makes one attempt. @throws {ObjectStoreError} */
export type CosClient = <R>(call: CosCall<R>) => Promise<R>;

const CALL_MS_MAX = 8_000;
const CONNECT_MS_MAX = 2_000;
const CONNECTIONS_MAX = 64;
/** A connection that nobody used for so long may be dead without our knowing, for instances are put to sleep. */
const IDLE_MS_MAX = 30_000;
/** The largest object we write is a part of the snapshot, far below this. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

/** Calls S3 through the SDK, with a token or signed, and gives failures the port's names. */
export function createCosClient({ settings, tokens, callMsMax = CALL_MS_MAX }: CosDeps): CosClient {
  const { bucket } = settings;
  const s3 = createS3(settings, callMsMax);

  const send = (call: Omit<CosCall<never>, 'take'>, token: string | undefined): Promise<S3Answer> => {
    const parameters = { Bucket: bucket, ...call.parameters };
    const read = call.read === undefined ? {} : { read: call.read };
    const limits = { deadlineMs: callMsMax, answerBytesMax: ANSWER_BYTES_MAX, ...read };
    if (token === undefined)
      return sendS3(s3.makeRequest(call.operation, parameters), { headers: { ...call.headers }, ...limits });
    const request = s3.makeUnauthenticatedRequest(call.operation, parameters);
    return sendS3(request, { headers: { ...call.headers, Authorization: `Bearer ${token}` }, ...limits });
  };

  return async ({ take, expected, ...call }) => {
    const token = await tokens?.current();
    try {
      return take(await send(call, token));
    } catch (error) {
      if (!(error instanceof S3CallError)) throw error;
      const result = expected?.(error);
      if (result !== undefined) return result;
      const asked = { ...call.asked, bucket };
      if (token !== undefined && isTokenRefused(error) && tokens?.invalidate(token) === true)
        throw tokenRefused(error, asked);
      throw storeError(error, asked);
    }
  };
}

/** A token that is no longer valid cannot always be told from one that never was good enough. */
function isTokenRefused({ statusCode, code }: S3CallError): boolean {
  const isDenied = statusCode === 403 && (code === 'AccessDenied' || code === 'Forbidden');
  return statusCode === 401 || isDenied || code === 'ExpiredToken' || code === 'InvalidToken';
}

function tokenRefused(error: S3CallError, { operation, key, bucket }: Asked): ObjectStoreError {
  const said = `${error.statusCode} ${error.code}`;
  const what = `${operation} ${key} in bucket ${bucket}`;
  return new ObjectStoreError('unavailable', `${what}: the token is no longer taken (${said}); try again`, {
    cause: error,
  });
}

function createS3({ endpoint, credentials }: CosDeps['settings'], callMsMax: number): S3 {
  const { Agent } = endpoint.startsWith('http:') ? http : https;
  return new S3({
    endpoint,
    region: regionOf(endpoint),
    s3ForcePathStyle: true,
    signatureVersion: 'v4',
    // One attempt: after a lost answer only the caller can tell what it means.
    maxRetries: 0,
    // The SDK would take the credentials along.
    maxRedirects: 0,
    httpOptions: {
      connectTimeout: CONNECT_MS_MAX,
      timeout: callMsMax,
      // Without an agent that keeps connections the SDK opens one for every call.
      agent: new Agent({
        keepAlive: true,
        maxSockets: CONNECTIONS_MAX,
        scheduling: 'lifo',
        timeout: IDLE_MS_MAX,
      }),
    },
    // It cannot be made without any, and would look for some around it; requests with a token are not signed.
    ...(credentials.kind === 'hmac'
      ? { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey.reveal() }
      : { accessKeyId: 'none', secretAccessKey: 'none' }),
  });
}

const COS_HOST =
  /^https?:\/\/s3\.(?:private\.|direct\.)?([a-z0-9-]+)\.cloud-object-storage\.appdomain\.cloud(?::|$)/;

/** The location that signatures name: what the endpoint's host says, or what stands for any. */
export function regionOf(endpoint: string): string {
  return COS_HOST.exec(endpoint)?.[1] ?? 'us-standard';
}
