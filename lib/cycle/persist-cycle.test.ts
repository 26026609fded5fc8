import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../object-store/memory/memory-object-store.ts';
import type { ObjectStore } from '../object-store/object-store.ts';
import { parseOriginalDocument } from '../registration/original-document.ts';
import { asRegistrationId } from '../registration/registration.ts';
import { BACKUPS_KEPT } from '../store/backups.ts';
import {
  aCall,
  cycleDeps,
  notifyDeps,
  scriptedChannel,
  settableDepths,
} from '../../test/support/test-cycles.ts';
import { aDraft, testStore } from '../../test/support/test-store.ts';
import { seededRandomness } from '../../test/support/seeded-randomness.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { runNotifyCycle } from './notify-cycle.ts';
import { runPersistCycle } from './persist-cycle.ts';

function scene() {
  const clock = createVirtualClock();
  const objects = createMemoryObjectStore();
  const store = testStore({ objects, clock });
  const persist = () => runPersistCycle(cycleDeps(store), aCall());
  return { clock, objects, store, persist };
}

async function textOf(objects: ObjectStore, key: string): Promise<string> {
  const found = await objects.get(key);
  if (found.kind !== 'found') throw new Error(`${key} is not there`);
  return Buffer.from(found.body).toString();
}

const keysUnder = async (objects: ObjectStore, prefix: string): Promise<string[]> =>
  (await objects.list(prefix)).objects.map(({ key }) => key);

describe('the persist cycle', () => {
  it('writes the document of the original, a checksummed backup and the snapshot when anything changed', async () => {
    const { clock, objects, store, persist } = scene();
    await store.registrations.put(aDraft({ id: 'a' }));
    expect(await persist()).toMatchObject({
      outcome: 'completed',
      changed: true,
      registrations: { total: 1 },
    });
    const document: unknown = JSON.parse(await textOf(objects, 'storeddata'));
    expect(document).toMatchObject({
      mq_requests: [{ id: 'a', failcount: 0, backoff: '0001-01-01T00:00:00Z' }],
    });
    const [backup] = await keysUnder(objects, 'mq-observer/backups/');
    const parsed = parseOriginalDocument(await textOf(objects, backup ?? ''), clock.nowMs());
    expect(parsed.ok && parsed.drafts.map(({ id }) => id)).toEqual(['a']);
    expect(JSON.parse(await textOf(objects, 'mq-observer/snapshot/all.json'))).toMatchObject({
      records: [{}],
    });
  });

  it('writes nothing but lease and report when nothing changed', async () => {
    const { objects, store, persist } = scene();
    await store.registrations.put(aDraft());
    await persist();
    const before = await objects.list('');
    expect(await persist()).toMatchObject({ changed: false, backup: null });
    const after = await objects.list('');
    const changed = after.objects.filter(
      ({ key, etag }) => before.objects.find((o) => o.key === key)?.etag !== etag,
    );
    expect(changed.map(({ key }) => key)).toEqual([
      'mq-observer/leases/persist.json',
      'mq-observer/reports/persist.json',
    ]);
  });

  it('notices state that changed as well', async () => {
    const { store, persist } = scene();
    await store.registrations.put(aDraft({ id: 'a' }));
    await persist();
    const queues = settableDepths();
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    const channel = scriptedChannel();
    channel.answerWith(() => ({ kind: 'answered', status: 400 }));
    await runNotifyCycle(notifyDeps(store, { queues, channel }), aCall());
    expect(await persist()).toMatchObject({ changed: true });
  });

  it('keeps the newest backups', async () => {
    const { clock, objects, store, persist } = scene();
    for (let index = 0; index < BACKUPS_KEPT + 3; index++) {
      clock.advance(60_000);
      await store.registrations.put(aDraft({ id: `r${index}` }));
      await persist();
    }
    expect(await keysUnder(objects, 'mq-observer/backups/')).toHaveLength(BACKUPS_KEPT);
  });

  it('takes in what the original wrote since, and never merges back what it wrote itself', async () => {
    const { objects, store, persist } = scene();
    await store.registrations.put(aDraft({ id: 'ours' }));
    await persist();
    await store.registrations.remove(asRegistrationId('ours'));
    await persist();
    expect(await store.registrations.get(asRegistrationId('ours'))).toBeUndefined();
    const entry = {
      id: 'theirs',
      qmgr: 'QM1',
      queue: 'Q',
      notify: 'job-1',
      failcount: 3,
      backoff: '0001-01-01T00:00:00Z',
    };
    await objects.put(
      'storeddata',
      JSON.stringify({ mq_requests: [entry], last_updated: '2026-01-01T00:00:00Z' }),
    );
    await persist();
    expect((await store.registrations.get(asRegistrationId('theirs')))?.registration.state.failures).toBe(3);
    expect(JSON.parse(await textOf(objects, 'storeddata'))).toMatchObject({
      mq_requests: [{ id: 'theirs', failcount: 3 }],
    });
  });

  it('forgets what is known of registrations that are gone', async () => {
    const { objects, store, persist } = scene();
    const id = asRegistrationId('a');
    await store.registrations.put(aDraft({ id }));
    const queues = settableDepths();
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    const channel = scriptedChannel();
    channel.answerWith(() => ({ kind: 'answered', status: 400 }));
    await runNotifyCycle(notifyDeps(store, { queues, channel }), aCall());
    await store.registrations.remove(id);
    await persist();
    const [shard] = await keysUnder(objects, 'mq-observer/state/');
    expect(JSON.parse(await textOf(objects, shard ?? ''))).toMatchObject({ entries: {} });
    expect(await persist()).toMatchObject({ changed: false });
  });

  it('finds damage that caches hide, shard by shard', async () => {
    const { clock, objects, store } = scene();
    await store.registrations.put(aDraft({ id: 'hurt' }));
    const [key = ''] = await keysUnder(objects, 'mq-observer/registrations/');
    // The same ETag over another body: what a bit flip on a disk looks like.
    const whole = await objects.get(key);
    const rotten: ObjectStore = {
      ...objects,
      get: async (asked, options) => {
        const found = await objects.get(asked, options);
        return found.kind === 'found' && asked === key ? { ...found, body: Buffer.from('{') } : found;
      },
    };
    expect(whole.kind).toBe('found');
    await runPersistCycle(cycleDeps(store), aCall());
    const rottenStore = testStore({ objects: rotten, clock, random: seededRandomness(2) });
    const damaged = new Set<string>();
    for (let index = 0; index < 16; index++) {
      clock.advance(60_000);
      await rottenStore.registrations.put(aDraft({ id: `other${index}` }));
      const report = await runPersistCycle(cycleDeps(rottenStore), aCall());
      if ('registrations' in report) for (const found of report.registrations.damaged) damaged.add(found);
    }
    expect([...damaged]).toEqual([key.replace('mq-observer/', '')]);
  });

  it('leaves backups and the document of the original alone while part of the state is unknown', async () => {
    const { clock, objects, store, persist } = scene();
    await store.registrations.put(aDraft({ id: 'a' }));
    const queues = settableDepths();
    queues.set('QM1', { 'DEV.QUEUE.1': 1 });
    const channel = scriptedChannel();
    channel.answerWith(() => ({ kind: 'answered', status: 410 }));
    await runNotifyCycle(notifyDeps(store, { queues, channel }), aCall());
    await persist();
    const before = [await textOf(objects, 'storeddata'), await keysUnder(objects, 'mq-observer/backups/')];
    const [shard = ''] = await keysUnder(objects, 'mq-observer/state/');
    await objects.put(shard, '{"half":');
    clock.advance(60_000);
    await store.registrations.put(aDraft({ id: 'b' }));
    const report = await persist();
    expect(report.outcome).toBe('partial');
    expect(report.problems?.join()).toContain('delete the object; what was learned of its registrations');
    expect([await textOf(objects, 'storeddata'), await keysUnder(objects, 'mq-observer/backups/')]).toEqual(
      before,
    );
    await objects.delete([shard]);
    expect(await persist()).toMatchObject({ outcome: 'completed', changed: true });
  });

  it('forgets nothing of a registration that came while it was reading', async () => {
    const { clock, objects } = scene();
    const other = testStore({ objects, clock, random: seededRandomness(5) });
    let listed = false;
    const busy: ObjectStore = {
      ...objects,
      list: async (prefix, options) => {
        const page = await objects.list(prefix, options);
        if (prefix !== 'mq-observer/state/' || listed) return page;
        listed = true;
        // Between what persist reads of the state and of the registrations, one is made and retired.
        await other.registrations.put(aDraft({ id: 'late' }));
        const queues = settableDepths();
        queues.set('QM1', { 'DEV.QUEUE.1': 1 });
        const channel = scriptedChannel();
        channel.answerWith(() => ({ kind: 'answered', status: 410 }));
        await runNotifyCycle(notifyDeps(other, { queues, channel }), aCall());
        return page;
      },
    };
    await runPersistCycle(
      cycleDeps(testStore({ objects: busy, clock, random: seededRandomness(6) })),
      aCall(),
    );
    const late = await other.registrations.get(asRegistrationId('late'));
    expect(late?.registration.state.ended).toBe('retired');
  });
});
