import type { ObjectStore } from '../object-store/object-store.ts';
import type { Logger } from '../platform/logging.ts';
import { parseOriginalDocument } from '../registration/original-document.ts';
import { probeConditions } from './conditions-probe.ts';
import type { StoredDocument } from './document.ts';
import type { Leases } from './lease.ts';
import { refusedKey } from './keys.ts';
import { contentHash, withHash, type Meta } from './meta.ts';
import { eachOf } from './registration-reader.ts';
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
   * @throws {StoreFormatError} the store is newer than the program.
   * @throws {ObjectStoreError} the store could not be used; the next call tries again.
   */
  readonly ready: () => Promise<void>;
  /** Takes in what somebody else wrote to the original's document since. Answers what hinders, in words, or nothing. */
  readonly takeOriginal: () => Promise<string | undefined>;
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
const LEASE_MS = 60_000;
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
  return { ready, takeOriginal: () => takeOriginal(deps) };
}

/** True when a document of the original was never looked for: only the first use does, and `persist` afterwards. */
const originalIsNew = (meta: Meta): boolean => meta.originals.length === 0;

const seedsAreNew = (deps: MergeDeps, meta: Meta): boolean =>
  deps.seedData !== undefined && !meta.seeds.includes(contentHash(deps.seedData));

async function mergeAtFirstUse(deps: MergeDeps): Promise<void> {
  const { context, meta, leases } = deps;
  await proveConditions(deps);
  const endMs = context.clock.nowMs() + context.patienceMs;
  for (;;) {
    const current = await meta.read();
    if (!originalIsNew(current) && !seedsAreNew(deps, current)) return;
    const answer = await leases.take('merge', LEASE_MS);
    if (answer.kind === 'taken') {
      try {
        return await mergeHolding(deps, answer.lease.assertHeld);
      } finally {
        await answer.lease.release();
      }
    }
    if (context.clock.nowMs() >= endMs) return;
    await context.clock.sleep(WAIT_MS);
  }
}

/** @throws {ConditionsIgnoredError} the store must not be used. */
async function proveConditions({ context, meta, storeMark }: MergeDeps): Promise<void> {
  if (storeMark === undefined || (await meta.read()).proved.includes(contentHash(storeMark))) return;
  await probeConditions(context);
  await meta.update((current) => withHash(current, 'proved', contentHash(storeMark)));
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

/** What hinders, in words, or nothing. */
async function takeOriginal(
  deps: MergeDeps,
  assertHeld: () => void = () => undefined,
): Promise<string | undefined> {
  const { original } = deps;
  const found = original && (await repeated(deps.context, () => original.objects.get(original.key)));
  const looked = (): Promise<Meta> => deps.meta.update((meta) => withHash(meta, 'originals', LOOKED));
  if (found?.kind !== 'found') {
    await looked();
    return undefined;
  }
  const content = Buffer.from(found.body).toString('utf8');
  if ((await deps.meta.read()).originals.includes(contentHash(content))) return undefined;
  const damage = await take(deps, 'originals', content, assertHeld);
  // A document that cannot be read is nobody's to overwrite: its content stays unknown.
  if (damage === undefined) return undefined;
  await looked();
  return `the document ${original?.key} cannot be read and is left alone: ${damage}; repair it or move it away`;
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
  const counts = { imported: 0, existing: 0, repaired: 0 };
  await eachOf(parsed.drafts, CREATES_AT_ONCE, async (draft) => {
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
