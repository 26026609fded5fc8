/** What a request to the REST server is about. */
export type RestRoute =
  | {
      readonly kind: 'queues';
      readonly qmgr: string;
      /** Undefined for the collection. */
      readonly queue: string | undefined;
      readonly query: URLSearchParams;
    }
  /** Under the REST API's root, but nothing that is offered. */
  | { readonly kind: 'unknown-resource' }
  /** Outside the REST API, where the web server answers by itself. */
  | { readonly kind: 'elsewhere' };

const ROOT = '/ibmmq/rest/';
const QUEUES = /^\/ibmmq\/rest\/v1\/admin\/qmgr\/([^/]+)\/queue(?:\/([^/]+))?\/?$/;

/** Reads the target of a request, as it came: path and query. */
export function routeOf(target: string): RestRoute {
  const [path = '', ...rest] = target.split('?');
  if (!path.startsWith(ROOT)) return { kind: 'elsewhere' };
  const [, qmgr, queue] = QUEUES.exec(path) ?? [];
  if (qmgr === undefined) return { kind: 'unknown-resource' };
  const query = new URLSearchParams(rest.join('?'));
  return {
    kind: 'queues',
    qmgr: decoded(qmgr),
    queue: queue === undefined ? undefined : decoded(queue),
    query,
  };
}

/** A segment of a path that is not valid percent-encoding stands for itself: no name is like that. */
export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
