import type { ObjectStore } from '../../lib/object-store/object-store.ts';

/** A bare LIST: all keys of a prefix, page after page. */
export async function keysBelow(objects: ObjectStore, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for (let startAfter = ''; ;) {
    const page = await objects.list(prefix, startAfter === '' ? {} : { startAfter });
    keys.push(...page.objects.map(({ key }) => key));
    const last = page.objects.at(-1)?.key;
    if (!page.truncated || last === undefined) return keys;
    startAfter = last;
  }
}
