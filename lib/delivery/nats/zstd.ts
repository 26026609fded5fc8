import { createContext, runInContext } from 'node:vm';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { codeOf } from '../../platform/configuration/error-code.ts';
import { readFrameShape, storeInFrame } from './zstd-frame.ts';

/** What zlib has since Node 22.15; the types are those of Node 20. */
interface NativeZstd {
  readonly zstdCompressSync?: (data: Uint8Array) => Uint8Array;
  readonly zstdDecompressSync?: (
    data: Uint8Array,
    options: { readonly maxOutputLength: number },
  ) => Uint8Array;
}

const builtIn = zlib as NativeZstd;

/** What came out, or what is wrong, to be read on from "the message". */
export type Decompressed =
  { readonly ok: true; readonly data: Uint8Array } | { readonly ok: false; readonly problem: string };

/** What decoders have to support, and encoders do not exceed unless told to (RFC 8878). */
const WINDOW_BYTES_MAX = 8 * 1024 * 1024;
/** Some ten times what a mebibyte takes. */
const DECODING_MS_MAX = 250;

/** Compresses into one zstd frame that says how long its contents are. Before Node 22.15 they are stored as they are. */
export function compressZstd(data: Uint8Array, native: NativeZstd = builtIn): Uint8Array {
  return native.zstdCompressSync?.(data) ?? storeInFrame(data);
}

/**
 * Decompresses one zstd frame. Never throws, never gives more than `bytesMax`, and works for a quarter of a
 * second at most, or as long as it is told: a frame that says it holds more is not begun, one that turns out to is left off.
 */
export function decompressZstd(
  data: Uint8Array,
  bytesMax: number,
  native: NativeZstd = builtIn,
  decodingMsMax = DECODING_MS_MAX,
): Decompressed {
  const shape = readFrameShape(data);
  if (shape === undefined) return refuse('is not a whole zstd frame');
  if (shape.endOffset !== data.length) return refuse('holds more than one zstd frame');
  if ((shape.contentBytes ?? 0) > bytesMax) return tooLarge(bytesMax);
  if (shape.windowBytes > WINDOW_BYTES_MAX)
    return refuse(`needs a zstd window of more than ${WINDOW_BYTES_MAX} bytes`);
  const contents = native.zstdDecompressSync
    ? decompressNatively(data, bytesMax, native.zstdDecompressSync)
    : decompressInScript(data, bytesMax, decodingMsMax);
  if (!contents.ok || shape.contentBytes === undefined || contents.data.length === shape.contentBytes)
    return contents;
  return refuse('is not as long, decompressed, as its zstd frame says');
}

function decompressNatively(
  data: Uint8Array,
  maxOutputLength: number,
  decompress: NonNullable<NativeZstd['zstdDecompressSync']>,
): Decompressed {
  try {
    return { ok: true, data: decompress(data, { maxOutputLength }) };
  } catch (error) {
    return codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(maxOutputLength) : notValid();
  }
}

/**
 * A few crafted bytes keep the decoder busy for many seconds, as it counts out a block's sequences before it looks at their
 * sum. Only a time limit stops synchronous work, and only a script has one.
 */
function decompressInScript(data: Uint8Array, bytesMax: number, decodingMsMax: number): Decompressed {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const decoder = new Decompress((part) => {
    bytes += part.length;
    if (bytes > bytesMax) throw new RangeError();

    parts.push(part);
  });
  const context = createContext({ decode: () => decoder.push(data, true) });
  try {
    runInContext('decode()', context, { timeout: decodingMsMax });
    return { ok: true, data: Buffer.concat(parts) };
  } catch (error) {
    if (bytes > bytesMax) return tooLarge(bytesMax);
    if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return refuse(`takes more than ${decodingMsMax} ms to decompress`);
    return notValid();
  }
}

function tooLarge(bytesMax: number): Decompressed {
  return refuse(`is larger than ${bytesMax} bytes when decompressed`);
}

function notValid(): Decompressed {
  return refuse('is not valid zstd');
}

function refuse(problem: string): Decompressed {
  return { ok: false, problem };
}
