import { ObjectStoreError, type ObjectStore } from '../lib/object-store/object-store.ts';
import { naturalId } from '../lib/registration/registration-id.ts';
import type { RegistrationDraft } from '../lib/registration/original-document.ts';
import type { S3Server } from '../test/support/s3-cluster.ts';
import { newBucket, newInstance } from './bucket.ts';
import { markdownTable, median, ms, quantile, times } from './table.ts';

/** What one way of registering came to: calls a second, and how long each took in milliseconds. */
interface Measured {
  readonly perSecond: number;
  readonly tookMs: readonly number[];
  readonly throttled: number;
}

type Register = (draft: RegistrationDraft) => Promise<void>;

const MEASURED_MS = 4_000;
const ROUNDS = 3;
const CALLERS = [1, 16, 64, 128];

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

/** Callers that each register, and then at once the next. */
async function measure(callers: number, register: Register): Promise<Measured> {
  const tookMs: number[] = [];
  let throttled = 0;
  const startedMs = performance.now();
  const caller = async (): Promise<void> => {
    while (performance.now() - startedMs < MEASURED_MS) {
      const beganMs = performance.now();
      try {
        await register(aDraft());
        tookMs.push(performance.now() - beganMs);
      } catch (error) {
        if (!(error instanceof ObjectStoreError)) throw error;
        throttled += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { perSecond: (tookMs.length * 1000) / (performance.now() - startedMs), tookMs, throttled };
}

/** What the store is measured against: all registrations in one document, read and written back under its ETag. */
function oneDocument(objects: ObjectStore): Register {
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

/** One PUT of the same size, and nothing else: what no store can beat. */
function barePut(objects: ObjectStore): Register {
  return async (draft) => {
    const body = JSON.stringify({ ...draft, format: 1, revision: '00000000-0000-4000-8000-000000000000' });
    await objects.put(`bare/${draft.id}`, body);
  };
}

/** Registers per second and their times, beside one document under compare-and-set and beside bare PUTs, in turns. */
export async function benchRegisters(server: S3Server): Promise<string> {
  const rows = [
    [
      'callers',
      'registers/s',
      'one document/s',
      'ratio',
      'p50 ms',
      'p99 ms',
      'bare PUT/s',
      'bare p99 ms',
      'p99 ratio',
      'refused',
    ],
  ];
  for (const callers of CALLERS) {
    const ours: Measured[] = [];
    const document: Measured[] = [];
    const bare: Measured[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const store = newInstance(await newBucket(server));
      ours.push(await measure(callers, async (draft) => void (await store.registrations.put(draft))));
      document.push(await measure(callers, oneDocument(await newBucket(server))));
      bare.push(await measure(callers, barePut(await newBucket(server))));
    }
    const rate = (all: readonly Measured[]): number => median(all.map(({ perSecond }) => perSecond));
    const p = (all: readonly Measured[], part: number): number =>
      median(all.map(({ tookMs }) => quantile(tookMs, part)));
    rows.push([
      String(callers),
      rate(ours).toFixed(0),
      rate(document).toFixed(1),
      times(rate(ours) / rate(document)),
      ms(p(ours, 0.5)),
      ms(p(ours, 0.99)),
      rate(bare).toFixed(0),
      ms(p(bare, 0.99)),
      times(p(ours, 0.99) / p(bare, 0.99)),
      String(ours.reduce((sum, { throttled }) => sum + throttled, 0)),
    ]);
  }
  return markdownTable(rows);
}
