import { describe, expect, it } from 'vitest';
import { readWakeUp } from './wake-up.ts';

describe('the payload of a wake-up', () => {
  it('says which queue holds how many messages', () => {
    const body = {
      CE_QMGR: 'QM1',
      CE_QUEUE: 'Q',
      CE_DEPTH: '12',
      ID: 'x',
      notification: 'messages found on queue',
    };
    expect(readWakeUp(JSON.stringify(body))).toEqual({ qmgr: 'QM1', queue: 'Q', depth: 12 });
  });

  it.each([
    '',
    '[]',
    'null',
    '{}',
    '{"CE_QMGR":"QM1","CE_QUEUE":"Q","CE_DEPTH":"0"}',
    '{"CE_QMGR":"QM1","CE_QUEUE":"Q","CE_DEPTH":3}',
  ])('is not %s', (body) => {
    expect(readWakeUp(body)).toBeUndefined();
  });
});
