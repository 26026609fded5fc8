import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createQueueNames } from '../../queue-names.ts';
import { parseCommandResponse } from './command-response.ts';
import { pickAges, pickAliasObjects, pickQueueObjects } from './queue-objects.ts';

const parse = (value: unknown) =>
  parseCommandResponse(Buffer.from(JSON.stringify(value)), 'application/json;charset=utf-8');
const item = (parameters: object) => ({ completionCode: 0, reasonCode: 0, parameters });
const failedItem = (reasonCode: number, message: string) => ({
  completionCode: 2,
  reasonCode,
  message: [message],
});
const overall = (completion: number, reason: number) => ({
  overallCompletionCode: completion,
  overallReasonCode: reason,
});
const QUEUE = { queue: 'Q', type: 'QLOCAL', curdepth: 2 };

describe('the answer to a command', () => {
  it('has an object for each match', () => {
    expect(parse({ commandResponse: [item(QUEUE)], ...overall(0, 0) })).toEqual({
      kind: 'response',
      objects: [QUEUE],
      failures: [],
      isNotFound: false,
    });
  });

  it.each([
    { commandResponse: [failedItem(2085, 'AMQ8147E: IBM MQ object X not found.')], ...overall(2, 3008) },
    { commandResponse: [], ...overall(2, 3008) },
    { commandResponse: [], ...overall(2, 2085) },
    { commandResponse: [], ...overall(0, 3008) },
  ])('says in %j that there is nothing, which is no failure', (value) => {
    expect(parse(value)).toEqual({ kind: 'response', objects: [], failures: [], isNotFound: true });
  });

  it.each([
    { commandResponse: [], overallCompletionCode: 0, overAllReasonCode: 0 },
    { commandResponse: null, ...overall(0, 0) },
    { commandResponse: [] },
  ])('displays nothing in %j, and does not say that there is nothing', (value) => {
    expect(parse(value)).toEqual({ kind: 'response', objects: [], failures: [], isNotFound: false });
  });

  it.each([
    [{ commandResponse: [], ...overall(2, 2059) }, 2059, undefined],
    [{ commandResponse: [], overallCompletionCode: 2, overAllReasonCode: 2543 }, 2543, undefined],
    [
      { commandResponse: [failedItem(2035, 'AMQ8135E: Not authorized.')], ...overall(2, 3008) },
      2035,
      'AMQ8135E',
    ],
    [
      { commandResponse: [failedItem(3008, 'AMQ8405I: Syntax error.')], ...overall(2, 3008) },
      3008,
      'AMQ8405I',
    ],
    [{ commandResponse: [{ completionCode: 2, reasonCode: 2009, message: 'text' }] }, 2009, undefined],
    [{ commandResponse: [], ...overall(0, 2059) }, 2059, undefined],
    [{ commandResponse: [], ...overall(1, 2161) }, 2161, undefined],
    [{ commandResponse: [], ...overall(-1, 2161) }, 2161, undefined],
    [{ commandResponse: [], overallReasonCode: 2543 }, 2543, undefined],
    [{ commandResponse: [], overallReasonCode: 'text' }, -1, undefined],
    [{ commandResponse: [], ...overall(2, 0) }, 0, undefined],
    [{ commandResponse: [failedItem(2085, 'AMQ8147E')], ...overall(2, 2059) }, 2059, undefined],
  ])('is a failure although the status is 200: %j', (value, reasonCode, messageId) => {
    expect(parse(value)).toMatchObject({ objects: [], failures: [{ reasonCode, messageId }] });
  });

  it('may be partly a failure', () => {
    const damaged = failedItem(2101, 'AMQ8149S: IBM MQ object B damaged.');
    expect(parse({ commandResponse: [item(QUEUE), damaged], ...overall(2, 3008) })).toMatchObject({
      objects: [QUEUE],
      failures: [{ reasonCode: 2101, messageId: 'AMQ8149S' }],
    });
  });

  it('may be a failure as a whole although objects came along', () => {
    expect(parse({ commandResponse: [item(QUEUE)], ...overall(2, 2161) })).toMatchObject({
      objects: [QUEUE],
      failures: [{ reasonCode: 2161 }],
      isNotFound: false,
    });
  });

  it.each([
    { commandResponse: [item({ curdepth: 5 })], ...overall(0, 0) },
    {},
    [],
    null,
    'text',
    { queue: [] },
    { commandResponse: {} },
    { commandResponse: [{ completionCode: 0, reasonCode: 0, text: ['QUEUE(Q)'] }] },
    { commandResponse: 'x', ...overall(0, 0) },
  ])('is not %j', (value) => {
    expect(parse(value)).toMatchObject({ kind: 'unreadable' });
  });

  it('is read without an error whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json().map((text) => Buffer.from(text)),
          fc
            .record({ commandResponse: fc.array(fc.jsonValue({ maxDepth: 2 })) })
            .map((value) => Buffer.from(JSON.stringify(value))),
          fc.uint8Array(),
        ),
        (bytes) => {
          const response = parseCommandResponse(bytes, 'application/json');
          if (response.kind === 'unreadable') {
            expect(response.reason).not.toBe('');
            return;
          }
          const all = createQueueNames(['*']);
          for (const { depth } of pickQueueObjects(
            response.objects,
            pickAges(response.objects),
            all,
          ).values())
            expect(depth).toBeGreaterThan(0);
          pickAliasObjects(response.objects);
        },
      ),
    );
  });
});

describe('the objects of an answer', () => {
  const ALL = createQueueNames(['*']);
  const pick = (objects: readonly object[], names = ALL) => [
    ...pickQueueObjects(objects, new Map([['Q', 65]]), names).values(),
  ];

  it('give depth, age, readers and inhibited gets', () => {
    expect(pick([{ ...QUEUE, ipprocs: 1, get: 'DISABLED', usage: 'NORMAL', deftype: 'PREDEFINED' }])).toEqual(
      [{ queue: 'Q', depth: 2, oldestMessageAgeMs: 65_000, openInputCount: 1, getInhibited: true }],
    );
    expect(pick([{ QUEUE: 'P', CURDEPTH: '3', IPPROCS: [''], GET: 'ENABLED' }])).toEqual([
      { queue: 'P', depth: 3 },
    ]);
  });

  it.each([{ usage: 'XMITQ' }, { deftype: 'TEMPDYN' }, { queue: 'SYSTEM.Q' }])(
    'leave %j out unless it is named',
    (more) => {
      const object = { ...QUEUE, ...more };
      expect(pick([object])).toEqual([]);
      expect(pick([object], createQueueNames([object.queue]))).toHaveLength(1);
    },
  );

  it.each([0, -1, '', 'many', null, 1.5])('leave a queue out whose depth is %j', (curdepth) => {
    expect(pick([{ ...QUEUE, curdepth }])).toEqual([]);
  });

  it('know no age that is no number of seconds', () => {
    expect([
      ...pickAges([{ queue: 'A', msgage: '' }, { queue: 'B', msgage: 7 }, { queue: 'C', msgage: '9' }, {}]),
    ]).toEqual([
      ['B', 7],
      ['C', 9],
    ]);
  });

  it('name targets of aliases by either word', () => {
    const objects = [
      { queue: 'A', target: 'Q' },
      { queue: 'B', targq: 'P', get: 'DISABLED' },
      { queue: 'C', target: ' ' },
    ];
    expect([...pickAliasObjects(objects)]).toEqual([
      ['A', { target: 'Q', getInhibited: false }],
      ['B', { target: 'P', getInhibited: true }],
    ]);
  });
});
