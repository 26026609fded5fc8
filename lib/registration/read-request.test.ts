import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../platform/problem.ts';
import type { Read, Sent } from './read-fields.ts';
import { readIdToRemove, readRegistrationRequest } from './read-request.ts';
import type { RegistrationRequest } from './schema.ts';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const TRIPLE = { qmgr: 'QM1', queue: 'DEV.QUEUE.1', notify: 'https://app.example/hook' };
const ALL_MISSING = [
  'QMGR needs to be specified',
  'QUEUE needs to be specified',
  'NOTIFY needs to be specified',
];

const sent = (contentType: string | undefined, body: unknown, query = ''): Sent => ({
  contentType,
  body: Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  query: new URLSearchParams(query),
});
const register = (...args: Parameters<typeof sent>): Read<RegistrationRequest> =>
  readRegistrationRequest(sent(...args));
const requested = (...args: Parameters<typeof sent>): RegistrationRequest => {
  const read = register(...args);
  if (!read.ok) throw new Error(read.problem.detail);
  return read.value;
};
const problemOf = (read: Read<unknown>): Problem => {
  if (read.ok) throw new Error(`taken: ${JSON.stringify(read.value)}`);
  return read.problem;
};
const linesOf = (...args: Parameters<typeof sent>): string[] =>
  problemOf(register(...args)).detail.split('\n');

describe('a request to register', () => {
  it.each<[string, string | undefined, unknown, string?]>([
    ['JSON', JSON_TYPE, TRIPLE],
    ['JSON with upper-case keys', JSON_TYPE, { QMGR: 'QM1', QUEUE: 'DEV.QUEUE.1', Notify: TRIPLE.notify }],
    ['JSON by another name', 'APPLICATION/VND.API+JSON; charset=utf-8', TRIPLE],
    ['JSON after a byte order mark', JSON_TYPE, `\ufeff${JSON.stringify(TRIPLE)}`],
    ['a form', FORM_TYPE, 'QMGR=QM1&QUEUE=DEV.QUEUE.1&NOTIFY=https://app.example/hook'],
    [
      'a form with other names',
      `${FORM_TYPE}; charset=UTF-8`,
      'qmgr=QM1&Queue=DEV.QUEUE.1&nOtIfY=https%3a%2F%2Fapp.example/hook',
    ],
    [
      'blanks around the values',
      FORM_TYPE,
      'QMGR=+QM1+&QUEUE=%09DEV.QUEUE.1%0A&NOTIFY=+https://app.example/hook%20',
    ],
    [
      'blanks around JSON values',
      JSON_TYPE,
      { qmgr: ' QM1 ', queue: '\tDEV.QUEUE.1\n', notify: ` ${TRIPLE.notify} ` },
    ],
    ['no type, but JSON', undefined, TRIPLE],
    ['no type, but a form', undefined, 'QMGR=QM1&QUEUE=DEV.QUEUE.1&NOTIFY=https://app.example/hook'],
    ['an empty type, but JSON', '', TRIPLE],
    ['the query alone', FORM_TYPE, '', 'QMGR=QM1&QUEUE=DEV.QUEUE.1&NOTIFY=https://app.example/hook'],
    [
      'the query alone, without a type',
      undefined,
      '',
      'qmgr=QM1&queue=DEV.QUEUE.1&notify=https://app.example/hook',
    ],
    [
      'body and query together, where the body wins',
      FORM_TYPE,
      'QMGR=QM1&QUEUE=DEV.QUEUE.1',
      'qmgr=OTHER&notify=https://app.example/hook',
    ],
    [
      'a name twice, where the first counts',
      FORM_TYPE,
      'QMGR=QM1&QMGR=QM2&QUEUE=DEV.QUEUE.1&queue=B&NOTIFY=https://app.example/hook',
    ],
    [
      'a name twice in the query',
      FORM_TYPE,
      '',
      'QMGR=QM1&QMGR=QM2&QUEUE=DEV.QUEUE.1&NOTIFY=https://app.example/hook',
    ],
    [
      'what only the observer sets',
      JSON_TYPE,
      {
        ...TRIPLE,
        failcount: 5,
        backoff: 'x',
        last_updated: 7,
        state: 'retired',
        revision: 'r',
        inherited: {},
      },
    ],
    [
      'nulls and blanks where nothing is needed',
      JSON_TYPE,
      { ...TRIPLE, id: ' ', when: null, delivery: null, job: '' },
    ],
    [
      'keys that reach for prototypes',
      JSON_TYPE,
      `{"__proto__":{"qmgr":"EVIL"},"constructor":{"prototype":{"x":1}},"toString":1,${JSON.stringify(TRIPLE).slice(1)}`,
    ],
    [
      'form names that reach for prototypes',
      FORM_TYPE,
      '__proto__=x&constructor=y&QMGR=QM1&QUEUE=DEV.QUEUE.1&NOTIFY=https://app.example/hook',
      '__proto__=z',
    ],
  ])('is taken from %s', (_, contentType, body, query) => {
    expect(requested(contentType, body, query)).toEqual(TRIPLE);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('keeps the id that the owner chose, whatever characters it is made of', () => {
    for (const id of ['x', '../../etc/passwd', 'ä 😀', '__proto__', '%2F', 'a"b', '-'])
      expect(requested(JSON_TYPE, { ...TRIPLE, id }).id).toBe(id);
    const form = `ID=%F0%9F%98%80%2B+x&QMGR=QM1&QUEUE=Q&NOTIFY=job`;
    expect(requested(FORM_TYPE, form).id).toBe('😀+ x');
  });

  it('understands the names of settings in any case, and leaves those of headers alone', () => {
    const settings = {
      When: { Depth_At_Least: 5 },
      DELIVERY: { Headers: { 'X-Key': 'v' } },
      Job: { MAX_INSTANCES: 2 },
    };
    expect(requested(JSON_TYPE, { ...TRIPLE, ...settings })).toEqual({
      ...TRIPLE,
      when: { depth_at_least: 5 },
      delivery: { headers: { 'X-Key': 'v' } },
      job: { max_instances: 2 },
    });
  });

  it.each([5, 'x', [], true])('does not take %j for a group of settings', (when) => {
    expect(problemOf(register(JSON_TYPE, { ...TRIPLE, when })).errors).toEqual([
      { field: 'when', message: 'must be object' },
    ]);
  });

  it.each(['.', '..'])('does not take the id %j, which no path can carry', (id) => {
    expect(problemOf(register(JSON_TYPE, { ...TRIPLE, id })).errors).toEqual([
      { field: 'id', message: 'must not be . or ..: no path of a URL can carry it' },
    ]);
  });

  it.each(['a\u0000b', 'a\nb', '\ud800', 'x'.repeat(257)])('does not take the id %j', (id) => {
    expect(problemOf(register(JSON_TYPE, { ...TRIPLE, id })).errors).toEqual([
      { field: 'id', message: 'must be 1 to 256 characters without control characters' },
    ]);
  });

  it.each(['DEV.*', '*', 'A', 'a/b_c%d.e', 'Q'.repeat(48), `${'Q'.repeat(47)}*`])(
    'takes the queue %s',
    (queue) => expect(requested(JSON_TYPE, { ...TRIPLE, queue }).queue).toBe(queue),
  );

  it.each(['*A', 'A*B', 'A**', 'A B', 'Ä', 'A\u0000', 'Q'.repeat(49), `${'Q'.repeat(48)}*`, 'A\n.B', 'A-B'])(
    'does not take the queue %j',
    (queue) => {
      expect(problemOf(register(JSON_TYPE, { ...TRIPLE, queue })).errors).toEqual([
        {
          field: 'queue',
          message: 'must be 1 to 48 characters of A-Z a-z 0-9 . / _ %, with at most one * at its end',
        },
      ]);
    },
  );
});

describe('what is missing', () => {
  it.each<[string, string | undefined, unknown, readonly string[]]>([
    ['all', JSON_TYPE, {}, ALL_MISSING],
    ['all of null', JSON_TYPE, 'null', ALL_MISSING],
    ['all of an empty form', FORM_TYPE, '', ALL_MISSING],
    ['all of nothing at all', undefined, '', ALL_MISSING],
    ['all of null without a type', undefined, 'null', ALL_MISSING],
    ['the queue', FORM_TYPE, 'QMGR=a&NOTIFY=b', ['QUEUE needs to be specified']],
    [
      'two of three, in the order of the original',
      JSON_TYPE,
      { queue: 'Q' },
      [ALL_MISSING[0] ?? '', ALL_MISSING[2] ?? ''],
    ],
    ['all of JSON that is called a form', FORM_TYPE, '{"qmgr":"a","queue":"b","notify":"c"}', ALL_MISSING],
    ['what is blank or null', JSON_TYPE, { qmgr: '  ', queue: null, notify: 'job' }, ALL_MISSING.slice(0, 2)],
    [
      'a blank in the body, which hides the query',
      FORM_TYPE,
      'QMGR=&QUEUE=Q&NOTIFY=job',
      ['QMGR needs to be specified'],
    ],
  ])('is told line by line: %s', (_, contentType, body, lines) => {
    const problem = problemOf(register(contentType, body, 'nothing=here'));
    expect(problem.code).toBe('invalid-request');
    expect(problem.detail.split('\n')).toEqual(lines);
    expect(problem.errors).toEqual(
      lines.map((line) => ({ field: line.split(' ')[0]?.toLowerCase(), message: 'needs to be specified' })),
    );
  });

  it('is told for the body even if the query has it blank', () => {
    expect(linesOf(FORM_TYPE, 'QMGR=', 'QMGR=QM1&QUEUE=Q&NOTIFY=job')).toEqual([
      'QMGR needs to be specified',
    ]);
  });
});

describe('a body that cannot be read', () => {
  it.each<[string, string | undefined, unknown, RegExp]>([
    [
      'broken JSON',
      JSON_TYPE,
      '{"qmgr":"a",}',
      /^The body is not valid JSON: it goes wrong at line 1, column 13\.$/,
    ],
    [
      'JSON that breaks off',
      JSON_TYPE,
      '{"qmgr":',
      /^The body is not valid JSON: it goes wrong at line 1, column 9\.$/,
    ],
    [
      'two JSON values',
      JSON_TYPE,
      '{}{}',
      /^The body is not valid JSON: it goes wrong at line 1, column 3\.$/,
    ],
    ['a form that is called JSON', JSON_TYPE, 'QMGR=a', /^The body is not valid JSON/],
    ['blanks that are called JSON', JSON_TYPE, ' \n', /^The body is empty; a JSON object is expected\.$/],
    ['nothing that is called JSON', JSON_TYPE, '', /^The body is empty; a JSON object is expected\.$/],
    ['a list', JSON_TYPE, '[{"qmgr":"a"}]', /^The body must be a JSON object\.$/],
    ['a number', JSON_TYPE, '5', /^The body must be a JSON object\.$/],
    ['a text', JSON_TYPE, '"qmgr"', /^The body must be a JSON object\.$/],
    ['true', JSON_TYPE, 'true', /^The body must be a JSON object\.$/],
    ['a list without a type', undefined, '[1]', /^The body must be a JSON object\.$/],
    [
      'JSON in another encoding',
      JSON_TYPE,
      Buffer.from('{"qmgr":"ä"}', 'latin1'),
      /^The body is not valid UTF-8\.$/,
    ],
    ['JSON in UTF-16', JSON_TYPE, Buffer.from('\ufeff{}', 'utf16le'), /^The body is not valid UTF-8\.$/],
    [
      'a form in another encoding',
      FORM_TYPE,
      Buffer.from('QMGR=ä', 'latin1'),
      /^The body is not valid UTF-8\.$/,
    ],
    ['bytes without a type', undefined, Buffer.from([0xff, 0xfe]), /^The body is not valid UTF-8\.$/],
    ['an escape of no hexadecimal digits', FORM_TYPE, 'QMGR=%zz&QUEUE=b', /^invalid URL escape "%zz"$/],
    ['an escape that breaks off', FORM_TYPE, 'QMGR=a&QUEUE=b%2', /^invalid URL escape "%2"$/],
    ['a lone percent sign', FORM_TYPE, 'QMGR=%', /^invalid URL escape "%"$/],
    ['an escape of no character', FORM_TYPE, 'QMGR=%ff%fe', /^The body is not valid UTF-8\.$/],
    ['a raw semicolon', FORM_TYPE, 'QMGR=a;QUEUE=b', /^invalid semicolon separator in query$/],
  ])('is told first, then what is missing: %s', (_, contentType, body, first) => {
    const problem = problemOf(register(contentType, body));
    expect(problem.code).toBe('invalid-request');
    const [line = '', ...rest] = problem.detail.split('\n');
    expect(line).toMatch(first);
    expect(rest).toEqual(ALL_MISSING);
  });

  it.each([
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/octet-stream',
    `${FORM_TYPE}x`,
    ';',
  ])('is refused by its type %s, if there is one to read', (contentType) => {
    const problem = problemOf(register(contentType, 'QMGR=a'));
    expect(problem.code).toBe('unsupported-media-type');
    expect(problem.detail).toBe('Send application/json or application/x-www-form-urlencoded.');
    expect(requested(contentType, '', 'qmgr=QM1&queue=Q&notify=job').notify).toBe('job');
  });

  it('is never quoted: it may hold a secret', () => {
    const secret = 'hunter2hunter2';
    for (const body of [
      `{"delivery":{"headers":{"authorization": ${secret}}}}`,
      `{"delivery":{"headers":{"authorization":"${secret}"}} x`,
      `{"delivery":{"headers":{"authorization":"${secret}\n"}}}`,
      `["${secret}"]`,
      `"${secret}"`,
    ])
      expect(JSON.stringify(register(JSON_TYPE, body))).not.toContain('hunter2');
  });
});

describe('the id to remove', () => {
  it.each<[string, string | undefined, unknown, string?]>([
    ['JSON', JSON_TYPE, { id: 'X' }],
    ['JSON in upper case', JSON_TYPE, { ID: ' X ' }],
    ['a form', FORM_TYPE, 'ID=X'],
    ['a form without a type', undefined, 'id=X'],
    ['the query', undefined, '', 'id=X'],
    ['the query in upper case with a type', FORM_TYPE, '', 'ID=X'],
    ['the body rather than the query', JSON_TYPE, { id: 'X' }, 'id=Y'],
    ['the query where the body names none', JSON_TYPE, {}, 'id=X'],
  ])('is read from %s', (_, contentType, body, query) => {
    expect(readIdToRemove(sent(contentType, body, query))).toEqual({ ok: true, value: 'X' });
  });

  it.each<[string | undefined, unknown]>([
    [JSON_TYPE, {}],
    [JSON_TYPE, 'null'],
    [JSON_TYPE, { id: '' }],
    [FORM_TYPE, 'ID='],
    [FORM_TYPE, ''],
    [undefined, ''],
  ])('is asked for where there is none (%s, %j)', (contentType, body) => {
    const problem = problemOf(readIdToRemove(sent(contentType, body)));
    expect(problem).toMatchObject({ code: 'invalid-request', detail: 'ID needs to be specified' });
    expect(problem.errors).toEqual([{ field: 'id', message: 'needs to be specified' }]);
  });

  it.each(['', '{"id":', '[]'])('is asked for after what is wrong with the body %j', (body) => {
    const lines = problemOf(readIdToRemove(sent(JSON_TYPE, body))).detail.split('\n');
    expect(lines).toEqual([expect.stringMatching(/^The body /), 'ID needs to be specified']);
  });

  it.each(['\ud800', 'a\u0000b', 'x'.repeat(300)])('that nobody can have is unknown: %j', (id) => {
    expect(problemOf(readIdToRemove(sent(JSON_TYPE, { id }))).code).toBe('not-found');
  });

  it.each([5, true, {}, ['X']])('is a text, and not %j', (id) => {
    expect(problemOf(readIdToRemove(sent(JSON_TYPE, { id }))).errors?.[0]?.field).toBe('id');
  });
});

describe('any request', () => {
  it('is answered without an exception, and what is taken is what the contract allows', () => {
    const type = fc.constantFrom(undefined, '', JSON_TYPE, FORM_TYPE, 'text/plain');
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('QM1', 'job', 'https://app.example/'));
    const body = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .dictionary(
          fc.constantFrom('qmgr', 'QUEUE', 'notify', 'id', 'when', 'delivery', 'job', '__proto__'),
          value,
        )
        .map((fields) => Buffer.from(JSON.stringify(fields))),
    );
    fc.assert(
      fc.property(type, body, fc.string(), (contentType, bytes, query) => {
        const given = sent(contentType, bytes, query);
        const [read] = [readRegistrationRequest(given), readIdToRemove(given)];
        if (!read.ok) return;
        expect(read.value.qmgr).toMatch(/^[A-Za-z0-9._/%]{1,48}$/);
        expect(read.value.notify.length).toBeLessThanOrEqual(2048);
      }),
      { numRuns: 300 },
    );
  });
});
