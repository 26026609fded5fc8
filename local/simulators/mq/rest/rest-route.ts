/** What a request to the REST server is about. */
export type RestRoute =
  | {
      readonly kind: 'queues';
      readonly version: number;
      readonly qmgr: string;
      readonly queue: string | undefined;
    }
  | { readonly kind: 'mqsc'; readonly version: number; readonly qmgr: string }
  /** One message of a queue, or the list of them. */
  | {
      readonly kind: 'message' | 'message-list';
      readonly version: number;
      readonly qmgr: string;
      readonly queue: string;
    }
  /** `qmgr` is undefined for the list. */
  | { readonly kind: 'queue-managers'; readonly version: number; readonly qmgr: string | undefined }
  | { readonly kind: 'installation' | 'login'; readonly version: number }
  /** Under the REST API's root, but nothing that is offered. */
  | { readonly kind: 'unknown-resource' }
  | { readonly kind: 'api-docs' }
  /** Outside the REST API, where the web server answers by itself. */
  | { readonly kind: 'elsewhere' };

/** The target of a request, taken apart. */
export interface RestTarget {
  readonly route: RestRoute;
  readonly path: string;
  readonly query: URLSearchParams;
}

const ROOT = '/ibmmq/rest/';
const VERSIONED = /^\/ibmmq\/rest\/v([1-3])\/(.+?)\/?$/;
const QUEUES = /^admin\/qmgr\/([^/]+)\/queue(?:\/([^/]+))?$/;
const MQSC = /^admin\/action\/qmgr\/([^/]+)\/mqsc$/;
const MESSAGES = /^messaging\/qmgr\/([^/]+)\/queue\/([^/]+)\/message(list)?$/;
const QUEUE_MANAGERS = /^admin\/qmgr(?:\/([^/]+))?$/;

/** Reads the target of a request, as it came: path and query. */
export function readTarget(target: string): RestTarget {
  const [path = '', ...rest] = target.split('?');
  return { route: routeOf(path), path, query: new URLSearchParams(rest.join('?')) };
}

/** The queue manager that a route names. */
export function queueManagerOf(route: RestRoute): string | undefined {
  return 'qmgr' in route ? route.qmgr : undefined;
}

/** A segment of a path that is not valid percent-encoding stands for itself: no name is like that. */
export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function routeOf(path: string): RestRoute {
  if (path === '/ibm/api/docs' || path === '/ibm/api/explorer') return { kind: 'api-docs' };
  if (!path.startsWith(ROOT)) return { kind: 'elsewhere' };
  const [, digit, resource = ''] = VERSIONED.exec(path) ?? [];
  const version = Number(digit);
  if (resource === 'login') return { kind: 'login', version };
  if (resource === 'admin/installation') return { kind: 'installation', version };
  const [, qmgr, queue] = QUEUES.exec(resource) ?? [];
  if (qmgr !== undefined)
    return {
      kind: 'queues',
      version,
      qmgr: decoded(qmgr),
      queue: queue === undefined ? queue : decoded(queue),
    };
  const [, commanded] = MQSC.exec(resource) ?? [];
  if (commanded !== undefined) return { kind: 'mqsc', version, qmgr: decoded(commanded) };
  const [, holder, holding, list] = MESSAGES.exec(resource) ?? [];
  if (holder !== undefined && holding !== undefined)
    return {
      kind: list === undefined ? 'message' : 'message-list',
      version,
      qmgr: decoded(holder),
      queue: decoded(holding),
    };
  const listed = QUEUE_MANAGERS.exec(resource);
  if (listed === null) return { kind: 'unknown-resource' };
  const [, named] = listed;
  return { kind: 'queue-managers', version, qmgr: named === undefined ? named : decoded(named) };
}
