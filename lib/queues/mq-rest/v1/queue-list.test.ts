import { describe, expect, it } from 'vitest';
import { createQueueNames } from '../../queue-names.ts';
import { parseQueueList, pickAliases, pickQueues } from './queue-list.ts';

const JSON_TYPE = 'application/json;charset=utf-8';

const parse = (value: unknown, contentType: string | undefined = JSON_TYPE) =>
  parseQueueList(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), contentType);

const depthsOf = (value: unknown, contentType?: string): Record<string, number> | string => {
  const list = parse(value, contentType);
  if (list.kind === 'unreadable') return list.reason;
  const queues = pickQueues(list.entries, createQueueNames(['*']));
  return Object.fromEntries([...queues.values()].map(({ queue, depth }) => [queue, depth]));
};

const local = (name: unknown, currentDepth: unknown, more: object = {}) => ({
  name,
  type: 'local',
  status: { currentDepth },
  ...more,
});

describe('what is kept of a list of queues', () => {
  it('keeps local queues with messages, under their exact names', () => {
    const queue = [local('DEV.QUEUE.1', 3), local('dev.queue.1', 4), local('A/B_%', 5)];
    expect(depthsOf({ queue })).toEqual({ 'DEV.QUEUE.1': 3, 'dev.queue.1': 4, 'A/B_%': 5 });
  });

  it('leaves the queues of MQ itself out, by prefix only', () => {
    const queue = [local('SYSTEM.AUTH.DATA.QUEUE', 94), local('PAYSYSTEM.IN', 7), local('SYSTEMS', 1)];
    expect(depthsOf({ queue })).toEqual({ 'PAYSYSTEM.IN': 7, SYSTEMS: 1 });
  });

  it('leaves temporary dynamic queues, transmission queues and those that are not local out', () => {
    const queue = [
      local('DYN.1', 2, { dynamic: { type: 'permanentDynamic' } }),
      local('DYN.2', 2, { dynamic: { type: 'temporaryDynamic' } }),
      local('TO.QM2', 2, { general: { isTransmissionQueue: true } }),
      local('ALIAS', 2, { type: 'alias' }),
      local('REMOTE', 2, { type: 'remote' }),
      local('CLUSTER', 2, { type: 'cluster' }),
      local('MODEL', 2, { type: 'model' }),
      local('NOTHING', 2, { type: undefined }),
      local('NUMBER', 2, { type: 7 }),
      local('KEPT', 2, { dynamic: { type: 7 } }),
    ];
    expect(depthsOf({ queue })).toEqual({ 'DYN.1': 2, KEPT: 2 });
  });

  it.each([
    0,
    -1,
    1.5,
    1e300,
    9007199254740992,
    null,
    true,
    '',
    '-1',
    '1.5',
    '1e3',
    ' 5',
    '9007199254740992',
    [5, 6],
    {},
  ])('leaves a queue out whose depth is %j', (depth) => {
    expect(depthsOf({ queue: [local('Q', depth)] })).toEqual({});
  });

  it.each([
    ['5', 5],
    ['005', 5],
    [[5], 5],
    [9007199254740991, 9007199254740991],
  ])('takes %j as a depth', (depth, expected) => {
    expect(depthsOf({ queue: [local('Q', depth)] })).toEqual({ Q: expected });
  });

  it.each(['', 'A B', 'Q\n1', 'Ä', 'X'.repeat(49), 7, null, ['Q']])(
    'leaves a queue out whose name is %j',
    (name) => {
      expect(depthsOf({ queue: [local(name, 1), local('Q', 1)] })).toEqual({ Q: 1 });
    },
  );

  it('takes the highest depth of a name that comes twice, wherever it stands', () => {
    expect(
      depthsOf({ queue: [local('A', 1), local('A', 9), local('A', 4), local('B', 9), local('B', 1)] }),
    ).toEqual({
      A: 9,
      B: 9,
    });
  });

  it('skips entries that are not objects', () => {
    expect(depthsOf({ queue: [null, 1, 'Q', [local('L', 1)], local('Q', 1)] })).toEqual({ Q: 1 });
  });

  it('reads keys in any case, the exact one first', () => {
    const upper = { QUEUE: [{ Name: 'Q', TYPE: 'LOCAL', Status: { currentdepth: 2 } }] };
    expect(depthsOf(upper)).toEqual({ Q: 2 });
    expect(
      depthsOf({ queue: [{ NAME: 'WRONG', name: 'RIGHT', type: 'local', status: { currentDepth: 1 } }] }),
    ).toEqual({
      RIGHT: 1,
    });
  });

  it('gets nothing from keys of the prototype', () => {
    const own = '{"name":"P","type":"local","status":{"currentDepth":1}}';
    const inherited = '{"__proto__":{"name":"Q","type":"local","status":{"currentDepth":1}}}';
    expect(depthsOf(`{"queue":[${inherited},${own}]}`)).toEqual({ P: 1 });
  });

  it('takes an empty list as no messages', () => {
    expect(depthsOf({ queue: [] })).toEqual({});
    expect(depthsOf({ queue: [], error: null })).toEqual({});
  });
});

describe('of what is asked for', () => {
  const pick = (names: readonly string[], ...queue: readonly object[]) => [
    ...pickQueues(queue, createQueueNames(names)).values(),
  ];

  it('only what is wanted is kept, by name or by its beginning', () => {
    const queue = ['A.1', 'A.2', 'B', 'SYSTEM.A'].map((name) => local(name, 1));
    expect(pick(['A.*', 'B'], ...queue).map((reading) => reading.queue)).toEqual(['A.1', 'A.2', 'B']);
    expect(pick(['a.1', 'B.1'], ...queue)).toEqual([]);
  });

  it.each([
    local('SYSTEM.X', 2),
    local('TO.QM2', 2, { general: { isTransmissionQueue: true } }),
    local('DYN', 2, { dynamic: { type: 'temporaryDynamic' } }),
  ])('what nobody means by a pattern counts when it is named exactly: %j', (entry) => {
    const name = String(entry.name);
    expect(pick(['*', `${name.slice(0, 2)}*`], entry)).toEqual([]);
    expect(pick([name], entry)).toHaveLength(1);
  });

  it('age, readers and inhibited gets are taken as far as they are known', () => {
    const known = {
      status: { currentDepth: 2, oldestMessageAge: 65, openInputCount: 3 },
      general: { inhibitGet: true },
    };
    expect(pick(['Q'], local('Q', 2, known))).toEqual([
      { queue: 'Q', depth: 2, oldestMessageAgeMs: 65_000, openInputCount: 3, getInhibited: true },
    ]);
    const unknown = {
      status: { currentDepth: 2, oldestMessageAge: -1, openInputCount: '' },
      general: { inhibitGet: false },
    };
    expect(pick(['Q'], local('Q', 2, unknown))).toEqual([{ queue: 'Q', depth: 2 }]);
  });

  it('aliases are taken with their targets', () => {
    const entries = [
      { name: 'A', type: 'alias', alias: { targetName: 'Q' } },
      { name: 'I', type: 'alias', alias: { targetName: 'P' }, general: { inhibitGet: true } },
      { name: 'B', type: 'alias', alias: { targetName: '' } },
      { name: 'C', type: 'alias' },
      { name: 7, alias: { targetName: 'Q' } },
    ];
    expect([...pickAliases(entries)]).toEqual([
      ['A', { target: 'Q', getInhibited: false }],
      ['I', { target: 'P', getInhibited: true }],
    ]);
  });
});

describe('what is no list of queues', () => {
  it.each([
    ['[]', /not an object/],
    ['null', /not an object/],
    ['"queue"', /not an object/],
    ['{"queue":{}}', /not a list/],
    ['{"queue":"Q"}', /not a list/],
    ['{"queue":0}', /not a list/],
    ['{"queue":null}', /not a list/],
    ['{}', /not a list/],
    ['{"other":1}', /not a list/],
    ['{"queue":[{"name":"Q"}],"error":[{"msgId":"MQWB0004E"}]}', /error report/],
    ['{"queue":[{},null,["Q"],{"name":7}]}', /has a name/],
    ['{"error":[{"msgId":"MQWB0009E"}]}', /error report/],
    ['', /empty/],
    ['   ', /not valid JSON/],
    ['{"queue":[{"name":"Q","ty', /25 bytes are not valid JSON/],
    ['{"queue":[]} and more', /not valid JSON/],
    ['<html></html>', /not valid JSON/],
  ])('says why %j cannot be read', (body, reason) => {
    expect(depthsOf(body)).toMatch(reason);
  });

  it.each([
    'application/json',
    'application/json;charset=utf-8',
    'Application/JSON ; charset=ISO-8859-1',
    'text/json',
    'application/problem+json',
    ' application/json',
  ])('takes the content type %j as JSON', (contentType) => {
    expect(depthsOf({ queue: [local('Q', 1)] }, contentType)).toEqual({ Q: 1 });
  });

  it.each([
    'text/html',
    'text/html; charset=json',
    'application/jsonp',
    'json',
    '',
    'application/octet-stream',
  ])('does not take the content type %j as JSON', (contentType) => {
    expect(depthsOf({ queue: [local('Q', 1)] }, contentType)).toMatch(/content type/);
  });

  it('survives lists in lists without end', () => {
    expect(depthsOf('['.repeat(1_000_000))).toMatch(/not valid JSON/);
    expect(depthsOf(`{"queue":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toMatch(/has a name/);
  });

  it('needs a content type', () => {
    expect(parseQueueList(Buffer.from('{}'), undefined)).toEqual({
      kind: 'unreadable',
      reason: 'it has no content type',
    });
  });

  it('reads on past a byte order mark and bytes that are not UTF-8', () => {
    const body = Buffer.concat([
      Buffer.from('\ufeff{"queue":[{"name":"'),
      Buffer.from([0xff]),
      Buffer.from('"}]}'),
    ]);
    expect(parseQueueList(body, JSON_TYPE)).toMatchObject({ kind: 'queues', entries: [{}] });
  });
});
