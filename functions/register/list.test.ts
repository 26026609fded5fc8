import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { aDraft, keepingLogger, testStore } from '../../test/support/test-store.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { noEvents } from '../../lib/events/events.ts';
import { createTargetGuard } from '../../lib/delivery/target-guard.ts';
import type { HttpAnswer } from '../../lib/platform/function-call/http-call.ts';
import { decodeCall } from '../../lib/platform/function-call/decode-call.ts';
import type { WireRegistration } from '../../lib/registration/wire.ts';
import type { Store } from '../../lib/store/store.ts';
import type { RegisterDeps } from './action.ts';
import { listRegistrations } from './list.ts';

interface Page {
  readonly mq_requests: readonly WireRegistration[];
  readonly next?: string;
}

let store: Store;
beforeEach(() => {
  store = testStore();
});

const list = (query: string): Promise<HttpAnswer> => {
  const clock = createVirtualClock();
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
  const call = decodeCall({ __ce_method: 'GET', __ce_path: '/register', __ce_query: query });
  return listRegistrations(deps, { call, actor: 'test', id: undefined });
};
const page = async (query: string): Promise<Page> => {
  const answer = await list(query);
  if ('problem' in answer) throw new Error(answer.problem.detail);
  return answer.body as Page;
};
const idsOf = ({ mq_requests }: Page): string[] =>
  mq_requests.map(({ id }) => id).toSorted((a, b) => (a < b ? -1 : 1));
/** All pages of a list from a cursor on, and how many there were. */
const walk = async (
  query: string,
  from?: string,
): Promise<{ readonly ids: readonly string[]; readonly pages: number }> => {
  const ids: string[] = [];
  let cursor = from;
  for (let pages = 1; pages <= 100; pages++) {
    const { mq_requests, next } = await page(cursor === undefined ? query : `${query}&cursor=${cursor}`);
    ids.push(...mq_requests.map(({ id }) => id));
    if (next === undefined) return { ids, pages };
    cursor = next;
  }
  throw new Error('the list has no end');
};
const registerAll = async (drafts: readonly Parameters<typeof aDraft>[0][]): Promise<void> => {
  for (const draft of drafts) await store.registrations.put(aDraft(draft));
};

describe('the list', () => {
  it('is empty where nothing is registered, and has no next page', async () => {
    expect(await page('')).toEqual({ mq_requests: [] });
  });

  it('has every registration once, in pages of any size, whatever the ids are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc
            .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
            .filter((id) => /^[^\p{Cc}\p{Cs}]+$/u.test(id)),
          { maxLength: 20 },
        ),
        fc.integer({ min: 1, max: 7 }),
        async (ids, limit) => {
          store = testStore();
          await registerAll(ids.map((id) => ({ id })));
          const walked = await walk(`limit=${limit}`);
          expect(new Set(walked.ids)).toEqual(new Set(ids));
          expect(walked.ids).toHaveLength(ids.length);
          expect(walked.pages).toBe(Math.max(1, Math.ceil(ids.length / limit)));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is filtered by queue manager, queue and state, exactly and together', async () => {
    await registerAll([
      { id: 'a', qmgr: 'QM1', queue: 'Q.1' },
      { id: 'b', qmgr: 'QM1', queue: 'Q.2' },
      { id: 'c', qmgr: 'QM2', queue: 'Q.1', inherited: { failures: 10, quarantinedUntilMs: 4e12 } },
      { id: 'd', qmgr: 'qm1', queue: 'Q.11', inherited: { failures: 0, retiredReason: 'gone' } },
    ]);
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['', ['a', 'b', 'c', 'd']],
      ['qmgr=QM1', ['a', 'b']],
      ['queue=Q.1', ['a', 'c']],
      ['qmgr=QM1&queue=Q.1', ['a']],
      ['state=active', ['a', 'b']],
      ['state=quarantined', ['c']],
      ['state=retired', ['d']],
      ['state=active&qmgr=QM2', []],
      ['qmgr=', []],
      ['qmgr=toString', []],
    ];
    for (const [query, ids] of cases) expect([query, idsOf(await page(query))]).toEqual([query, ids]);
  });

  it('goes on after its cursor although registrations come and go meanwhile', async () => {
    await registerAll(Array.from({ length: 9 }, (_, index) => ({ id: `id-${index}` })));
    const first = await page('limit=4');
    const [gone] = first.mq_requests;
    await store.registrations.remove(aDraft({ id: gone?.id ?? '' }).id);
    await registerAll([{ id: 'new' }]);
    const rest = await walk('limit=4', first.next);
    const seen = [...first.mq_requests.map(({ id }) => id), ...rest.ids];
    expect(new Set(seen).size).toBe(seen.length);
    for (let index = 0; index < 9; index++) expect(seen).toContain(`id-${index}`);
  });

  it('has no next page when the last one is just full', async () => {
    await registerAll(['a', 'b'].map((id) => ({ id })));
    expect(await page('limit=2')).not.toHaveProperty('next');
    expect(await page('limit=1')).toHaveProperty('next');
    expect(await page('limit=1000')).not.toHaveProperty('next');
  });

  it('shows header values to nobody', async () => {
    await registerAll([{ id: 'a', delivery: { headers: { authorization: 'hunter2' } } }]);
    const text = JSON.stringify(await page(''));
    expect(text).toContain('"authorization":"***"');
    expect(text).not.toMatch(/hunter2|enc:1:/);
  });

  it.each([
    ['limit=0', 'limit must be a whole number from 1 to 1000'],
    ['limit=1001', 'limit must be a whole number from 1 to 1000'],
    ['limit=', 'limit must be a whole number from 1 to 1000'],
    ['limit=-1', 'limit must be a whole number from 1 to 1000'],
    ['limit=1.5', 'limit must be a whole number from 1 to 1000'],
    ['limit=1e2', 'limit must be a whole number from 1 to 1000'],
    ['limit=ten', 'limit must be a whole number from 1 to 1000'],
    ['state=dropped', 'state must be one of active, quarantined, retired'],
    ['state=', 'state must be one of active, quarantined, retired'],
    ['state=ACTIVE', 'state must be one of active, quarantined, retired'],
    ['cursor=xyz', 'cursor must be the "next" of an earlier answer'],
    ['cursor=%00', 'cursor must be the "next" of an earlier answer'],
    [
      `cursor=${Buffer.from('state/0.json').toString('base64url')}`,
      'cursor must be the "next" of an earlier answer',
    ],
  ])('asked with %s answers what is wrong', async (query, detail) => {
    const field = detail.split(' ')[0];
    expect(await list(query)).toEqual({
      problem: {
        code: 'invalid-request',
        detail,
        errors: [{ field, message: detail.slice(detail.indexOf(' ') + 1) }],
      },
    });
  });
});
