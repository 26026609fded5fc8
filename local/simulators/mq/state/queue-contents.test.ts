import { describe, expect, it } from 'vitest';
import { createQueue } from '../model.ts';
import { createQueueContents } from './queue-contents.ts';

const queue = (depth: number) => createQueue('Q', { depth });

describe('the contents of a queue', () => {
  it('are as many as its depth says, and keep their order', () => {
    const contents = createQueueContents();
    const [first, second] = contents.messages('QM1', queue(2));
    expect(first?.id).toMatch(/^414d5120514d31[0-9a-f]{34}$/);
    expect(contents.messages('QM1', queue(1))).toEqual([second]);
    contents.add('QM1', queue(1), { text: 'put' });
    expect(contents.messages('QM1', queue(3)).map(({ text }) => text)).toEqual([
      'message 2',
      'put',
      'message 4',
    ]);
  });

  it('lose the oldest when somebody takes without saying which, also when more come before anybody looks', () => {
    const contents = createQueueContents();
    const [, second] = contents.messages('QM1', queue(2));
    contents.follow('QM1', queue(1));
    contents.follow('QM1', queue(2));
    const now = contents.messages('QM1', queue(2));
    expect(now[0]).toEqual(second);
    contents.remove('QM1', queue(2), now[0]?.id ?? '');
    expect(contents.messages('QM1', queue(1))).toEqual(now.slice(1));
  });

  it('are new when the queue or its queue manager is', () => {
    const contents = createQueueContents();
    const [before] = contents.messages('QM1', queue(1));
    contents.forget('QM1', 'Q');
    const [after] = contents.messages('QM1', queue(1));
    contents.forget('QM1');
    const ids = [before, after, ...contents.messages('QM1', queue(1))].map((message) => message?.id);
    expect(new Set(ids).size).toBe(3);
  });

  it('of a queue with very many messages are the first', () => {
    expect(createQueueContents().messages('QM1', queue(999_999_999))).toHaveLength(10_000);
  });
});
