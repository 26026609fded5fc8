import type { S3Answer } from './s3-call.ts';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Reads the answer to a listing: a flat and regular document, of which three fields an entry are wanted. The SDK reads it
 * with a general XML parser, which takes twenty times as long, and a listing is what every cycle begins with.
 * What is not a whole listing has no `IsTruncated`, so that nobody takes it for one. Never throws.
 */
export function readListing(xml: string): S3Answer {
  const start = xml.indexOf('<ListBucketResult');
  const end = xml.indexOf('</ListBucketResult>');
  if (start < 0 || end < 0) return {};
  const contents: S3Answer[] = [];
  let outside = '';
  let at = start;
  for (;;) {
    const open = xml.indexOf('<Contents>', at);
    if (open < 0) break;
    const close = xml.indexOf('</Contents>', open);
    if (close < 0) return {};
    outside += xml.slice(at, open);
    const entry = xml.slice(open, close);
    const size = fieldOf(entry, 'Size');
    contents.push({
      Key: fieldOf(entry, 'Key'),
      ETag: fieldOf(entry, 'ETag'),
      Size: size === undefined || !/^\d{1,15}$/.test(size) ? undefined : Number(size),
    });
    at = close + '</Contents>'.length;
  }
  outside += xml.slice(at, end);
  const truncated = fieldOf(outside, 'IsTruncated');
  if (truncated !== 'true' && truncated !== 'false') return {};
  return { Contents: contents, IsTruncated: truncated === 'true' };
}

/** The text of the first element of a name. */
function fieldOf(xml: string, name: string): string | undefined {
  const open = xml.indexOf(`<${name}>`);
  if (open < 0) return undefined;
  const from = open + name.length + 2;
  const close = xml.indexOf(`</${name}>`, from);
  return close < 0 ? undefined : unescaped(xml.slice(from, close));
}

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|[a-z]{2,4});/g, (whole, entity: string) => {
    if (!entity.startsWith('#')) return ENTITIES[entity] ?? whole;
    const code = entity.startsWith('#x') ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
