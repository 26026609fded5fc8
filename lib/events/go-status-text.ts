import { STATUS_CODES } from 'node:http';

/** Where Go's reason phrases are others than Node's. */
const GO_TEXTS: ReadonlyMap<number, string> = new Map([
  [413, 'Request Entity Too Large'],
  [414, 'Request URI Too Long'],
  [416, 'Requested Range Not Satisfiable'],
  [418, "I'm a teapot"],
  [509, ''],
]);

/** A status as the counters name it: `200 OK`, with Go's reason phrase; a status that Go does not know ends in a blank. */
export function statusKey(status: number): string {
  return `${status} ${GO_TEXTS.get(status) ?? STATUS_CODES[status] ?? ''}`;
}
