import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDraft } from '../../test/support/test-store.ts';
import {
  encodeBackup,
  encodeOriginalDocument,
  parseOriginalDocument,
  type ParsedDocument,
  type RegistrationDraft,
} from './original-document.ts';
import { naturalId } from './registration-id.ts';
import type { RegistrationRecord } from './registration.ts';
import { effectiveState } from './state.ts';
import { toStoredForm, type WireRegistration } from './wire.ts';

const NOW = Date.parse('2026-11-21T21:31:00.123Z');
const TRIPLE = { qmgr: 'QM1', queue: 'DEV.QUEUE.1', notify: 'https://app.example/hook' };

const parse = (value: unknown): ParsedDocument =>
  parseOriginalDocument(typeof value === 'string' ? value : JSON.stringify(value), NOW);

/** The drafts of a document in which nothing is wrong. */
const draftsOf = (value: unknown): readonly RegistrationDraft[] => {
  const parsed = parse(value);
  if (!parsed.ok) throw new Error(parsed.message);
  expect(parsed.refused).toEqual([]);
  return parsed.drafts;
};
const refusalOf = (entry: unknown): string | undefined => {
  const parsed = parse({ mq_requests: [entry] });
  return parsed.ok ? parsed.refused[0]?.message : parsed.message;
};
const wired = (draft: RegistrationDraft): WireRegistration => {
  const record: RegistrationRecord = { format: 1, revision: 'r', ...draft };
  return toStoredForm({ record, state: effectiveState(record, undefined) });
};

describe("the original's document", () => {
  it('is read as the original writes it', () => {
    const text =
      '{"mq_requests":[{"id":"a","qmgr":"QM1","queue":"Q","notify":"job-1","failcount":3,"backoff":"0001-01-01T00:00:00Z","last_updated":"2026-11-20T10:00:00.123456789+01:00"},' +
      '{"id":"b","qmgr":"QM1","queue":"Q","notify":"job-1","failcount":10,"backoff":"2026-11-22T10:00:00Z","last_updated":"0001-01-01T00:00:00Z"}],"last_updated":"2026-11-21T00:00:00Z"}';
    expect(draftsOf(text)).toEqual([
      {
        ...aDraft({ id: 'a', qmgr: 'QM1', queue: 'Q', notify: 'job-1' }),
        lastUpdatedMs: Date.parse('2026-11-20T09:00:00.123Z'),
        inherited: { failures: 3 },
      },
      {
        ...aDraft({ id: 'b', qmgr: 'QM1', queue: 'Q', notify: 'job-1' }),
        lastUpdatedMs: NOW,
        inherited: { failures: 10, quarantinedUntilMs: Date.parse('2026-11-22T10:00:00Z') },
      },
    ]);
  });

  it.each([
    '{"mq_requests":null}',
    '{"mq_requests":[]}',
    '{"MQ_REQUESTS":null,"x":1}',
    '\ufeff{"mq_requests":[]}',
    ' \n{"mq_requests":[]}\n',
  ])('%j holds nothing, and that is right', (text) => expect(draftsOf(text)).toEqual([]));

  it('is understood with keys in any case, in the settings, too', () => {
    const [draft] = draftsOf({
      Mq_Requests: [
        {
          ID: 'X',
          QMGR: 'QM1',
          Queue: 'Q',
          NOTIFY: 'job',
          FailCount: 2,
          BackOff: null,
          Last_Updated: null,
          When: { Depth_At_Least: 5 },
          Delivery: { Headers: { 'X-Key': 'v' } },
        },
      ],
    });
    expect(draft).toEqual({
      ...aDraft({ id: 'X', qmgr: 'QM1', queue: 'Q', notify: 'job' }),
      lastUpdatedMs: NOW,
      when: { depth_at_least: 5 },
      delivery: { headers: { 'X-Key': 'v' } },
      inherited: { failures: 2 },
    });
  });

  it.each([undefined, null, '', 5, {}, '..', 'a\nb', 'x'.repeat(257), '\ud800'])(
    'with the unusable id %j in an entry gives it the natural one',
    (id) => {
      expect(draftsOf({ mq_requests: [{ ...TRIPLE, id }] }).map((draft) => draft.id)).toEqual([
        naturalId(TRIPLE.qmgr, TRIPLE.queue, TRIPLE.notify),
      ]);
    },
  );

  it('with one id twice counts the last', () => {
    const entries = ['A', 'B', 'C'].map((queue) => ({ ...TRIPLE, id: queue === 'B' ? 'y' : 'x', queue }));
    const drafts = draftsOf({ mq_requests: entries });
    expect(Object.fromEntries(drafts.map(({ id, queue }) => [id, queue]))).toEqual({ x: 'C', y: 'B' });
  });

  it('keeps out what it does not know, and cannot be used to reach prototypes', () => {
    const [draft] = draftsOf(
      `{"__proto__":{"polluted":1},"mq_requests":[{"__proto__":{"polluted":1},"constructor":1,"revision":"x","inherited":{"failures":9},"qmgr":"QM1","queue":"Q","notify":"job"}]}`,
    );
    expect(Object.keys(draft ?? {}).toSorted()).toEqual(['id', 'lastUpdatedMs', 'notify', 'qmgr', 'queue']);
    expect({}).not.toHaveProperty('polluted');
    expect(draft).not.toHaveProperty('polluted');
  });

  it.each([
    ['', /^it is not valid JSON: it goes wrong at line 1, column 1$/],
    ['{"mq_requests":[}', /^it is not valid JSON: it goes wrong at line 1, column 17$/],
    ['null', /list "mq_requests"/],
    ['[]', /list "mq_requests"/],
    ['"x"', /list "mq_requests"/],
    ['{}', /list "mq_requests"/],
    ['{"mq_requests":{}}', /list "mq_requests"/],
    ['{"mq_requests":"x"}', /list "mq_requests"/],
  ])('%j is none, and the message says what is wrong', (text, message) => {
    expect(parse(text)).toEqual({ ok: false, message: expect.stringMatching(message) });
  });

  it('that is broken near a secret does not give it away', () => {
    const parsed = parse('{"mq_requests":[{"delivery":{"headers":{"authorization": hunter2}}}]}');
    expect(JSON.stringify(parsed)).not.toContain('hunter2');
  });
});

describe('an entry', () => {
  it.each([
    [null, 'is not an object'],
    [[], 'is not an object'],
    ['x', 'is not an object'],
    [{ ...TRIPLE, qmgr: undefined }, 'qmgr must be 1 to 48 characters of A-Z a-z 0-9 . / _ %'],
    [{ ...TRIPLE, queue: 'A B' }, /^queue must be 1 to 48 characters/],
    [{ ...TRIPLE, notify: 'Not A Job' }, /^notify must be an http\(s\) URL/],
    [{ ...TRIPLE, notify: 'https://u:hunter2@app.example/' }, 'notify must not contain credentials'],
    [{ ...TRIPLE, failcount: -1 }, 'failcount must be a whole number'],
    [{ ...TRIPLE, failcount: 1.5 }, 'failcount must be a whole number'],
    [{ ...TRIPLE, failcount: '3' }, 'failcount must be a whole number'],
    [{ ...TRIPLE, backoff: 'tomorrow' }, 'backoff must be an RFC 3339 time'],
    [{ ...TRIPLE, last_updated: 5 }, 'last_updated must be an RFC 3339 time'],
    [{ ...TRIPLE, when: { cooldown: 'P99999999999999W' } }, /^when\.cooldown must be/],
    [{ ...TRIPLE, delivery: { timeout: 'PT0S' } }, /^delivery\.timeout must be/],
    [{ ...TRIPLE, delivery: { headers: { Host: 'x' } } }, /^delivery\.headers\.Host is set by the observer/],
    [{ ...TRIPLE, delivery: { headers: { a: '***' } } }, /^delivery\.headers\.a is masked/],
    [{ ...TRIPLE, delivery: { unknown: 1 } }, 'delivery.unknown is not a known setting'],
  ])('%j is refused: %s', (entry, message) => {
    const refusal = refusalOf(entry);
    expect(refusal).toMatch(message);
    expect(refusal).not.toContain('hunter2');
  });

  it('that is refused takes none of the others with it, and is told by its place', () => {
    const parsed = parse({ mq_requests: [{ ...TRIPLE, id: 'a' }, 7, { ...TRIPLE, id: 'b' }, {}] });
    if (!parsed.ok) throw new Error(parsed.message);
    expect(parsed.drafts.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(parsed.refused.map(({ index }) => index)).toEqual([1, 3]);
  });

  it('in quarantine stays there, with its reason where it has one', () => {
    const entry = { ...TRIPLE, failcount: 3, backoff: '2026-11-22T00:00:00Z', state: 'quarantined' };
    const inherited = { failures: 3, quarantinedUntilMs: Date.parse(entry.backoff) };
    const inheritedOf = (one: object) => draftsOf({ mq_requests: [one] })[0]?.inherited;
    expect(inheritedOf(entry)).toEqual(inherited);
    expect(inheritedOf({ ...entry, state_reason: 'r'.repeat(2000) })).toEqual({
      ...inherited,
      quarantinedReason: 'r'.repeat(1000),
    });
  });

  it('that was retired stays retired, with its reason', () => {
    const entry = { ...TRIPLE, state: 'retired', state_reason: 'r'.repeat(2000) };
    expect(draftsOf({ mq_requests: [entry] })[0]?.inherited).toEqual({
      failures: 0,
      retiredReason: 'r'.repeat(1000),
    });
    expect(draftsOf({ mq_requests: [{ ...TRIPLE, state: 'retired' }] })[0]?.inherited).toEqual({
      failures: 0,
      retiredReason: 'retired before',
    });
  });
});

const texts = fc.string({
  unit: fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '.', '/', '_', '%'),
  minLength: 1,
  maxLength: 48,
});
const someTime = fc.integer({
  min: Date.parse('1970-01-01T00:00:00Z'),
  max: Date.parse('9999-12-31T23:59:59Z'),
});
const drafts: fc.Arbitrary<readonly RegistrationDraft[]> = fc.uniqueArray(
  fc
    .record(
      {
        id: fc
          .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
          .filter((id) => /^[^\p{Cc}\p{Cs}]+$/u.test(id)),
        qmgr: texts,
        queue: texts,
        notify: fc.constantFrom('https://app.example/hook?a=b', 'eu-de/p/job-1', 'job'),
        lastUpdatedMs: someTime,
        when: fc.record(
          { depth_at_least: fc.integer({ min: 1, max: 99 }), cooldown: fc.constant('PT5M') },
          { requiredKeys: [] },
        ),
        delivery: fc.record({
          headers: fc.dictionary(
            fc.constantFrom('10', '9', 'X-A', 'authorization', '__proto__', 'constructor'),
            fc.string({ unit: fc.constantFrom(' ', 'a', 'Z', '~', '"', '\\', '\t'), maxLength: 9 }),
          ),
        }),
        inherited: fc.oneof(
          fc.record({ failures: fc.integer({ min: 1, max: 99 }) }),
          fc.record(
            {
              failures: fc.integer({ min: 1, max: 99 }),
              quarantinedUntilMs: someTime,
              quarantinedReason: fc.string({ maxLength: 20 }),
            },
            { requiredKeys: ['failures', 'quarantinedUntilMs'] },
          ),
        ),
      },
      { requiredKeys: ['id', 'qmgr', 'queue', 'notify', 'lastUpdatedMs'] },
    )
    .map((given) => ({ ...given, ...aDraft(given) })),
  { selector: ({ id }) => id, maxLength: 5 },
);

describe('what we write', () => {
  it("we read back as it was, as the original's document and as a backup", () => {
    fc.assert(
      fc.property(drafts, (given) => {
        for (const encode of [encodeOriginalDocument, encodeBackup])
          expect(draftsOf(encode(given.map(wired), NOW))).toEqual(given);
      }),
    );
  });

  it('is one line, with the list and the time as the original wants them', () => {
    const text = encodeOriginalDocument([wired(aDraft({ id: 'x' }))], NOW);
    expect(text).toBe(
      '{"mq_requests":[{"id":"x","qmgr":"QM1","queue":"DEV.QUEUE.1","notify":"https://app.example/hook","failcount":0,"backoff":"0001-01-01T00:00:00Z","last_updated":"2023-11-14T22:13:20.000Z"}],"last_updated":"2026-11-21T21:31:00.123Z"}',
    );
  });

  it('as a backup tells when it was damaged anywhere in its list', () => {
    const backup = encodeBackup([wired(aDraft({ id: 'abcdef' })), wired(aDraft({ id: 'x' }))], NOW);
    const list = backup.slice(0, backup.indexOf('"last_updated":"2026-11-21'));
    fc.assert(
      fc.property(
        fc.nat(list.length - 1),
        fc.constantFrom('0', 'a', 'Z', '"', ',', ' ', '}'),
        (at, character) => {
          const damaged = backup.slice(0, at) + character + backup.slice(at + 1);
          expect(parse(damaged).ok).toBe(damaged === backup);
        },
      ),
    );
  });

  it.each(['"sha256":""', '"sha256":null', '"sha256":5', '"SHA256":"00"'])(
    'with a wrong checksum is not believed: %s',
    (checksum) => {
      expect(parse(`{"mq_requests":[],${checksum}}`)).toMatchObject({
        ok: false,
        message: expect.stringMatching(/checksum/),
      });
    },
  );
});

describe('any text and any JSON', () => {
  it('is read without an exception', () => {
    const entries = fc.array(
      fc.oneof(
        fc.jsonValue(),
        fc.record({
          qmgr: fc.jsonValue(),
          queue: texts,
          notify: fc.string(),
          id: fc.jsonValue(),
          failcount: fc.jsonValue(),
          delivery: fc.jsonValue(),
        }),
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          entries.map((list) => JSON.stringify({ mq_requests: list })),
        ),
        (text) => {
          const parsed = parse(text);
          const read = parsed.ok ? parsed.drafts : [];
          expect(read.map((draft) => wired(draft).id)).toEqual(read.map(({ id }) => id));
        },
      ),
    );
  });
});
