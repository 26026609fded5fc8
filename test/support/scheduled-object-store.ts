import type fc from 'fast-check';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';

/**
 * A store whose calls take effect, and whose answers arrive, when fast-check's scheduler says so. Between a call and
 * its effect, and between the effect and the answer, any other scheduled step can come: what a network does.
 */
export function scheduled(store: ObjectStore, s: fc.Scheduler): ObjectStore {
  const step = (label: string): Promise<void> => s.schedule(Promise.resolve(), label);

  const call = async <T>(what: string, apply: () => Promise<T>): Promise<T> => {
    await step(`${what}: takes effect`);
    try {
      return await apply();
    } finally {
      await step(`${what}: is answered`);
    }
  };
  return {
    get: (key, options) => call(`get ${key}`, () => store.get(key, options)),
    put: (key, body, condition) => {
      const copy = Buffer.from(body);
      return call(`put ${key}`, () => store.put(key, copy, condition));
    },
    delete: (keys) => call(`delete ${keys.join(' ')}`, () => store.delete(keys)),
    list: (prefix, options) => call(`list ${prefix}`, () => store.list(prefix, options)),
  };
}
