import type { Request } from 'ibm-cos-sdk/lib/request.js';
import type { AWSError } from 'ibm-cos-sdk/lib/error.js';

/** The SDK gave up on a call, or we did. `statusCode` is there when the server answered. */
export class S3CallError extends Error {
  override readonly name = 'S3CallError';
  readonly statusCode: number | undefined;
  readonly code: string;

  constructor(
    code: string,
    statusCode: number | undefined,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.code = code;
    this.statusCode = statusCode;
  }
}

export interface S3CallOptions {
  /** Headers that the SDK does not know; set before signing. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole call, in milliseconds. The SDK's own timeout is an idle timeout and does not end a slow drip. */
  readonly deadlineMs: number;
  /** A longer body is an error. */
  readonly answerBytesMax: number;
}

/**
 * Sends one request of the SDK with what the SDK lacks: headers of our own, a deadline, an end for bodies that are cut
 * (the SDK waits for ever) or too long.
 * @throws {S3CallError}
 */
export async function sendS3<T>(request: Request<T, AWSError>, options: S3CallOptions): Promise<T> {
  request.on('build', () => {
    Object.assign(request.httpRequest.headers, options.headers);
  });
  watchBody(request, options.answerBytesMax);
  const call = request.promise();
  // The race may be over before the SDK gives up; nobody else would look at its failure.
  call.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new S3CallError('Deadline', undefined, `no complete answer within ${options.deadlineMs} ms`));
      request.abort();
    }, options.deadlineMs);
  });
  try {
    return await Promise.race([call, deadline]);
  } catch (error) {
    throw asCallError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Ends a call whose body is cut off or longer than allowed. */
function watchBody<T>(request: Request<T, AWSError>, bytesMax: number): void {
  request.on('httpHeaders', (_status, headers, response) => {
    const { httpResponse } = response as unknown as SdkResponse;
    const fail = (code: string, message: string): void => {
      if (response.error) return;
      const error = Object.assign(new Error(message), { code, retryable: false });
      const sdk = response as unknown as SdkResponse;
      sdk.error = error;
      sdk.request.emit('httpError', [error, response], () => httpResponse._abortCallback?.());
    };
    httpResponse.stream?.on('aborted', () => fail('Truncated', 'the body was cut off'));
    if (Number(headers['content-length'] ?? 0) > bytesMax) {
      fail('TooLarge', `the body is longer than ${bytesMax} bytes`);
      httpResponse.stream?.destroy();
    }
  });
}

/** What the SDK has and its types do not show. */
interface SdkResponse {
  error: unknown;
  readonly request: { emit: (event: string, args: readonly unknown[], done: () => void) => void };
  readonly httpResponse: {
    readonly stream?: { on: (event: 'aborted', listener: () => void) => void; destroy: () => void };
    readonly _abortCallback?: () => void;
  };
}

function asCallError(error: unknown): S3CallError {
  if (error instanceof S3CallError) return error;
  const { code, statusCode, message } = error as { code?: unknown; statusCode?: unknown; message?: unknown };
  return new S3CallError(
    // For an empty body the SDK's code is the status as a number.
    typeof code === 'string' ? code : String(code ?? 'Unknown'),
    typeof statusCode === 'number' ? statusCode : undefined,
    typeof message === 'string' ? message : 'the call failed',
    { cause: error },
  );
}
