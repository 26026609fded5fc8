import type { IncomingMessage } from 'node:http';
import type { BodyShare } from './body-budget.ts';

export type BodyReading =
  | { readonly kind: 'read'; readonly body: Buffer }
  | { readonly kind: 'too-large' }
  /** All requests together hold so much that this one does not fit. */
  | { readonly kind: 'no-room' }
  /** The caller went away in the middle. */
  | { readonly kind: 'cut-off' };

// A caller that is told "too large" while it still sends may never see the answer: what a slip of the hand sends is read
// to its end, what goes on far beyond that is not.
const PATIENCE = 4;

/**
 * Reads a request's body, keeping at most `bytesMax`, all of which is taken from `share`. Never rejects; how long it may
 * take is the server's limit. What comes after an early answer is read and dropped.
 */
export function readBody(
  request: IncomingMessage,
  bytesMax: number,
  share: BodyShare = UNLIMITED,
): Promise<BodyReading> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let isDropping = false;
    const drop = (): void => {
      isDropping = true;
      chunks.length = 0;
      share.giveBack();
    };
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > bytesMax * PATIENCE) resolve({ kind: 'too-large' });
      if (isDropping) return;
      if (size > bytesMax) return drop();
      if (share.take(chunk.length)) return void chunks.push(chunk);
      drop();
      resolve({ kind: 'no-room' });
    });
    request.on('end', () =>
      resolve(size > bytesMax ? { kind: 'too-large' } : { kind: 'read', body: Buffer.concat(chunks) }),
    );
    request.on('error', () => resolve({ kind: 'cut-off' }));
    request.on('close', () => resolve({ kind: 'cut-off' }));
  });
}

const UNLIMITED: BodyShare = { take: () => true, giveBack: () => undefined };
