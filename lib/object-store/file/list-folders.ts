import { join } from 'node:path';
import type { ListedObject, ListPage } from '../object-store.ts';
import { isSystemError } from './file-errors.ts';
import {
  byteOrder,
  folderSegment,
  foldersOf,
  parseFileName,
  stemSegment,
  type Version,
} from './file-names.ts';
import { isNewer, type FolderScan } from './folder-scan.ts';

const PAGE_SIZE_MAX = 1000;
/** A folder that changes all the time is read at most this often for one page. */
const SCANS_MAX = 5;

interface Query {
  readonly prefix: string;
  /** `startAfter` in byte order. */
  readonly after: string;
}

/** One line of a folder: an object, or a folder with everything below it. `order` sorts both as their keys sort. */
type Line =
  | { readonly order: string; readonly object: ListedObject }
  | { readonly order: string; readonly folder: string; readonly base: string };

/** Lists a page from names alone. Only folders are read that can hold keys of the page. */
export async function listFolders(
  scan: FolderScan,
  root: string,
  prefix: string,
  startAfter: string,
): Promise<ListPage> {
  const base = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const folders = foldersOf(base);
  if (folders === undefined) return { objects: [], truncated: false };
  const found: ListedObject[] = [];
  await collect(scan, { prefix, after: byteOrder(startAfter) }, join(root, ...folders), base, found);
  return { objects: found.slice(0, PAGE_SIZE_MAX), truncated: found.length > PAGE_SIZE_MAX };
}

/** Appends what is below `folder`, in order, until there is one object more than a page holds. */
async function collect(
  scan: FolderScan,
  query: Query,
  folder: string,
  base: string,
  found: ListedObject[],
): Promise<void> {
  for (const line of linesOf(await settledNames(scan, folder), base, query)) {
    if (found.length > PAGE_SIZE_MAX) return;
    if ('object' in line) found.push(line.object);
    else await collectBelow(scan, query, join(folder, line.folder), line.base, found);
  }
}

/** The same for a name met on the way, which may be a file that is none of ours. */
async function collectBelow(...args: Parameters<typeof collect>): Promise<void> {
  try {
    await collect(...args);
  } catch (error) {
    if (!isSystemError(error, 'ENOTDIR')) throw error;
  }
}

/**
 * All names that scans of a folder see until one of them saw no change. A key that is there all the time is among them
 * unless every scan missed it; a key that was deleted or replaced meanwhile may be, which a listing is free to say.
 */
async function settledNames(scan: FolderScan, folder: string): Promise<ReadonlySet<string>> {
  const all = new Set<string>();
  for (let scans = 1; scans <= SCANS_MAX; scans++) {
    const { names, quiet } = await scan.quietNames(folder);
    for (const name of names) all.add(name);
    if (quiet) break;
  }
  return all;
}

function linesOf(names: ReadonlySet<string>, base: string, query: Query): readonly Line[] {
  const newest = new Map<string, Version>();
  const lines: Line[] = [];
  for (const name of names) {
    const parsed = parseFileName(name);
    if (parsed === undefined) {
      lines.push(...folderLine(name, base, query));
      continue;
    }
    const known = newest.get(parsed.stem);
    if (known === undefined || isNewer(parsed.version, known)) newest.set(parsed.stem, parsed.version);
  }
  for (const [stem, version] of newest) lines.push(...objectLine(stem, version, base, query));
  return lines.toSorted((a, b) => (a.order < b.order ? -1 : 1));
}

function objectLine(stem: string, version: Version, base: string, query: Query): readonly Line[] {
  const segment = stemSegment(stem);
  if (segment === undefined) return [];
  const key = base + segment;
  const order = byteOrder(key);
  if (!key.startsWith(query.prefix) || order <= query.after) return [];
  return [{ order, object: { key, etag: version.etag, sizeBytes: version.sizeBytes } }];
}

function folderLine(name: string, base: string, query: Query): readonly Line[] {
  const segment = folderSegment(name);
  if (segment === undefined) return [];
  const below = `${base}${segment}/`;
  if (!below.startsWith(query.prefix) && !query.prefix.startsWith(below)) return [];
  const order = byteOrder(below);
  // Everything below sorts before `startAfter`.
  if (order < query.after && !query.after.startsWith(order)) return [];
  return [{ order, folder: name, base: below }];
}
