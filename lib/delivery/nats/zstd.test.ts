import { decompress } from 'fzstd';
import { describe, expect, it } from 'vitest';
import { storeInFrame } from './zstd-frame.ts';
import { compressZstd, decompressZstd } from './zstd.ts';

const MIB = 1024 * 1024;
/** As if Node had no zstd of its own, which it has from 22.15 on. */
const WITHOUT_NATIVE = {};

/** Frames that the reference implementation wrote. */
const QUEUES = 'queue queue queue queue queue';
/** `printf '…' | zstd`: compressed, a checksum, no length in its header. */
const STREAMED = Buffer.from('KLUv/QRYZQAAMHF1ZXVlIAEAqUsR83aAjg==', 'base64');
/** `head -c 300000 /dev/zero | zstd`. */
const ZEROS = Buffer.from('KLUv/QRYVAAAEAAAAQD7/znAAgIAEAADnwQALSjeJg==', 'base64');

/** A frame of one segment that says it holds `contentBytes`, with the blocks given. */
function frameOf(contentBytes: number, ...blocks: readonly Uint8Array[]): Buffer {
  const header = Buffer.from('28b52ffda000000000', 'hex');
  header.writeUInt32LE(contentBytes, 5);
  return Buffer.concat([header, ...blocks]);
}

/** A block that repeats one byte. */
function repeated(times: number, isLast: boolean): Buffer {
  const block = Buffer.alloc(4, 0x61);
  block.writeUIntLE((times << 3) | (1 << 1) | (isLast ? 1 : 0), 0, 3);
  return block;
}

/** As `zstd` frames without a length are: a window descriptor in place of a size. */
function windowed(descriptor: number, ...blocks: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, descriptor]), ...blocks]);
}

const WINDOW_1_MIB = 0x50;
const WINDOW_16_MIB = 0x70;
/** Sixteen megabytes out of 522 bytes. */
const BOMB_BLOCKS = Array.from({ length: 129 }, (_, index) => repeated(131_072, index === 128));

describe.each([
  ['with what Node has', undefined],
  ['without zstd in Node', WITHOUT_NATIVE],
])('zstd %s', (_, native) => {
  // Long enough for the busiest machine: what takes long is a test of its own.
  const read = (data: Uint8Array, bytesMax = MIB, decodingMsMax = 15_000) =>
    decompressZstd(data, bytesMax, native, decodingMsMax);
  const problemOf = (data: Uint8Array, bytesMax?: number, decodingMsMax?: number) => {
    const result = read(data, bytesMax, decodingMsMax);
    return result.ok ? `read ${result.data.length} bytes` : result.problem;
  };

  it.each([0, 1, 255, 256, 131_072, 131_073, 700_000])('reads what it wrote: %i bytes', (length) => {
    const data = Buffer.alloc(length, 'all work and no play ');
    const result = read(compressZstd(data, native));
    expect(result.ok && data.equals(result.data)).toBe(true);
  });

  it('reads what others wrote', () => {
    const result = read(STREAMED);
    expect(result.ok && Buffer.from(result.data).toString()).toBe(QUEUES);
    expect(problemOf(ZEROS)).toBe('read 300000 bytes');
  });

  it('takes as much as is allowed and not a byte more, whatever the frame says', () => {
    expect(problemOf(frameOf(1_000, repeated(1_000, true)), 1_000)).toBe('read 1000 bytes');
    const refused = 'is larger than 999 bytes when decompressed';
    expect(problemOf(frameOf(1_000, repeated(1_000, true)), 999)).toBe(refused);
    expect(problemOf(windowed(WINDOW_1_MIB, repeated(1_000, true)), 999)).toBe(refused);
  });

  it('stops at the limit within a bomb, one that says so and one that does not', () => {
    const refused = `is larger than ${MIB} bytes when decompressed`;
    expect(problemOf(frameOf(129 * 131_072, ...BOMB_BLOCKS))).toBe(refused);
    expect(problemOf(windowed(WINDOW_1_MIB, ...BOMB_BLOCKS))).toBe(refused);
  });

  it('refuses a window that no message needs before it is allocated', () => {
    expect(problemOf(windowed(WINDOW_16_MIB, repeated(1, true)))).toBe(
      'needs a zstd window of more than 8388608 bytes',
    );
  });

  it('ends on frames that were made to keep a decoder busy', () => {
    // 97,791 sequences, each a match of 65,539 bytes, in a block of nine bytes.
    const busy = Buffer.from('28b52ffd20644d000000ffffff5400003401', 'hex');
    expect(problemOf(busy, MIB, 250)).toMatch(/^(?:is not valid zstd|takes more than 250 ms to decompress)$/);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['something else', Buffer.from('{"ok":true}')],
    ['only a magic number', STREAMED.subarray(0, 4)],
    ['half a header', Buffer.from('28b52ffda000', 'hex')],
    ['a frame cut within a block', STREAMED.subarray(0, 14)],
    ['a frame without its checksum', STREAMED.subarray(0, -4)],
    ['a frame without a last block', frameOf(5, repeated(5, false))],
    ['a reserved block', frameOf(0, Buffer.from([0x07, 0, 0]))],
  ])('refuses %s', (_case, data) => {
    expect(problemOf(data)).toBe('is not a whole zstd frame');
  });

  it('refuses what follows a frame, and a frame that lies about its length', () => {
    expect(problemOf(Buffer.concat([STREAMED, STREAMED]))).toBe('holds more than one zstd frame');
    expect(problemOf(frameOf(6, repeated(5, true)))).toMatch(/^is not /);
    expect(problemOf(frameOf(4, repeated(5, true)))).toMatch(/^is not /);
  });

  it('ends with words on any damage to a frame', () => {
    for (let at = 0; at < STREAMED.length; at++)
      for (const change of [0x01, 0x80, 0xff]) {
        const damaged = Buffer.from(STREAMED);
        damaged[at] = (damaged[at] ?? 0) ^ change;
        expect(problemOf(damaged)).toMatch(/^(?:read|is|holds|needs|takes) /);
      }
  });
});

describe('a stored frame', () => {
  it.each([0, 5, 131_072, 131_073, 400_000])('is read by another decoder: %i bytes', (length) => {
    const data = Buffer.alloc(length, 'queue depths ');
    expect(Buffer.from(decompress(storeInFrame(data))).equals(data)).toBe(true);
  });
});
