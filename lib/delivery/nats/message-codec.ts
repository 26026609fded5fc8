import { decodeCbor, encodeCbor } from './cbor.ts';
import { plainText } from './plain-text.ts';
import { compressZstd, decompressZstd } from './zstd.ts';

/** How the data of a message is written. */
export interface NatsEncoding {
  readonly serialization: 'json' | 'cbor';
  readonly compression: 'none' | 'zstd';
}

/** The data of a message with the headers that say how it is written. */
export interface EncodedMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

/** The value, or what is wrong, to be read on from "the message". */
export type DecodedMessage =
  | { readonly ok: true; readonly value: unknown; readonly encoding: NatsEncoding }
  | { readonly ok: false; readonly problem: string };

/** Gives a header's first value. */
export type HeaderReader = (name: string) => string | undefined;

const SERIALIZATION = 'serial';
const COMPRESSION = 'cmp';
const BYTES_MAX = 1024 * 1024;
const DEPTH_MAX = 32;

/** Writes a JSON value. Plain JSON needs no headers. */
export function encodeMessage(value: unknown, encoding: NatsEncoding): EncodedMessage {
  const { serialization, compression } = encoding;
  const data = serialization === 'cbor' ? encodeCbor(value) : Buffer.from(JSON.stringify(value));
  return {
    headers: {
      ...(serialization === 'cbor' ? { [SERIALIZATION]: 'cbor' } : {}),
      ...(compression === 'zstd' ? { [COMPRESSION]: 'z' } : {}),
    },
    data: compression === 'zstd' ? compressZstd(data) : data,
  };
}

/**
 * Reads the data of a message as its headers say, into a JSON value at most 32 levels deep. Never throws.
 * @param bytesMax how long the data may be, decompressed
 */
export function decodeMessage(
  header: HeaderReader,
  data: Uint8Array,
  bytesMax: number = BYTES_MAX,
): DecodedMessage {
  const encoding = readEncoding(header(SERIALIZATION), header(COMPRESSION));
  if (typeof encoding === 'string') return { ok: false, problem: encoding };
  if (data.length > bytesMax) return { ok: false, problem: `is larger than ${bytesMax} bytes` };
  const plain =
    encoding.compression === 'zstd' ? decompressZstd(data, bytesMax) : { ok: true as const, data };
  return plain.ok ? deserialize(plain.data, encoding) : plain;
}

function readEncoding(serial: string | undefined, cmp: string | undefined): NatsEncoding | string {
  if (serial !== undefined && serial !== 'json' && serial !== 'cbor')
    return `has the unknown ${SERIALIZATION} header "${plainText(serial)}": cbor, json or none is expected`;
  if (cmp !== undefined && cmp !== 'z')
    return `has the unknown ${COMPRESSION} header "${plainText(cmp)}": z (zstd) or none is expected`;
  return { serialization: serial ?? 'json', compression: cmp === undefined ? 'none' : 'zstd' };
}

function deserialize(data: Uint8Array, encoding: NatsEncoding): DecodedMessage {
  const isCbor = encoding.serialization === 'cbor';
  try {
    const value = isCbor ? decodeCbor(data, DEPTH_MAX) : parseJson(data);
    if (!isDeeperThan(DEPTH_MAX, value)) return { ok: true, value, encoding };
    return { ok: false, problem: `is nested more than ${DEPTH_MAX} levels deep` };
  } catch (error) {
    // What is wrong with JSON is said with a piece of it, which may be anything.
    const detail = isCbor && error instanceof Error ? ` (${plainText(error.message)})` : '';
    return { ok: false, problem: `is not valid ${isCbor ? 'CBOR' : 'JSON'}${detail}` };
  }
}

function parseJson(data: Uint8Array): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(levels - 1, part));
}
