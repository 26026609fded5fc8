import { expect, it } from 'vitest';
import { keepingLogger, testStore } from '../../test/support/test-store.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { createTargetGuard } from '../../lib/delivery/target-guard.ts';
import { anEvent } from '../../lib/events/events-test-support.ts';
import { noEvents } from '../../lib/events/events.ts';
import { decodeCall } from '../../lib/platform/function-call/decode-call.ts';
import type { Clock } from '../../lib/platform/clock.ts';
import type { RegisterDeps } from './action.ts';
import { replayDeadLetters } from './dead-letters.ts';

/** A store with two dead letters, and a replay that sees the time of `clock`. */
async function withDeadLetters() {
  const store = testStore({ clock: createVirtualClock() });
  const { outbox } = store;
  for (const name of ['a', 'b']) await outbox.add('all', outbox.nextStamp(), anEvent(name));
  for (const entry of (await outbox.list()).entries.get('all') ?? []) {
    await outbox.deadLetters.bury(entry, { ...anEvent('a'), id: entry.eventId }, 'no reason');
    await outbox.remove([entry.key]);
  }
  const replay = (clock: Clock) => {
    const deps: RegisterDeps = {
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
    };
    const call = decodeCall({ __ce_method: 'POST', __ce_path: '/admin/dead-letters/replay' });
    return replayDeadLetters(deps, { call, actor: 'test', id: undefined });
  };
  return { store, replay };
}

it('a replay that has no time for all asks to be called again, and then answers what it did', async () => {
  const { store, replay } = await withDeadLetters();
  const { clock } = store.context;
  const late: Clock = { ...clock, nowMs: () => clock.nowMs() - 45_000 };
  expect(await replay(late)).toEqual({
    problem: {
      code: 'unavailable',
      detail: 'There was no time for 2 dead letters, 0 were put back; call again.',
      headers: { 'retry-after': '1' },
    },
  });
  expect(await replay(clock)).toEqual({ status: 200, body: { replayed: 2, damaged: [] } });
});
