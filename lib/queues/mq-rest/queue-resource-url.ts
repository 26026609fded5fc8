const PLAIN_BYTE = /[A-Za-z0-9_-]/;

/**
 * A queue manager's name as one segment of a path. Everything but letters, digits, `_` and `-` is percent-encoded, byte
 * by byte in UTF-8: MQ asks for `%2F`, `%25` and, unlike any URL library, `%2E`.
 */
export function encodeQueueManagerName(name: string): string {
  return Array.from(Buffer.from(name, 'utf8'), (byte) => {
    const character = String.fromCharCode(byte);
    return PLAIN_BYTE.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

/** The queue resource of REST v1 for one queue manager, without a query. */
export function queueResourceUrl(baseUrl: string, qmgr: string): string {
  return `${baseUrl}/ibmmq/rest/v1/admin/qmgr/${encodeQueueManagerName(qmgr)}/queue`;
}

/**
 * The query that asks for the depths of local queues. `filtered` leaves out the empty ones on the server, which keeps
 * the answer small: there is no paging. `type=local` spares z/OS the channel initiator.
 */
export function depthQuery(filtered: boolean): string {
  const all = 'type=local&status=status.currentDepth';
  return filtered ? `${all}&filter=status.currentDepth:greaterThan:0` : all;
}

/** A URL as it may be shown: without credentials. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}
