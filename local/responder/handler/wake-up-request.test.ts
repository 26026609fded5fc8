import { describe, expect, it } from 'vitest';
import { encodeMessage } from '../../../lib/delivery/nats/message-codec.ts';
import { readWakeUp } from './wake-up-request.ts';

const PAYLOAD = {
  CE_QMGR: 'QM1',
  CE_QUEUE: 'APP.1',
  CE_DEPTH: '3',
  ID: 'me',
  notification: 'messages found on queue',
};

function read(value: unknown, headers: Readonly<Record<string, string>> = {}) {
  return readWakeUp((name) => headers[name], Buffer.from(JSON.stringify(value)));
}

describe('a wake-up', () => {
  it('becomes variables: the five texts and what tells repetitions, nothing else that the sender adds', () => {
    const headers = { 'ce-id': 'w-1', 'ce-subject': 'QM1/APP.1' };
    expect(read({ ...PAYLOAD, PATH: '/tmp/evil', LD_PRELOAD: 'x' }, headers)).toEqual({
      id: 'w-1',
      waitingMs: undefined,
      variables: { ...PAYLOAD, MQ_OBSERVER_CE_ID: 'w-1', MQ_OBSERVER_CE_SUBJECT: 'QM1/APP.1' },
      encoding: { serialization: 'json', compression: 'none' },
    });
  });

  it.each([
    ['1500', 1500],
    ['0', undefined],
    ['-1', undefined],
    ['soon', undefined],
    ['', undefined],
  ])('that is waited for so long, %j, is waited for %j ms', (given, waitingMs) => {
    expect(read(PAYLOAD, { 'Wake-Up-Timeout-Ms': given })).toMatchObject({ waitingMs });
  });

  it('may come without headers, as anybody sends it', () => {
    expect(read(PAYLOAD)).toMatchObject({ id: undefined, variables: { MQ_OBSERVER_CE_ID: '' } });
  });

  it('is understood in CBOR and zstd, and remembers that', () => {
    const encoding = { serialization: 'cbor', compression: 'zstd' } as const;
    const { headers, data } = encodeMessage(PAYLOAD, encoding);
    expect(readWakeUp((name) => headers[name], data)).toMatchObject({ encoding, variables: PAYLOAD });
  });

  it.each([
    ['a text', 'x', /not an object with CE_QMGR, /],
    ['a list', [PAYLOAD], /not an object/],
    ['nothing', null, /not an object/],
    ['a field less', { ...PAYLOAD, ID: undefined }, /needs ID/],
    ['a number', { ...PAYLOAD, CE_DEPTH: 3 }, /needs CE_DEPTH/],
    ['NUL', { ...PAYLOAD, CE_QUEUE: 'a\0b' }, /needs CE_QUEUE/],
    ['too much', { ...PAYLOAD, CE_QUEUE: 'a'.repeat(4_097) }, /needs CE_QUEUE/],
  ])('is not %s', (_what, value, words) => {
    expect(read(value)).toMatchObject({ code: 400, message: expect.stringMatching(words) as unknown });
  });

  it.each([
    [{ serial: 'xml' }, /^the message has the unknown serial header "xml"/],
    [{ serial: 'cbor' }, /^the message is not valid CBOR/],
    [{ cmp: 'z' }, /^the message is not a whole zstd frame/],
    [{ 'ce-id': 'a'.repeat(1_025) }, /^ce-id and ce-subject/],
  ])('is not what comes with the headers %j', (headers, words) => {
    expect(read(PAYLOAD, headers)).toMatchObject({
      code: 400,
      message: expect.stringMatching(words) as unknown,
    });
  });
});
