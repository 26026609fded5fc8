import { asETag, ObjectStoreError, type ETag } from '../object-store.ts';

/**
 * How keys become names in a folder. Each segment of a key but the last is a folder; the last is a file
 * `<segment>@<version>-<size>-<etag>`. What a name may hold everywhere stays readable, all other bytes are written as
 * `=XX`. `=` and not `%`, because keys often are percent-encoded already and would grow threefold.
 */

/** One version of one object, as its file's name tells it. */
export interface Version {
  readonly fileName: string;
  readonly version: number;
  readonly sizeBytes: number;
  readonly etag: ETag;
}

/** Where a key's files are: encoded folders, and what the files' names begin with. */
export interface KeyPlace {
  readonly folders: readonly string[];
  readonly stem: string;
}

const KEY_BYTES_MAX = 1024;
const FILE_NAME_MAX = 255;
/** `@`, version, `-`, size, `-`, ETag: numbers have 16 digits at most. */
const SUFFIX_MAX = 1 + 16 + 1 + 16 + 1 + 32;

const FILE_NAME = /^([^@]+)@(\d{1,16})-(\d{1,16})-([0-9a-f]{32})$/;
const PLAIN_STEM = /^[A-Za-z0-9_~%-][A-Za-z0-9._~%-]*$/;
// Upper case is escaped in folders: where `A` and `a` are one folder, their objects would be mixed up. Files differ by ETag.
const PLAIN_FOLDER = /^[a-z0-9_~%-][a-z0-9._~%-]*$/;

/** @throws {ObjectStoreError} `refused`, for a key that no folder can hold. */
export function placeOf(key: string): KeyPlace {
  const fault = faultOf(key);
  if (fault !== undefined) throw refusedKey(key, fault);
  const segments = key.split('/');
  const stem = encode(segments.at(-1) ?? '', PLAIN_STEM);
  const folders = segments.slice(0, -1).map(folderName);
  if (stem.length > FILE_NAME_MAX - SUFFIX_MAX || folders.some((name) => name.length > FILE_NAME_MAX))
    throw refusedKey(
      key,
      'a segment is too long for a file name; use shorter segments or plainer characters',
    );
  return { folders, stem };
}

/** The encoded folders that hold every key beginning with `folderPrefix` (`''` or ending in `/`); undefined: no key can. */
export function foldersOf(folderPrefix: string): readonly string[] | undefined {
  if (folderPrefix === '') return [];
  const path = folderPrefix.slice(0, -1);
  if (faultOf(path) !== undefined) return undefined;
  const names = path.split('/').map(folderName);
  return names.some((name) => name.length > FILE_NAME_MAX) ? undefined : names;
}

/** The name of a file that holds one version. `etag` has 32 hexadecimal digits. */
export function versionFileName(stem: string, version: number, sizeBytes: number, etag: string): string {
  return `${stem}@${version}-${sizeBytes}-${etag}`;
}

/** Reads a file's name; undefined for what is not ours. `stem` stays encoded. */
export function parseFileName(
  fileName: string,
): { readonly stem: string; readonly version: Version } | undefined {
  const [, stem, version, size, etag] = FILE_NAME.exec(fileName) ?? [];
  if (stem === undefined || etag === undefined) return undefined;
  return {
    stem,
    version: { fileName, version: Number(version), sizeBytes: Number(size), etag: asETag(etag) },
  };
}

/** The segment that an encoded stem stands for; undefined for a name that we would not have written. */
export function stemSegment(stem: string): string | undefined {
  return decode(stem, PLAIN_STEM);
}

/** The segment that a folder stands for; undefined for a folder that we would not have made. */
export function folderSegment(name: string): string | undefined {
  return decode(name, PLAIN_FOLDER);
}

/** A text whose order by UTF-16 units is the order of `text` by UTF-8 bytes. */
export function byteOrder(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text).toString('latin1');
}

function folderName(segment: string): string {
  return encode(segment, PLAIN_FOLDER);
}

function encode(segment: string, plain: RegExp): string {
  if (plain.test(segment)) return segment;
  let name = '';
  for (const byte of Buffer.from(segment)) {
    const character = String.fromCharCode(byte);
    // A dot in front would hide the file, or be `.` and `..`.
    const stays = character === '.' ? name !== '' : byte < 0x80 && plain.test(character);
    name += stays ? character : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return name;
}

function decode(name: string, plain: RegExp): string | undefined {
  if (plain.test(name)) return name;
  const bytes = name.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const segment = Buffer.from(bytes, 'latin1').toString();
  return encode(segment, plain) === name ? segment : undefined;
}

function faultOf(key: string): string | undefined {
  if (!key.isWellFormed()) return 'it is not well-formed Unicode';
  if (key.includes('\0')) return 'it holds a NUL character';
  if (Buffer.byteLength(key) > KEY_BYTES_MAX) return `it is longer than ${KEY_BYTES_MAX} bytes`;
  for (const segment of key.split('/')) {
    if (segment === '') return 'it is empty, begins or ends with "/", or holds "//"';
    if (segment === '.' || segment === '..') return `it has a segment "${segment}"`;
  }
  return undefined;
}

function refusedKey(key: string, fault: string): ObjectStoreError {
  const shown = key.length > 80 ? `${key.slice(0, 80)}…` : key;
  return new ObjectStoreError(
    'refused',
    `the file store cannot keep the key ${JSON.stringify(shown)}: ${fault}`,
  );
}
