import type { ObjectStore } from '../../lib/object-store/object-store.ts';

/** What a bill counts: class A is PUT and LIST, class B is GET (also one that answers "not modified"); DELETE is free. */
export interface RequestCounts {
  readonly A: { readonly puts: number; readonly lists: number };
  readonly B: { readonly gets: number };
  readonly free: { readonly deletes: number };
}

export interface CountingObjectStore extends ObjectStore {
  /** The requests since the last time that somebody asked. */
  readonly takeCounts: () => RequestCounts;
  /** The same, each request in words: `get leases/notify.json`. */
  readonly takeRequests: () => readonly string[];
}

/** Counts the requests that reach `inner`. A delete counts one for each key, as the store is billed for keys. */
export function createCountingObjectStore(inner: ObjectStore): CountingObjectStore {
  let requests: string[] = [];
  const count = (operation: string): number =>
    requests.filter((request) => request.startsWith(`${operation} `)).length;
  const taken = <T>(result: T): T => {
    requests = [];
    return result;
  };
  return {
    get: (key, options) => {
      requests.push(`get ${key}`);
      return inner.get(key, options);
    },
    put: (key, body, condition) => {
      requests.push(`put ${key}`);
      return inner.put(key, body, condition);
    },
    delete: (keys) => {
      requests.push(...keys.map((key) => `delete ${key}`));
      return inner.delete(keys);
    },
    list: (prefix, options) => {
      requests.push(`list ${prefix}`);
      return inner.list(prefix, options);
    },
    takeCounts: () =>
      taken({
        A: { puts: count('put'), lists: count('list') },
        B: { gets: count('get') },
        free: { deletes: count('delete') },
      }),
    takeRequests: () => taken(requests),
  };
}
