import { describe, expect, it } from 'vitest';
import { createQueue, reportedDepth, type QueueDefinition } from '../model.ts';
import { backOutMessages, commitMessages, expireMessages, getMessages, putMessages } from './messages.ts';

const queue = (definition: QueueDefinition = {}) => createQueue('Q', definition);

describe('the messages of a queue', () => {
  it('count when they are put, before anybody commits', () => {
    const put = putMessages(queue({ depth: 1 }), 2, false, 5);
    expect(put).toMatchObject({ depth: 1, uncommittedPuts: 2, lastPutAtMs: 5, oldestPutAtMs: 5 });
    expect(reportedDepth(put)).toBe(3);
    expect(commitMessages(put)).toMatchObject({ depth: 3, uncommittedPuts: 0 });
    expect(reportedDepth(backOutMessages(put, 6))).toBe(1);
  });

  it('do not count when they are got, and are back when that is undone', () => {
    const { queue: got, taken } = getMessages(queue({ depth: 3 }), 5, false, 7);
    expect(taken).toBe(3);
    expect(got).toMatchObject({ depth: 0, uncommittedGets: 3, lastGetAtMs: 7 });
    expect(reportedDepth(got)).toBe(0);
    expect(backOutMessages(got, 8)).toMatchObject({ depth: 3, uncommittedGets: 0 });
    expect(reportedDepth(commitMessages(got))).toBe(0);
  });

  it('count when they are expired, until a get finds them', () => {
    const expired = expireMessages(queue({ depth: 3 }), 2);
    expect(reportedDepth(expired)).toBe(3);
    const { queue: after, taken } = getMessages(expired, 9, true, 1);
    expect([taken, reportedDepth(after)]).toEqual([1, 0]);
  });

  it('have an age as long as there are any', () => {
    const first = putMessages(putMessages(queue(), 1, true, 10), 1, true, 20);
    expect(first.oldestPutAtMs).toBe(10);
    expect(getMessages(first, 2, true, 30).queue.oldestPutAtMs).toBeUndefined();
  });

  it.each([
    [{ inhibitPut: true }, '2051'],
    [{ damaged: true }, '2101'],
    [{ maximumDepth: 3, uncommittedPuts: 3 }, 'full'],
    [{ type: 'alias', targetName: 'T' } as const, 'stands for T'],
  ])('cannot be put on %j', (definition, words) => {
    expect(() => putMessages(queue(definition), 1, true, 0)).toThrow(words);
  });

  it('cannot be got when that is inhibited', () => {
    expect(() => getMessages(queue({ depth: 1, inhibitGet: true }), 1, true, 0)).toThrow('2016');
  });
});
