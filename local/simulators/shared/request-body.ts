import type { IncomingMessage } from 'node:http';
import { SimulatorError } from './simulator-error.ts';

const BODY_BYTES_MAX = 64 * 1024;

/**
 * Reads a request's body to its end.
 * @throws {SimulatorError} (413) when it is longer than 64 KiB; the rest is not read.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) throw new Error('the request has an encoding set');
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new SimulatorError(413, `a body has at most ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
