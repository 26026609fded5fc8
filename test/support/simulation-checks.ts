import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import { createMemoryObjectStore } from '../../lib/object-store/memory/memory-object-store.ts';
import { parseOriginalDocument } from '../../lib/registration/original-document.ts';
import { toStoredForm, type WireRegistration } from '../../lib/registration/wire.ts';
import { SHARDS } from '../../lib/store/keys.ts';
import { testStore } from './test-store.ts';
import type { World } from './simulation-world.ts';

/** What a reader without any cache and without any code of the store sees. */
export interface PlainRead {
  readonly records: ReadonlyMap<string, PlainRecord>;
  /** What cycles learned, by id, whether or not it counts. */
  readonly learned: ReadonlyMap<string, PlainState>;
}

interface PlainRecord {
  readonly id: string;
  readonly revision: string;
  readonly notify: string;
}

interface PlainState {
  readonly revision: string;
  readonly failures: number;
  readonly quarantinedUntilMs?: number;
  readonly ended?: string;
}

const PREFIX = 'mq-observer/';

export async function textOf(objects: ObjectStore, key: string): Promise<string | undefined> {
  const found = await objects.get(key);
  return found.kind === 'found' ? Buffer.from(found.body).toString() : undefined;
}

async function keysUnder(objects: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for (let startAfter = ''; ;) {
    const page = await objects.list(prefix, { startAfter });
    keys.push(...page.objects.map(({ key }) => key));
    startAfter = keys.at(-1) ?? '';
    if (!page.truncated) return keys;
  }
}

async function jsonUnder(objects: ObjectStore, prefix: string, but = /^$/): Promise<unknown[]> {
  const keys = (await keysUnder(objects, PREFIX + prefix)).filter((key) => !but.test(key));
  const texts = await Promise.all(keys.map((key) => textOf(objects, key)));
  return texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as unknown]));
}

export async function readPlainly(objects: ObjectStore): Promise<PlainRead> {
  const records = (await jsonUnder(objects, 'registrations/')) as PlainRecord[];
  const states = (await jsonUnder(objects, 'state/')) as { entries: Record<string, PlainState> }[];
  return {
    records: new Map(records.map((record) => [record.id, record])),
    learned: new Map(states.flatMap(({ entries }) => Object.entries(entries))),
  };
}

/** What counts of what was learned about a registration: nothing, if it is about another revision. */
export function learnedOf(plain: PlainRead, id: string): PlainState | undefined {
  const learned = plain.learned.get(id);
  return learned?.revision === plain.records.get(id)?.revision ? learned : undefined;
}

/** Expects that nobody holds a lease: all were given back, or have run out long ago. */
export async function expectLeasesFree({ objects, clock }: World): Promise<void> {
  // Of a range that no split has any more nobody takes the lease, and it runs out.
  const leases = (await jsonUnder(objects, 'leases/', /\/notify-[^/]*$/)) as {
    free: boolean;
    expiresAtMs: number;
  }[];
  expect(leases.length).toBeGreaterThan(0);
  const isHeld = (lease: (typeof leases)[number]): boolean =>
    !lease.free && clock.nowMs() <= lease.expiresAtMs + 5_000;
  expect(leases.filter(isHeld)).toEqual([]);
}

/** Expects that no registration has more failures than its target saw failed wake-ups of this very revision. */
export function expectFailuresEarned(plain: PlainRead, world: World): void {
  for (const [id, record] of plain.records) {
    const failed = world.wakeUps.filter((one) => one.revision === record.revision && !one.succeeded).length;
    const failures = learnedOf(plain, id)?.failures ?? 0;
    expect({ id, failures: Math.min(failures, failed) }).toEqual({ id, failures });
  }
}

/**
 * Expects of a store that was just persisted, and in which nothing goes on, that all its forms tell the same: a cold
 * read, the plain objects, the snapshot, a backup, the original's document, and that document imported into an
 * empty store.
 */
export async function expectConsistent(world: World): Promise<PlainRead> {
  const { objects } = world;
  const plain = await readPlainly(objects);
  const reader = testStore({ objects, clock: world.clock });
  const all = await reader.registrations.readAll();
  expect([...all.damaged, ...all.state.damaged]).toEqual([]);
  expect(new Map(all.records.map(({ record }) => [record.id as string, record]))).toEqual(plain.records);
  for (const { record, registration } of all.stored)
    expect(registration.state.failures).toBe(
      learnedOf(plain, record.id)?.failures ?? record.inherited?.failures ?? 0,
    );
  expect(byId((await reader.snapshot.load(SHARDS)).map(({ record }) => record))).toEqual(
    byId([...plain.records.values()]),
  );
  const exported = byId(all.stored.map(({ registration }) => toStoredForm(registration)));
  const document = await textOf(objects, 'storeddata');
  expect(byId(entriesOf(document))).toEqual(exported);
  await expectBackupOf(objects, exported);
  expect(await importedInto(createMemoryObjectStore(), document ?? '')).toEqual(exported);
  expectFailuresEarned(plain, world);
  return plain;
}

/** Expects that a backup is whole and holds this. Which is the latest its name does not tell once a clock was put back. */
async function expectBackupOf(objects: ObjectStore, exported: readonly WireRegistration[]): Promise<void> {
  const held: WireRegistration[][] = [];
  for (const key of (await keysUnder(objects, `${PREFIX}backups/`)).toReversed()) {
    const text = (await textOf(objects, key)) ?? '';
    expect(parseOriginalDocument(text, 0)).toMatchObject({ ok: true, refused: [] });
    held.push(byId(entriesOf(text)));
    if (isDeepStrictEqual(held.at(-1), exported)) return;
  }
  expect(held).toContainEqual(exported);
}

function entriesOf(document: string | undefined): WireRegistration[] {
  const { mq_requests } = JSON.parse(document ?? '{"mq_requests":[]}') as { mq_requests: WireRegistration[] };
  return mq_requests;
}

function byId<T extends { readonly id: string }>(entries: readonly T[]): T[] {
  return entries.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

async function importedInto(objects: ObjectStore, document: string): Promise<WireRegistration[]> {
  const store = testStore({ objects });
  const parsed = parseOriginalDocument(document, 0);
  if (!parsed.ok) throw new Error(parsed.message);
  expect(parsed.refused).toEqual([]);
  for (const draft of parsed.drafts) await store.registrations.importOne(draft);
  const { stored } = await store.registrations.readAll();
  return byId(stored.map(({ registration }) => toStoredForm(registration)));
}
