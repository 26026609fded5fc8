import { describe, expect, it } from 'vitest';
import { createToldCauseList, parseToldCauses, WINDOW_MS } from './told-causes.ts';

const nothing = parseToldCauses(undefined);
const a = { kind: 'state-write/bug', detail: 'a' };

describe('the causes that were told', () => {
  it('are news once per window', () => {
    const list = createToldCauseList(nothing);
    const first = list.newsOf(a, 5 * WINDOW_MS);
    expect(first).toMatchObject({ windowStartMs: 5 * WINDOW_MS });
    expect(list.newsOf(a, 6 * WINDOW_MS - 1)).toBeUndefined();
    expect(list.newsOf({ ...a, detail: 'b' }, 6 * WINDOW_MS - 1)).toBeDefined();
    const next = list.newsOf(a, 6 * WINDOW_MS);
    expect(next).toMatchObject({ windowStartMs: 6 * WINDOW_MS });
    expect(next?.id).not.toBe(first?.id);
  });

  it('give the same news to all who meet them in the same window', () => {
    const early = createToldCauseList(nothing).newsOf(a, 5 * WINDOW_MS + 1);
    const late = createToldCauseList(nothing).newsOf(a, 6 * WINDOW_MS - 1);
    expect(late).toEqual(early);
    expect(late?.id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('are handed on through JSON to the next run', () => {
    const list = createToldCauseList(nothing);
    list.newsOf(a, WINDOW_MS);
    const next = createToldCauseList(parseToldCauses(JSON.parse(JSON.stringify(list.told()))));
    expect(next.newsOf(a, WINDOW_MS + 1)).toBeUndefined();
    expect(next.newsOf({ ...a, detail: 'b' }, WINDOW_MS + 1)).toBeDefined();
  });

  it('are told by their kind only once there are 200, and stay small', () => {
    const list = createToldCauseList(nothing);
    const told = Array.from({ length: 1000 }, (_, n) =>
      list.newsOf({ kind: 'wake-up/bug', detail: String(n) }, WINDOW_MS),
    );
    expect(told.filter((news) => news !== undefined)).toHaveLength(201);
    expect(list.newsOf({ kind: 'another/bug', detail: '' }, WINDOW_MS)).toBeDefined();
    expect(list.told().marks).toHaveLength(200);
    expect(JSON.stringify(list.told()).length).toBeLessThan(5000);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'x'],
    ['no window', { marks: [] }],
    ['a window that is no whole number', { window: 1.5, marks: [] }],
    ['marks that are no list', { window: 1, marks: 'x' }],
    ['marks of another form', { window: 0, marks: [1, null, 'x', {}] }],
  ])('count for nothing when %s was handed on', (_, value) => {
    expect(parseToldCauses(value)).toEqual({ window: 0, marks: [] });
  });

  it('are read back up to 200, whoever wrote them', () => {
    const marks = Array.from({ length: 5000 }, (_, n) => n.toString(16).padStart(16, '0'));
    expect(parseToldCauses({ window: 1, marks }).marks).toHaveLength(200);
  });
});
