import { ObjectStoreError, type ObjectStore } from '../object-store/object-store.ts';
import type { Logger } from '../platform/logging.ts';
import { parseOriginalDocument } from '../registration/original-document.ts';
import { probeConditions } from './conditions-probe.ts';
import type { StoredDocument } from './document.ts';
import { LeaseLostError, type Leases } from './lease.ts';
import { refusedKey, registrationKey } from './keys.ts';
import { contentHash, withHash, type Meta } from './meta.ts';
import { eachOf, listRegistrations } from './registration-reader.ts';
import { UnstorableError, type RegistrationStore } from './registration-store.ts';
import { repeated, type StoreContext } from './store-context.ts';

/** Where the document of the original is, outside our prefix. */
export interface OriginalDocument {
  readonly objects: ObjectStore;
  readonly key: string;
}

export interface Merge {
  /**
   * Makes sure that the seeds and the original's document are in the store before anything else is answered: once per
   * content, adding what is not there and erasing nothing. Does its work once per instance, then resolves at once.
   * While another instance is at it nobody is served: what an owner removed meanwhile could come back.
   * @throws {StoreFormatError} the store is newer than the program.
   * @throws {ObjectStoreError} the store could not be used, or the merge is not done yet; the next call goes on.
   */
  readonly ready: () => Promise<void>;
  /**
   * Takes in what somebody else wrote to the original's document since. `assertHeld` is called before each write and
   * throws to stop, for a lease that has run out.
   */
  readonly takeOriginal: (assertHeld: () => void) => Promise<OriginalSeen>;
}

/** The original's document as it was found: a hash of its content, or `none`; and what hinders taking it, in words. */
export interface OriginalSeen {
  readonly content: string;
  readonly hindrance?: string;
}

interface MergeDeps {
  readonly context: StoreContext;
  readonly meta: StoredDocument<Meta>;
  readonly leases: Leases;
  readonly registrations: RegistrationStore;
  readonly seedData: string | undefined;
  readonly original: OriginalDocument | undefined;
  /** Marks the object store; conditions are proved once for each mark. Absent: it is our own and needs no proof. */
  readonly storeMark: string | undefined;
  readonly log: Logger;
}

/** One merge at a time: so that a slow one cannot bring back what was unregistered after a quick one. */
const LEASE_MS = 20_000;
const WAIT_MS = 250;
const CREATES_AT_ONCE = 16;

export function createMerge(deps: MergeDeps): Merge {
  let done: Promise<void> | undefined;
  const ready = (): Promise<void> => {
    done ??= mergeAtFirstUse(deps).catch((error: unknown) => {
      done = undefined;
      throw error;
    });
    return done;
  };
  return { ready, takeOriginal: (assertHeld) => takeOriginal(deps, assertHeld) };
}

/** True when a document of the original was never looked for: only the first use does, and `persist` afterwards. */
const originalIsNew = (meta: Meta): boolean => meta.originals.length === 0;

const seedsAreNew = (deps: MergeDeps, meta: Meta): boolean =>
  deps.seedData !== undefined && !meta.seeds.includes(contentHash(deps.seedData));

async function mergeAtFirstUse(deps: MergeDeps): Promise<void> {
  const { context, meta, leases } = deps;
  const endMs = context.clock.nowMs() + context.patienceMs;
  let current = await provenMeta(deps);
  for (;;) {
    if (!originalIsNew(current) && !seedsAreNew(deps, current)) return;
    const answer = await leases.take('merge', LEASE_MS);
    if (answer.kind === 'taken') {
      try {
        return await mergeHolding(deps, answer.lease.assertHeld);
      } catch (error) {
        throw error instanceof LeaseLostError ? unfinished(error) : error;
      } finally {
        await answer.lease.release();
      }
    }
    if (context.clock.nowMs() >= endMs) throw unfinished();
    await context.clock.sleep(WAIT_MS);
    current = await meta.read();
  }
}

function unfinished(cause?: LeaseLostError): ObjectStoreError {
  return new ObjectStoreError(
    'unavailable',
    'the seeds or the document of the original are still being taken in: try again in a minute',
    { cause },
  );
}

/** @throws {ConditionsIgnoredError} the store must not be used. */
async function provenMeta({ context, meta, storeMark }: MergeDeps): Promise<Meta> {
  const found = await meta.read();
  if (storeMark === undefined || found.proved.includes(contentHash(storeMark))) return found;
  await probeConditions(context);
  return meta.update((current) => withHash(current, 'proved', contentHash(storeMark)));
}

async function mergeHolding(deps: MergeDeps, assertHeld: () => void): Promise<void> {
  const current = await deps.meta.read();
  if (originalIsNew(current)) await takeOriginal(deps, assertHeld);
  const { seedData } = deps;
  if (seedData === undefined || !seedsAreNew(deps, current)) return;
  await take(deps, 'seeds', seedData, assertHeld);
}

/** What stands for "looked, and there was nothing to take", so that not every start looks again. */
const LOOKED = 'looked';

async function takeOriginal(deps: MergeDeps, assertHeld: () => void): Promise<OriginalSeen> {
  const { original } = deps;
  const found = original && (await repeated(deps.context, () => original.objects.get(original.key)));
  const looked = (): Promise<Meta> => deps.meta.update((meta) => withHash(meta, 'originals', LOOKED));
  if (found?.kind !== 'found') {
    await looked();
    return { content: 'none' };
  }
  const document = Buffer.from(found.body).toString('utf8');
  const content = contentHash(document);
  if ((await deps.meta.read()).originals.includes(content)) return { content };
  const damage = await take(deps, 'originals', document, assertHeld);
  // A document that cannot be read is nobody's to overwrite: its content stays unknown.
  if (damage === undefined) return { content };
  await looked();
  const hindrance = `the document ${original?.key} cannot be read and is left alone: ${damage}; repair it or move it away`;
  return { content, hindrance };
}

async function take(
  deps: MergeDeps,
  list: 'seeds' | 'originals',
  content: string,
  assertHeld: () => void,
): Promise<string | undefined> {
  const parsed = parseOriginalDocument(content, deps.context.clock.nowMs());
  const from = list === 'seeds' ? 'seeddata' : 'object_key';
  if (!parsed.ok) {
    deps.log.warn('document not merged', { from, cause: parsed.message });
    return parsed.message;
  }
  const refused: { readonly entry: number | string; readonly message: string }[] = parsed.refused.map(
    ({ index, message }) => ({ entry: index, message }),
  );
  // Only what is missing is written: a merge that was cut short goes on where it stopped.
  const there = new Set((await listRegistrations(deps.context)).map(({ key }) => key));
  const missing = parsed.drafts.filter(({ id }) => !there.has(registrationKey(id)));
  const counts = { imported: 0, existing: parsed.drafts.length - missing.length, repaired: 0 };
  await eachOf(missing, CREATES_AT_ONCE, async (draft) => {
    assertHeld();
    try {
      counts[await deps.registrations.importOne(draft)] += 1;
    } catch (error) {
      if (!(error instanceof UnstorableError)) throw error;
      refused.push({ entry: draft.id, message: error.message });
    }
  });
  assertHeld();
  // What is refused here would be gone once the document is written anew: so the document itself is kept.
  if (refused.length > 0) await keepCopy(deps.context, content);
  await deps.meta.update((meta) => withHash(meta, list, contentHash(content)));
  deps.log.info('document merged', { from, ...counts, refused: refused.slice(0, 20) });
  return undefined;
}

async function keepCopy(context: StoreContext, content: string): Promise<void> {
  await repeated(context, () => context.objects.put(refusedKey(contentHash(content)), content));
}
