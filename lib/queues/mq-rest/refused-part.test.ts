import { describe, expect, it } from 'vitest';
import type { Scope } from './less-each-time.ts';
import { judgeRefusal } from './refused-part.ts';

const SCOPE: Scope = { filtered: true, basic: ['get', 'usage'], optional: ['a.age', 'readers'] };
const UNFILTERED: Scope = { ...SCOPE, filtered: false };
const BARE: Scope = { ...UNFILTERED, optional: [] };
const UNNAMED = { msgId: 'MQWB0120E' };

const judge = (report: object, scope: Scope, status = 400, type = 'application/json') =>
  judgeRefusal(
    {
      ...{ status, headers: { 'content-type': type }, truncated: false },
      body: Buffer.from(JSON.stringify({ error: [report] })),
    },
    scope,
  );

const FILTER = { filter: true, attributes: [] };
const drop = (...attributes: readonly string[]) => ({ filter: false, attributes });

describe('what a refusal is about', () => {
  it.each([
    [{ message: "'AGE' is not valid" }, SCOPE, drop('a.age')],
    [{ message: 'Attribute a.age' }, SCOPE, drop('a.age')],
    [{ message: "'get' is not valid" }, SCOPE, drop('get')],
    [{ ...UNNAMED, message: 'usage is not valid' }, SCOPE, drop('usage')],
    [{ ...UNNAMED, explanation: 'readers' }, UNFILTERED, drop('readers')],
  ])('is the one attribute that is named: %j', (report, scope, refused) => {
    expect(judge(report, scope).refused).toEqual(refused);
  });

  it.each([
    { message: "The 'filter' query parameter" },
    { message: 'the filter on age' },
    { message: 'status.currentDepth:greaterThan:0 cannot be used' },
    { message: 'something is not taken' },
    { message: 'DISPLAY QLOCAL(*) WHERE(CURDEPTH GT 0) GET USAGE' },
    { ...UNNAMED, message: 'get, usage, age and readers' },
  ])('is the filter first where the request is repeated, or nothing is named: %j', (report) => {
    expect(judge(report, SCOPE).refused).toEqual(FILTER);
  });

  it.each(['widgets in usages', 'messages', 'could not get it in this usage', 'the readership', 'age_2'])(
    'is no attribute in words that only contain it: %s',
    (message) => {
      expect(judge({ message }, SCOPE).refused).toEqual(FILTER);
      expect(judge({ message }, UNFILTERED).refused).toEqual(drop('a.age', 'readers'));
      expect(judge({ message }, BARE).refused).toBeUndefined();
    },
  );

  it('may be any attribute, those that tell whether a queue counts last, when the message says attribute', () => {
    expect(judge(UNNAMED, SCOPE).refused).toEqual(drop('a.age', 'readers'));
    expect(judge(UNNAMED, BARE).refused).toEqual(drop('get', 'usage'));
    expect(judge(UNNAMED, { ...BARE, basic: [] }).refused).toBeUndefined();
  });

  it.each([
    [{ ...UNNAMED, reasonCode: 2538 }, 400],
    [{ message: 'filter', reasonCode: 3015 }, 400],
    [{ message: 'filter', reasonCode: 2059 }, 400],
    [UNNAMED, 500],
    [UNNAMED, 404],
    [UNNAMED, 429],
  ])('is not the request when the queue manager or the server has trouble: %j, %i', (report, status) => {
    expect(judge(report, SCOPE, status).refused).toBeUndefined();
  });

  it('may be the API, but not what is no answer of MQ', () => {
    expect(judge({}, BARE)).toMatchObject({ code: 'rejected', notOffered: true });
    expect(judge({ message: 'filter' }, SCOPE, 400, 'text/html')).toMatchObject({ code: 'unreadable' });
    expect(judge({ message: 'filter' }, SCOPE, 400, 'text/html').refused).toBeUndefined();
  });
});
