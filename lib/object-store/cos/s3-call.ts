import type { IncomingMessage } from 'node:http';
import { getSystemErrorName } from 'node:util';
import type { AWSError } from 'ibm-cos-sdk/lib/error.js';
import type { Request } from 'ibm-cos-sdk/lib/request.js';

/**
 * A call that brought no answer, or one that is not a success. `statusCode` is there when the server answered whole;
 * `code` is the server's, the system's (`ECONNRESET`), or one of ours: `Deadline`, `Truncated`, `TooLarge`, `BadAnswer`.
 */
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
  /** Reads the body of an answer in place of the SDK. */
  readonly read?: (body: string) => S3Answer;
}

/** What a request of the SDK can do and its types do not show. */
interface Untyped {
  readonly removeAllListeners: (event: 'extractData') => void;
}

/** What the SDK took out of an answer. Nothing of it is checked. */
export type S3Answer = Readonly<Record<string, unknown>>;

/**
 * Sends one request of the SDK with what the SDK lacks: headers of our own, a deadline, an end for bodies that are cut
 * off (the SDK waits for ever) or too long.
 * @throws {S3CallError}
 */
export async function sendS3(
  request: Request<S3Answer, AWSError>,
  options: S3CallOptions,
): Promise<S3Answer> {
  request.on('build', () => {
    Object.assign(request.httpRequest.headers, options.headers);
  });
  const { read } = options;
  if (read !== undefined) {
    const { removeAllListeners }: Partial<Untyped> = request as Partial<Untyped>;
    removeAllListeners?.call(request, 'extractData');
    request.on('extractData', (response) => {
      response.data = read(String(response.httpResponse.body));
    });
  }
  let timer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<never>((_, reject) => {
    const giveUp = (error: S3CallError): void => {
      reject(error);
      request.abort();
    };
    watchBody(request, options.answerBytesMax, giveUp);
    const late = `no complete answer within ${options.deadlineMs} ms`;
    timer = setTimeout(() => giveUp(new S3CallError('Deadline', undefined, late)), options.deadlineMs);
  });
  // The race may be over before the one or the other fails; nobody would look at it.
  givenUp.catch(() => undefined);
  const call = request.promise();
  call.catch(() => undefined);
  try {
    return await Promise.race([call, givenUp]);
  } catch (error) {
    throw asCallError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Gives up on a body that is cut off or longer than allowed. */
function watchBody(
  request: Request<S3Answer, AWSError>,
  bytesMax: number,
  giveUp: (error: S3CallError) => void,
): void {
  let size = 0;
  request.on('httpData', (chunk) => {
    size += chunk.length;
    if (size > bytesMax)
      giveUp(new S3CallError('TooLarge', undefined, `the answer is longer than ${bytesMax} bytes`));
  });
  request.on('httpHeaders', (_status, _headers, response) => {
    // The SDK has it and does not show it in its types.
    const { stream } = response.httpResponse as unknown as { readonly stream?: IncomingMessage };
    stream?.on('close', () => {
      if (!stream.complete) giveUp(new S3CallError('Truncated', undefined, 'the body was cut off'));
    });
  });
}

function asCallError(error: unknown): S3CallError {
  if (error instanceof S3CallError) return error;
  const { code, statusCode, message } = error as { code?: unknown; statusCode?: unknown; message?: unknown };
  return new S3CallError(
    // For a body without a code the SDK's code is the status as a number.
    networkCodeOf(error) ?? (typeof code === 'string' || typeof code === 'number' ? String(code) : 'Unknown'),
    typeof statusCode === 'number' ? statusCode : undefined,
    typeof message === 'string' ? message : 'the call failed',
    { cause: error },
  );
}

/** What the system said, below the SDK's own words for it: a refused connection is an unknown endpoint to the SDK. */
function networkCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { errno, originalError } = error as { errno?: unknown; originalError?: unknown };
  return typeof errno === 'number' && errno < 0 ? getSystemErrorName(errno) : networkCodeOf(originalError);
}
