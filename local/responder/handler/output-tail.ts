/** The last bytes of a stream of unknown length. */
export interface OutputTail {
  readonly push: (chunk: Uint8Array) => void;
  /** What is kept, as text; it begins with `…` when something before it is missing. */
  readonly text: () => string;
}

/** Keeps the last `bytesMax` bytes of what is pushed. */
export function createOutputTail(bytesMax: number): OutputTail {
  let kept = Buffer.alloc(0);
  let isCut = false;
  return {
    push: (chunk) => {
      const all = Buffer.concat([kept, chunk]);
      isCut ||= all.length > bytesMax;
      kept = all.subarray(Math.max(0, all.length - bytesMax));
    },
    text: () => (isCut ? `…${kept.subarray(characterStart(kept)).toString('utf8')}` : kept.toString('utf8')),
  };
}

/** Where the first whole UTF-8 character begins: a cut may have left up to three bytes of another one. */
function characterStart(bytes: Uint8Array): number {
  const start = bytes.subarray(0, 4).findIndex((byte) => (byte & 0xc0) !== 0x80);
  return Math.max(0, start);
}
