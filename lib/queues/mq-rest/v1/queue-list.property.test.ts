import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueueReading } from '../../queue-depths.ts';
import { createQueueNames } from '../../queue-names.ts';
import { parseErrorReport } from '../error-report.ts';
import { fieldOf } from '../json-answer.ts';
import { parseQueueList, pickQueues } from './queue-list.ts';

const ALL = createQueueNames(['*']);

const name = fc.oneof(
  fc.constantFrom('A', 'B', 'SYSTEM.AUTH.DATA.QUEUE', 'PAYSYSTEM.IN', 'system.q', '__proto__'),
  { weight: 3, arbitrary: fc.stringMatching(/^[A-Z./_%]{1,48}$/) },
  fc.string(),
);
const anything = fc.jsonValue({ maxDepth: 2 });
const depth = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -2, max: 9 }) },
  { weight: 1, arbitrary: fc.constantFrom('5', '-1', 'NaN', null, 1.5, 1e16) },
  { weight: 1, arbitrary: anything },
);
const type = fc.oneof(
  { weight: 4, arbitrary: fc.constant('local') },
  { weight: 1, arbitrary: fc.constantFrom('alias', 'remote', 'model', 'cluster', 'LOCAL', '') },
  { weight: 1, arbitrary: anything },
);
const dynamic = fc.oneof(
  fc.record({ type: fc.constantFrom('permanentDynamic', 'temporaryDynamic', 'no') }),
  anything,
);
const entry = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      { name, type, dynamic, status: fc.record({ currentDepth: depth }) },
      { requiredKeys: ['name', 'type', 'status'] },
    ),
  },
  { weight: 1, arbitrary: anything },
);
const answer = fc.record({
  queue: fc.oneof(
    { weight: 5, arbitrary: fc.array(entry, { maxLength: 12, size: 'max' }) },
    { weight: 1, arbitrary: anything },
  ),
});

const contentType = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('application/json', 'application/json;charset=utf-8') },
  { weight: 1, arbitrary: fc.option(fc.string(), { nil: undefined }) },
);

/** An answer's bytes after an accident: cut, with bytes changed, put in and repeated. */
const damagedBytes = fc
  .tuple(
    answer,
    fc.array(fc.tuple(fc.constantFrom('cut', 'change', 'insert', 'repeat'), fc.nat(2000), fc.nat(255)), {
      maxLength: 4,
    }),
  )
  .map(([value, accidents]) => accidents.reduce(damage, Buffer.from(JSON.stringify(value))));

function damage(bytes: Buffer, [how, where, byte]: readonly [string, number, number]): Buffer {
  const at = bytes.length === 0 ? 0 : where % bytes.length;
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  if (how === 'cut') return before;
  if (how === 'insert') return Buffer.concat([before, Buffer.from([byte]), after]);
  if (how === 'repeat') return Buffer.concat([before, after, after]);
  return Buffer.concat([before, Buffer.from([byte]), after.subarray(1)]);
}

describe('whatever a queue manager answers', () => {
  it('gives queues that are local, not temporary, not of MQ itself, and hold messages, or a reason, and never throws', () => {
    fc.assert(
      fc.property(damagedBytes, contentType, (bytes, mediaType) => {
        expect(wrongReadings(bytes, mediaType)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives queues often enough for the above to mean something', () => {
    const found = fc.sample(answer, { numRuns: 300, seed: 1 }).filter((value) => {
      const list = parseQueueList(Buffer.from(JSON.stringify(value)), 'application/json');
      return list.kind === 'queues' && pickQueues(list.entries, ALL).size > 0;
    });
    expect(found.length).toBeGreaterThan(100);
  });

  it('is read as an error report without an error', () => {
    fc.assert(
      fc.property(fc.oneof(damagedBytes, fc.uint8Array()), contentType, (bytes, mediaType) => {
        const report = parseErrorReport(bytes, mediaType);
        expect(report?.msgId ?? 'MQWB0009E').toMatch(/^[A-Z]+\d+[A-Z]?$/);
      }),
    );
  });
});

/** What was read and should not have been. A reason without words counts, too. */
function wrongReadings(bytes: Buffer, mediaType: string | undefined): readonly unknown[] {
  const list = parseQueueList(bytes, mediaType);
  if (list.kind === 'unreadable') return list.reason === '' ? [list] : [];
  const listed = fieldOf(JSON.parse(new TextDecoder().decode(bytes)), 'queue');
  return [...pickQueues(list.entries, ALL)].filter(
    ([key, reading]) => key !== reading.queue || !isTrue(reading, listed),
  );
}

/** Judges a reading again, in other words: it may wake somebody, and an entry of the list says so. */
function isTrue(reading: QueueReading, listed: unknown): boolean {
  if (!/^(?!SYSTEM\.)[A-Za-z0-9./_%]{1,48}$/.test(reading.queue)) return false;
  if (!Number.isSafeInteger(reading.depth) || reading.depth < 1) return false;
  return Array.isArray(listed) && listed.some((candidate) => saysSo(candidate, reading));
}

function saysSo(candidate: unknown, reading: QueueReading): boolean {
  const dynamicType = fieldOf(fieldOf(candidate, 'dynamic'), 'type');
  return (
    fieldOf(candidate, 'name') === reading.queue &&
    /^local$/i.test(String(fieldOf(candidate, 'type'))) &&
    !/^temporarydynamic$/i.test(typeof dynamicType === 'string' ? dynamicType : '') &&
    Number(fieldOf(fieldOf(candidate, 'status'), 'currentDepth')) === reading.depth
  );
}
