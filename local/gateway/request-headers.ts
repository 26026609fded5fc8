const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
] as const;

/** Headers that concern one connection only and are not passed on, plus those that `connection` names. Lower case. */
export function hopByHopNames(connection: string | undefined): ReadonlySet<string> {
  const named = (connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return new Set([...HOP_BY_HOP, ...named]);
}

/** A header's name as Go writes it: `x-request-id` becomes `X-Request-Id`. */
export function canonicalHeaderName(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

/**
 * The headers that a function sees: one text per name, names as Go writes them, without `Host` and without what
 * concerns the connection only.
 */
export function functionHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Readonly<Record<string, string>> {
  const connection = headers['connection'];
  const hidden = hopByHopNames(typeof connection === 'string' ? connection : undefined);
  const seen = Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    const lower = name.toLowerCase();
    if (value === undefined || lower === 'host' || hidden.has(lower)) return [];
    return [[canonicalHeaderName(name), typeof value === 'string' ? value : value.join(', ')]];
  });
  return Object.fromEntries(seen);
}
