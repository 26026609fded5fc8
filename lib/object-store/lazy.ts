import type { ObjectStore } from './object-store.ts';

/** An object store that is made at its first use, so that what it needs is loaded only then. */
export function lazyObjectStore(make: () => Promise<ObjectStore>): ObjectStore {
  let made: Promise<ObjectStore> | undefined;
  const store = (): Promise<ObjectStore> => (made ??= make());
  return {
    get: async (...args) => (await store()).get(...args),
    put: async (...args) => (await store()).put(...args),
    delete: async (...args) => (await store()).delete(...args),
    list: async (...args) => (await store()).list(...args),
  };
}
