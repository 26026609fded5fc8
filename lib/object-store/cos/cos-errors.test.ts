import { describe, expect, it } from 'vitest';
import { storeError } from './cos-errors.ts';
import { S3CallError } from './s3-call.ts';

const asked = { operation: 'put', bucket: 'b', key: 'k' } as const;

describe('what the server or the network did, in the words of the port', () => {
  it.each([
    [undefined, 'ECONNRESET', 'unavailable', true, true],
    [undefined, 'Deadline', 'unavailable', true, true],
    [undefined, 'Truncated', 'unavailable', true, true],
    [undefined, 'NetworkingError', 'unavailable', true, true],
    [undefined, 'EAI_AGAIN', 'unavailable', true, true],
    [undefined, 'UriParameterError', 'refused', false, true],
    [undefined, 'Unknown', 'refused', false, true],
    [undefined, 'TooLarge', 'refused', false, true],
    [200, 'XMLParserError', 'unavailable', true, true],
    [200, 'BadAnswer', 'unavailable', true, true],
    [301, 'PermanentRedirect', 'refused', false, false],
    [400, 'InvalidRequest', 'refused', false, false],
    [400, 'RequestTimeout', 'unavailable', true, true],
    [400, 'ExpiredToken', 'denied', false, false],
    [401, 'InvalidToken', 'denied', false, false],
    [403, 'AccessDenied', 'denied', false, false],
    [403, 'RequestTimeTooSkewed', 'denied', false, false],
    [404, 'NoSuchBucket', 'no-bucket', false, false],
    [404, 'NotFound', 'refused', false, false],
    [409, 'OperationAborted', 'unavailable', true, true],
    [412, 'PreconditionFailed', 'refused', false, false],
    [429, 'TooManyRequests', 'throttled', true, true],
    [500, 'InternalError', 'unavailable', true, true],
    [501, 'NotImplemented', 'refused', false, false],
    [503, 'SlowDown', 'throttled', true, true],
    [504, '504', 'unavailable', true, true],
  ] as const)('%s %s is %s', (status, code, expected, retryable, writeMayHaveLanded) => {
    const error = storeError(new S3CallError(code, status, 'what was said'), asked);
    expect(error).toMatchObject({ code: expected, retryable, writeMayHaveLanded });
    expect(error.message).toMatch(/^put k in bucket b: /);
  });

  it.each(['get', 'list'] as const)('never speaks of a write after a %s', (operation) => {
    const lost = new S3CallError('ECONNRESET', undefined, 'lost');
    expect(storeError(lost, { ...asked, operation }).writeMayHaveLanded).toBe(false);
  });
});
