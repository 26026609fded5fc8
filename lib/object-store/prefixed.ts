import type { ObjectStore } from './object-store.ts';

/** The part of an object store below `prefix`, with keys as if it were the whole. */
export function prefixed(objects: ObjectStore, prefix: string): ObjectStore {
  if (prefix === '') return objects;
  return {
    get: (key, options) => objects.get(prefix + key, options),
    put: (key, body, condition) => objects.put(prefix + key, body, condition),
    delete: (keys) => objects.delete(keys.map((key) => prefix + key)),
    list: async (below, options) => {
      const startAfter = options?.startAfter;
      const page = await objects.list(
        prefix + below,
        startAfter === undefined ? {} : { startAfter: prefix + startAfter },
      );
      return {
        ...page,
        objects: page.objects.map((listed) => ({ ...listed, key: listed.key.slice(prefix.length) })),
      };
    },
  };
}
