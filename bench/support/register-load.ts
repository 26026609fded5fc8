import { ObjectStoreError, type ObjectStore } from '../../lib/object-store/object-store.ts';
import type { RegistrationDraft } from '../../lib/registration/original-document.ts';
import { naturalId } from '../../lib/registration/registration-id.ts';
import type { Store } from '../../lib/store/store.ts';
import { quantile } from '../form/statistics.ts';

/** One way to register. */
export type Register = (draft: RegistrationDraft) => Promise<void>;

/** What one way of registering came to in one round. */
export interface RegisterLoad {
  readonly perSecond: number;
  readonly p99Ms: number;
}

let drafts = 0;

function aDraft(): RegistrationDraft {
  drafts += 1;
  const given = {
    qmgr: `QM${drafts % 10}`,
    queue: `APP.QUEUE.${drafts}`,
    notify: `https://app.example/${drafts}`,
  };
  return { ...given, id: naturalId(given.qmgr, given.queue, given.notify), lastUpdatedMs: 1_800_000_000_000 };
}

/** So many callers for so long, each of which registers, and then at once the next. */
export async function loadOf(callers: number, forMs: number, register: Register): Promise<RegisterLoad> {
  const tookMs: number[] = [];
  const startedMs = performance.now();
  const caller = async (): Promise<void> => {
    while (performance.now() - startedMs < forMs) {
      const beganMs = performance.now();
      try {
        await register(aDraft());
        tookMs.push(performance.now() - beganMs);
      } catch (error) {
        // Refused for now: it does not count.
        if (!(error instanceof ObjectStoreError)) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const perSecond = (tookMs.length * 1000) / (performance.now() - startedMs);
  return { perSecond, p99Ms: quantile(tookMs, 0.99) };
}

/** Ours. */
export function intoStore(store: Store): Register {
  return async (draft) => void (await store.registrations.put(draft));
}

/** One PUT of the same size, and nothing else: what no store can beat. */
export function barePut(objects: ObjectStore): Register {
  return async (draft) => {
    const body = JSON.stringify({ ...draft, format: 1, revision: '00000000-0000-4000-8000-000000000000' });
    await objects.put(`bare/${draft.id}`, body);
  };
}

/** All registrations in one document, read and written back under its ETag. */
export function oneDocument(objects: ObjectStore): Register {
  return async (draft) => {
    for (;;) {
      const found = await objects.get('registrations.json');
      const all =
        found.kind === 'found'
          ? (JSON.parse(Buffer.from(found.body).toString()) as Record<string, unknown>)
          : {};
      const body = JSON.stringify({ ...all, [draft.id]: draft });
      const condition =
        found.kind === 'found' ? ({ ifMatch: found.etag } as const) : ({ ifNoneMatch: '*' } as const);
      const put = await objects.put('registrations.json', body, condition).catch((error: unknown) => {
        // The server answers 500 to some who lose the race: the same as a conflict.
        if (error instanceof ObjectStoreError) return { kind: 'conflict' as const };
        throw error;
      });
      if (put.kind === 'written') return;
    }
  };
}
