import { ObjectStoreError, type ETag } from '../object-store/object-store.ts';
import { parseContent, type OutboxContent, type OutboxEntry } from './outbox-entry.ts';
import { repeated, type StoreContext } from './store-context.ts';
import { jsonOf } from './stored-json.ts';

/** An entry's object. `gone`: sent or dropped meanwhile. `damaged`: there, and cannot be understood. */
export type EntryRead = { readonly content: OutboxContent; readonly etag: ETag } | 'gone' | 'damaged';

/** What is longer was not written by us. */
const ENTRY_BYTES_MAX = 4 * 1024 * 1024;

/** Reads and checks what an outbox or the dead letters hold under one key. */
export async function readEntry(context: StoreContext, entry: OutboxEntry): Promise<EntryRead> {
  if (entry.sizeBytes > ENTRY_BYTES_MAX) return 'damaged';
  try {
    const result = await repeated(context, () => context.objects.get(entry.key));
    if (result.kind !== 'found') return 'gone';
    const content = parseContent(jsonOf(result.body), entry.eventId);
    return content === undefined ? 'damaged' : { content, etag: result.etag };
  } catch (error) {
    // The store is well and will not give this one object.
    if (error instanceof ObjectStoreError && error.code === 'refused') return 'damaged';
    throw error;
  }
}
