/** What a frame says of itself, as far as it costs nothing to know. Sizes in bytes. */
export interface FrameShape {
  /** How much a decoder has to keep. */
  readonly windowBytes: number;
  /** What the contents are said to be long; undefined where the frame does not say. */
  readonly contentBytes: number | undefined;
  /** Where the frame ends. */
  readonly endOffset: number;
}

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd] as const;
/** The format allows no larger block. */
const BLOCK_BYTES_MAX = 131_072;
/** Lengths of the size of the contents and of the dictionary's id, by their flags. */
const CONTENT_SIZE_LENGTHS = [0, 2, 4, 8] as const;
const DICTIONARY_ID_LENGTHS = [0, 1, 2, 4] as const;
const RAW = 0;
const REPEATED = 1;
const RESERVED = 3;

/** Reads the outline of the frame at the start of `data` (RFC 8878): its header and how long each block is. Undefined: none. */
export function readFrameShape(data: Uint8Array): FrameShape | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const flags = bytes[4];
  if (flags === undefined || !MAGIC.every((byte, index) => bytes[index] === byte)) return undefined;
  const isSingleSegment = (flags & 0x20) !== 0;
  const dictionaryAt = isSingleSegment ? 5 : 6;
  const contentSizeAt = dictionaryAt + (DICTIONARY_ID_LENGTHS[flags & 3] ?? 0);
  const contentSizeFlag = flags >> 6;
  const contentSizeLength =
    contentSizeFlag === 0 && isSingleSegment ? 1 : (CONTENT_SIZE_LENGTHS[contentSizeFlag] ?? 0);
  const blocksAt = contentSizeAt + contentSizeLength;
  if (blocksAt > bytes.length) return undefined;
  const contentBytes = readContentSize(bytes, contentSizeAt, contentSizeLength);
  const blocksEnd = endOfBlocks(bytes, blocksAt);
  const endOffset = blocksEnd === undefined ? undefined : blocksEnd + ((flags & 0x04) === 0 ? 0 : 4);
  if (endOffset === undefined || endOffset > bytes.length) return undefined;
  return {
    windowBytes: isSingleSegment ? (contentBytes ?? 0) : windowOf(bytes[5] ?? 0),
    contentBytes,
    endOffset,
  };
}

function readContentSize(bytes: Buffer, offset: number, length: number): number | undefined {
  if (length === 0) return undefined;
  if (length === 8) return Number(bytes.readBigUInt64LE(offset));
  return bytes.readUIntLE(offset, length) + (length === 2 ? 256 : 0);
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function endOfBlocks(bytes: Buffer, offset: number): number | undefined {
  let at = offset;
  while (at + 3 <= bytes.length) {
    const header = bytes.readUIntLE(at, 3);
    const kind = (header >> 1) & 3;
    const size = header >> 3;
    if (kind === RESERVED || size > BLOCK_BYTES_MAX) return undefined;
    at += 3 + (kind === REPEATED ? 1 : size);
    if ((header & 1) === 1) return at <= bytes.length ? at : undefined;
  }
  return undefined;
}

/** A frame that holds `data` as it is: valid for every decoder, a few bytes longer. For Node without an encoder. */
export function storeInFrame(data: Uint8Array): Uint8Array {
  const header = Buffer.alloc(9);
  header.set(MAGIC);
  // One segment, whose size stands in four bytes.
  header[4] = 0xa0;
  header.writeUInt32LE(data.length, 5);
  const parts: Uint8Array[] = [header];
  let at = 0;
  do {
    const block = data.subarray(at, at + BLOCK_BYTES_MAX);
    at += block.length;
    const blockHeader = Buffer.alloc(3);
    blockHeader.writeUIntLE((block.length << 3) | (RAW << 1) | (at >= data.length ? 1 : 0), 0, 3);
    parts.push(blockHeader, block);
  } while (at < data.length);
  return Buffer.concat(parts);
}
