import { describe, expect, it } from 'vitest';
import { aCall, cycleDeps } from '../../test/support/test-cycles.ts';
import { aDraft, keepingLogger, testStore } from '../../test/support/test-store.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { runPersistCycle } from '../../lib/cycle/persist-cycle.ts';
import { createTargetGuard } from '../../lib/delivery/target-guard.ts';
import { noEvents } from '../../lib/events/events.ts';
import { createMemoryObjectStore } from '../../lib/object-store/memory/memory-object-store.ts';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import type { Clock } from '../../lib/platform/clock.ts';
import { decodeCall } from '../../lib/platform/function-call/decode-call.ts';
import type { HttpAnswer } from '../../lib/platform/function-call/http-call.ts';
import { asRegistrationId } from '../../lib/registration/registration.ts';
import { statusOf } from '../../lib/registration/state.ts';
import { registrationKey } from '../../lib/store/keys.ts';
import type { RegisterDeps } from './action.ts';
import { createRegisterHandler } from './handler.ts';

const NONE = { imported: 0, overwritten: 0, existing: 0, repaired: 0, refused: [] };

/** A store with a backup of `a` and of `b`, which is in quarantine, and an API that sees the time of `clock`. */
async function scene(objects: ObjectStore = createMemoryObjectStore()) {
  const clock = createVirtualClock();
  const store = testStore({ objects, clock });
  const { registrations } = store;
  await registrations.put(aDraft({ id: 'a', consent: { origin: 'o', rate: 5 } }));
  await registrations.put(
    aDraft({ id: 'b', inherited: { failures: 3, quarantinedUntilMs: clock.nowMs() + 1000 } }),
  );
  await runPersistCycle(cycleDeps(store), aCall());
  const [name = ''] = (await store.backups.list()).map((backup) => backup.name);
  const call = (method: string, target: string, at: Clock = clock): Promise<HttpAnswer> => {
    const [path, query] = target.split('?');
    const params = { __ce_method: method, __ce_path: path, __ce_query: query };
    return createRegisterHandler(depsOver(store, at))(decodeCall(params));
  };
  const restore = (overwrite = false, at: Clock = clock) =>
    call('POST', `/admin/backups/${name}/restore${overwrite ? '?overwrite=true' : ''}`, at);
  const read = async (id: string) => (await registrations.get(asRegistrationId(id)))?.registration;
  return { clock, objects, store, registrations, name, call, restore, read };
}

const depsOver = (store: RegisterDeps['store'], clock: Clock): RegisterDeps => ({
  store,
  events: noEvents,
  guard: createTargetGuard({ allowHttp: false, allowTargets: [] }),
  access: () => ({ allowed: true, actor: 'test' }),
  resolve: async () => [],
  askConsent: undefined,
  webhookOrigin: undefined,
  queueManagers: [],
  mode: 'all',
  log: keepingLogger(clock).log,
  clock,
});

describe('restoring a backup', () => {
  it('brings back what is gone or damaged, as it was, and leaves the rest alone', async () => {
    const { objects, registrations, name, restore, read } = await scene();
    await registrations.put(aDraft({ id: 'a', queue: 'CHANGED' }));
    await registrations.put(aDraft({ id: 'new' }));
    await registrations.remove(asRegistrationId('b'));
    const all = { ...NONE, backup: name };
    expect(await restore()).toEqual({ status: 200, body: { ...all, imported: 1, existing: 1 } });
    const restored = await read('b');
    expect(restored && statusOf(restored)).toBe('quarantined');
    expect(restored?.state.failures).toBe(3);
    await objects.put(`mq-observer/${registrationKey(asRegistrationId('b'))}`, '{');
    expect(await restore()).toEqual({ status: 200, body: { ...all, existing: 1, repaired: 1 } });
    expect((await read('a'))?.record.queue).toBe('CHANGED');
    expect(await read('new')).toBeDefined();
  });

  it('puts back what differs where that is asked for, and does so once', async () => {
    const { registrations, name, restore, read } = await scene();
    const before = (await read('a'))?.record.revision;
    await registrations.put(aDraft({ id: 'b', lastUpdatedMs: 1_800_000_000_000 }));
    await registrations.put(aDraft({ id: 'new' }));
    const all = { ...NONE, backup: name };
    expect(await restore(true)).toEqual({ status: 200, body: { ...all, overwritten: 1, existing: 1 } });
    expect((await read('b'))?.state).toMatchObject({ failures: 3, quarantinedUntilMs: expect.any(Number) });
    expect((await read('a'))?.record.revision).toBe(before);
    expect(await read('new')).toBeDefined();
    expect(await restore(true)).toEqual({ status: 200, body: { ...all, existing: 2 } });
  });

  it('keeps the consent of a target that stays the same, and of no other', async () => {
    const { registrations, restore, read } = await scene();
    const consent = { origin: 'o', rate: 7 };
    await registrations.put(aDraft({ id: 'a', queue: 'CHANGED', consent }));
    await registrations.put(aDraft({ id: 'b', notify: 'https://other.example/', consent }));
    expect(await restore(true)).toMatchObject({ body: { overwritten: 2 } });
    expect((await read('a'))?.record).toMatchObject({ queue: 'DEV.QUEUE.1', consent });
    expect((await read('b'))?.record).not.toHaveProperty('consent');
  });

  it('leaves alone what is registered anew meanwhile', async () => {
    const memory = createMemoryObjectStore();
    const key = `mq-observer/${registrationKey(asRegistrationId('a'))}`;
    let meanwhile: (() => Promise<unknown>) | undefined;
    const put: ObjectStore['put'] = async (...args) => {
      const first = args[0] === key ? meanwhile : undefined;
      if (first !== undefined) meanwhile = undefined;
      await first?.();
      return memory.put(...args);
    };
    const { registrations, restore, read } = await scene({ ...memory, put });
    await registrations.put(aDraft({ id: 'a', queue: 'EARLIER' }));
    meanwhile = () => registrations.put(aDraft({ id: 'a', queue: 'LATER' }));
    expect(await restore(true)).toMatchObject({ body: { overwritten: 0, existing: 2 } });
    expect((await read('a'))?.record.queue).toBe('LATER');
  });

  it('that has no time for all asks to be called again, and goes on then', async () => {
    const { clock, registrations, restore, read } = await scene();
    await registrations.flush(Number.POSITIVE_INFINITY);
    const start = clock.nowMs();
    let looks = 0;
    // It starts, looks before the first entry, and finds its time over before the second.
    const late: Clock = { ...clock, nowMs: () => (looks++ < 2 ? start : start + 45_000) };
    expect(await restore(false, late)).toEqual({
      problem: {
        code: 'unavailable',
        detail: 'There was no time for 1 of 2 entries; call again: what is back already is left alone.',
        headers: { 'retry-after': '1' },
      },
    });
    expect(await restore()).toMatchObject({ status: 200, body: { imported: 1, existing: 1 } });
    expect([await read('a'), await read('b')]).not.toContain(undefined);
  });

  it('of which a bit flipped changes nothing and says so', async () => {
    const { objects, registrations, name, restore } = await scene();
    const key = `mq-observer/backups/${name}.json`;
    const found = await objects.get(key);
    const text = found.kind === 'found' ? Buffer.from(found.body).toString() : '';
    await objects.put(key, text.replace('QM1', 'QM3'));
    await registrations.flush(Number.POSITIVE_INFINITY);
    expect(await restore(true)).toMatchObject({
      problem: { code: 'unavailable', detail: expect.stringMatching(/damaged.*checksum/) },
    });
    expect((await registrations.readAll()).stored).toEqual([]);
  });

  it.each([
    ['2020-01-01T00-00-00.000Z/restore', 'not-found'],
    ['..%2fmeta/restore', 'not-found'],
    ['latest/restore?overwrite=perhaps', 'invalid-request'],
  ])('answers %s with %s', async (path, code) => {
    const { call } = await scene();
    expect(await call('POST', `/admin/backups/${path}`)).toMatchObject({ problem: { code } });
  });
});

it('backups are listed with name, time and size', async () => {
  const { call, clock, name } = await scene();
  expect(await call('GET', '/admin/backups')).toEqual({
    status: 200,
    body: {
      backups: [
        { name, created: new Date(clock.nowMs()).toISOString(), size_bytes: expect.any(Number) as number },
      ],
    },
  });
});
