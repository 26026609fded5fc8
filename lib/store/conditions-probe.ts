import { asETag, type ETag, type PutCondition, type PutResult } from '../object-store/object-store.ts';
import { nonceOf } from './document.ts';
import { resolvedPut } from './resolved-put.ts';
import { repeated, StoreUnusableError, type StoreContext } from './store-context.ts';

/** The object store does not honour conditions: two writers would overwrite each other unnoticed. */
export class ConditionsIgnoredError extends StoreUnusableError {}

const HINT =
  'Nothing was read or written beside the scratch object. IBM Cloud Object Storage honours If-Match and If-None-Match on PUT; of other servers use one that does (for Ceph set COS_ETAG_QUOTES=strip).';

/**
 * Proves on the real store, with a scratch object, that conditions are honoured: create-only is refused where something
 * is, a stale version is refused, the right one is accepted. Seven requests.
 * @throws {ConditionsIgnoredError} the store must not be used.
 * @throws {ObjectStoreError} the store could not be used; nothing is proved.
 */
export async function probeConditions(context: StoreContext): Promise<void> {
  const key = `probe/${context.random.uuid()}.json`;
  const put = (condition?: PutCondition): Promise<PutResult> => {
    const nonce = context.random.uuid();
    const isOurs = (body: Uint8Array): boolean => nonceOf(body) === nonce;
    return resolvedPut(context, { key, body: JSON.stringify({ nonce }), condition, isOurs });
  };
  try {
    const first = await put();
    if (first.kind !== 'written') throw ignored('it refused to write without any condition');
    if ((await put({ ifNoneMatch: '*' })).kind !== 'conflict')
      throw ignored('it overwrote an object that was to be created only');
    if ((await put({ ifMatch: staleOf(first.etag) })).kind !== 'conflict')
      throw ignored('it overwrote an object whose version was not the given one');
    if ((await put({ ifMatch: first.etag })).kind !== 'written')
      throw ignored('it refused to overwrite an object whose version was the given one');
    if ((await put({ ifMatch: first.etag })).kind !== 'conflict')
      throw ignored('it overwrote an object whose version had just changed');
  } finally {
    await repeated(context, () => context.objects.delete([key])).catch(() => undefined);
  }
}

function ignored(what: string): ConditionsIgnoredError {
  return new ConditionsIgnoredError({
    code: 'misconfigured',
    detail: `The object store does not honour conditional writes: ${what}. ${HINT}`,
  });
}

/** A mark of the same form that no object has: its characters turned round. */
function staleOf(etag: string): ETag {
  const inner = etag.replaceAll('"', '');
  const turned =
    inner.split('').toReversed().join('') === inner ? `${inner}0` : inner.split('').toReversed().join('');
  return asETag(etag.startsWith('"') ? `"${turned}"` : turned);
}
