import {
  asETag,
  ObjectStoreError,
  type ETag,
  type PutCondition,
  type PutResult,
} from '../object-store/object-store.ts';
import { nonceOf } from './document.ts';
import { resolvedPut } from './resolved-put.ts';
import { StoreUnusableError, type StoreContext } from './store-context.ts';

/** The object store does not honour conditions: two writers would overwrite each other unnoticed. */
export class ConditionsIgnoredError extends StoreUnusableError {}

const USE_ANOTHER =
  'IBM Cloud Object Storage honours If-Match and If-None-Match on PUT: use it, or another server that does.';
const SET_QUOTES =
  "Set COS_ETAG_QUOTES to `strip` for Ceph's gateway, which wants its ETags without quotes, and to `keep` for all others.";

/**
 * Proves on the real store, with scratch objects, that conditions are honoured: create-only succeeds where nothing is and
 * is refused where something is; the right version is accepted; a wrong one, an old one and one of nothing are refused.
 * Six PUTs and two DELETEs.
 * @throws {ConditionsIgnoredError} the store must not be used.
 * @throws {ObjectStoreError} the store could not be used; nothing is proved.
 */
export async function probeConditions(context: StoreContext): Promise<void> {
  const key = `probe/${context.random.uuid()}.json`;
  const absentKey = `probe/${context.random.uuid()}.json`;
  try {
    const first = await put(context, key, { ifNoneMatch: '*' });
    if (first.kind === 'conflict') throw ignored('it refused to create an object that was not there');
    if ((await put(context, key, { ifNoneMatch: '*' })).kind === 'written')
      throw ignored('it overwrote an object that was to be created only');
    if ((await put(context, key, { ifMatch: staleOf(first.etag) })).kind === 'written')
      throw ignored('it overwrote an object whose version was not the given one');
    if ((await put(context, key, { ifMatch: first.etag })).kind === 'conflict')
      throw ignored('it refused to overwrite an object whose version was the given one', SET_QUOTES);
    if ((await put(context, key, { ifMatch: first.etag })).kind === 'written')
      throw ignored('it overwrote an object whose version had just changed');
    if ((await put(context, absentKey, { ifMatch: first.etag })).kind === 'written')
      throw ignored('it wrote an object that was to be overwritten and was not there');
  } finally {
    // One attempt: left behind, they harm nobody.
    await context.objects.delete([key, absentKey]).catch(() => undefined);
  }
}

async function put(context: StoreContext, key: string, condition: PutCondition): Promise<PutResult> {
  const nonce = context.random.uuid();
  const isOurs = (body: Uint8Array): boolean => nonceOf(body) === nonce;
  try {
    return await resolvedPut(context, { key, body: JSON.stringify({ nonce }), condition, isOurs });
  } catch (error) {
    // Some servers know no conditions and at least say so.
    if (error instanceof ObjectStoreError && error.code === 'refused') throw ignored(error.message);
    throw error;
  }
}

function ignored(what: string, advice = USE_ANOTHER): ConditionsIgnoredError {
  return new ConditionsIgnoredError({
    code: 'misconfigured',
    detail: `The object store does not honour conditional writes: ${what}. Nothing but a scratch object was written. ${advice}`,
  });
}

/** A mark of the same form that no object has. */
function staleOf(etag: ETag): ETag {
  const inner = etag.replaceAll('"', '');
  const reversed = inner.split('').toReversed().join('');
  const stale = reversed === inner ? `${inner}0` : reversed;
  return asETag(etag.startsWith('"') ? `"${stale}"` : stale);
}
