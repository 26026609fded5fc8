import type { IncomingMessage } from 'node:http';

export type BodyReading =
  | { readonly kind: 'read'; readonly body: Buffer }
  | { readonly kind: 'too-large' }
  /** The caller went away in the middle. */
  | { readonly kind: 'cut-off' };

// A caller that is told "too large" while it still sends may never see the answer: what a slip of the hand sends is read
// to its end, what goes on far beyond that is not.
const PATIENCE = 4;

/** Reads a request's body, keeping at most `bytesMax`. Never rejects; how long it may take is the server's limit. */
export function readBody(request: IncomingMessage, bytesMax: number): Promise<BodyReading> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bytesMax) chunks.push(chunk);
      else chunks.length = 0;
      if (size > bytesMax * PATIENCE) resolve({ kind: 'too-large' });
    });
    request.on('end', () =>
      resolve(size > bytesMax ? { kind: 'too-large' } : { kind: 'read', body: Buffer.concat(chunks) }),
    );
    request.on('error', () => resolve({ kind: 'cut-off' }));
    request.on('close', () => resolve({ kind: 'cut-off' }));
  });
}
