import { describe, expect, it } from 'vitest';
import { listAll, pageOf, readProject, readRun } from './answers.ts';

const asIs = (item: unknown): unknown => item;

describe('a listing', () => {
  it('is read to its end', async () => {
    const pages = [{ start: 'b' }, { start: 'c' }, undefined];
    const asked: (string | undefined)[] = [];
    const all = await listAll(
      'jobs',
      async (start) => {
        asked.push(start);
        return pageOf({ jobs: [asked.length], next: pages[asked.length - 1] }, 'jobs');
      },
      asIs,
    );
    expect(all).toEqual([1, 2, 3]);
    expect(asked).toEqual([undefined, 'b', 'c']);
  });

  it('that repeats a page is told, not followed', async () => {
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return { items: [], next: asked % 2 === 0 ? 'a' : 'b' };
    };
    await expect(listAll('jobs', ask, asIs)).rejects.toMatchObject({
      code: 'protocol',
      message: 'the listing of jobs repeats a page',
    });
    expect(asked).toBe(3);
  });

  it('that never ends is told, not followed', async () => {
    let asked = 0;
    const ask = async () => ({ items: [], next: String((asked += 1)) });
    await expect(listAll('jobs', ask, asIs)).rejects.toMatchObject({
      code: 'protocol',
      message: 'the listing of jobs has no end: 50 pages were read',
    });
    expect(asked).toBe(50);
  });

  it.each([undefined, null, '', 'text', [], {}, { jobs: {} }, { projects: [] }])('%j is none', (result) => {
    expect(() => pageOf(result, 'jobs')).toThrow('the answer holds no list of jobs');
  });

  it.each([{ next: null }, { next: {} }, { next: { start: '' } }, { next: { start: 7 } }, {}])(
    'with %j has ended',
    (rest) => {
      expect(pageOf({ jobs: [], ...rest }, 'jobs').next).toBeUndefined();
    },
  );
});

it.each([null, 'x', {}, { id: 1 }, { id: '../x', status: 'active' }, { id: 'a/b' }, { id: 'x'.repeat(129) }])(
  'project %j is passed over: its id could not stand in a path',
  (item) => {
    expect(readProject(item)).toBeUndefined();
  },
);

it.each([
  ['pending', true],
  ['running', true],
  ['unheard_of', true],
  [undefined, true],
  [7, true],
  ['Running', true],
  ['completed', false],
  ['failed', false],
  ['Completed', false],
  ['FAILED', false],
])('a run whose status is %s: active %s', (status, isActive) => {
  expect(readRun({ name: 'r', status }, 0)).toMatchObject({ name: 'r', isActive });
});

const HOUR_MS = 3_600_000;

it.each([
  ['unheard_of', 2 * HOUR_MS - 1, true],
  ['unheard_of', 2 * HOUR_MS, false],
  [undefined, 2 * HOUR_MS, false],
  ['running', 24 * HOUR_MS, true],
  ['completed', 1, false],
])('a run whose status is %s, created %i ms ago: active %s', (status, ageMs, isActive) => {
  const created = { name: 'r', status, created_at: '2026-01-01T00:00:00Z' };
  const createdAtMs = Date.parse(created.created_at);
  expect(readRun(created, createdAtMs + ageMs)).toMatchObject({ isActive, createdAtMs });
});

it.each([undefined, '', 'yesterday', 7, null])('a run created at %j has no known time', (created_at) => {
  expect(readRun({ name: 'r', created_at }, 0)).toMatchObject({ createdAtMs: undefined });
});
