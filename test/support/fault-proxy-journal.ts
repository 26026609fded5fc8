/** What an S3 server bills a request as: A for PUT, POST and LIST, B for GET and HEAD, nothing for DELETE. */
export type RequestClass = 'A' | 'B' | 'free';

/** One request that came to the proxy. */
export interface ProxiedRequest {
  readonly class: RequestClass;
  readonly operation: 'put' | 'get' | 'list' | 'delete' | 'delete-batch' | 'other';
  readonly method: string;
  /** The object's key; of a listing its prefix; of a batch nothing. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Which connection it came on, counted from 1. */
  readonly connection: number;
}

/** A request and what became of it. `undefined` is a status that nobody got to see. */
export interface JournalEntry extends ProxiedRequest {
  /** The kind of the fault that was played, if one was. */
  readonly fault: string | undefined;
  /** What the server behind answered: `undefined` when the request did not reach it, or not whole. */
  readonly serverStatus: number | undefined;
}

/** Tells what is asked from the request line; understands paths of the form `/bucket/key`. */
export function classify(
  method: string,
  target: string,
): Pick<ProxiedRequest, 'class' | 'operation' | 'key'> {
  const url = new URL(target, 'http://proxy');
  const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'));
  switch (method) {
    case 'GET':
      return key === ''
        ? { class: 'A', operation: 'list', key: url.searchParams.get('prefix') ?? '' }
        : { class: 'B', operation: 'get', key };
    case 'PUT':
      return { class: 'A', operation: key === '' ? 'other' : 'put', key };
    case 'POST':
      return { class: 'A', operation: url.searchParams.has('delete') ? 'delete-batch' : 'other', key };
    case 'DELETE':
      return { class: 'free', operation: 'delete', key };
    default:
      return { class: method === 'HEAD' ? 'B' : 'A', operation: 'other', key };
  }
}
