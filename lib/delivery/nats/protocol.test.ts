import { describe, expect, it } from 'vitest';
import { encodeMessage } from './message-codec.ts';
import {
  addRelay,
  errorHeaders,
  readRelayRequest,
  readReply,
  relayHeaders,
  relaySubject,
  type RelayRequest,
} from './protocol.ts';

type Headers = Readonly<Record<string, string>>;

function read(body: string, headers: Headers = {}) {
  return readReply((name) => headers[name], Buffer.from(body));
}

function readRelay(headers: Headers) {
  return readRelayRequest((name) => headers[name]);
}

describe('a reply', () => {
  it('acknowledges when it is empty, and when it says so', () => {
    expect(read('')).toEqual({ kind: 'acknowledged' });
    expect(read('{"ok":true}')).toEqual({ kind: 'acknowledged' });
  });

  it('acknowledges with data', () => {
    expect(read('{"ok":true,"data":{"taken":3}}')).toEqual({ kind: 'acknowledged', data: { taken: 3 } });
    expect(read('{"ok":true,"data":null}')).toEqual({ kind: 'acknowledged', data: null });
    for (const value of [{ taken: 3 }, [1, 2], 'done', 0, false, null, { ok: 'false' }])
      expect(read(JSON.stringify(value))).toEqual({ kind: 'acknowledged', data: value });
  });

  it('is understood in every encoding', () => {
    const { headers, data } = encodeMessage(
      { ok: true, data: 'as CBOR' },
      { serialization: 'cbor', compression: 'zstd' },
    );
    expect(readReply((name) => headers[name], data)).toEqual({ kind: 'acknowledged', data: 'as CBOR' });
  });

  it('refuses when its data says so', () => {
    expect(read('{"ok":false,"error":"no\\nroom"}')).toEqual({
      kind: 'refused',
      message: 'the responder refused: no room',
      mayPass: true,
    });
    for (const body of ['{"ok":false}', '{"ok":false,"error":""}', '{"ok":false,"error":{"password":"x"}}'])
      expect(read(body)).toMatchObject({ message: 'the responder refused: no reason was given' });
  });

  it('refuses when a header says so, whatever its data is', () => {
    expect(read('{"ok":true}', errorHeaders(500, 'the handler failed'))).toEqual({
      kind: 'refused',
      message: 'the responder refused: 500: the handler failed',
      mayPass: true,
    });
    expect(read('', { 'Nats-Service-Error': 'failed' })).toMatchObject({
      kind: 'refused',
      message: 'the responder refused: failed',
    });
    expect(read('\u0000', { 'Nats-Service-Error-Code': '503' })).toMatchObject({ kind: 'refused' });
  });

  it.each([
    ['400', false],
    ['404', false],
    ['408', true],
    ['429', true],
    ['499', false],
    ['500', true],
    ['503', true],
    ['1', true],
    ['nonsense', true],
  ])('with the code %s may pass: %s', (code, mayPass) => {
    expect(read('', { 'Nats-Service-Error-Code': code })).toMatchObject({ kind: 'refused', mayPass });
  });

  it('refuses for good when it cannot be read', () => {
    const refused = { kind: 'refused', mayPass: false };
    expect(read('done')).toEqual({ ...refused, message: 'the reply is not valid JSON' });
    expect(read('\u00ff', { serial: 'cbor' })).toMatchObject(refused);
    expect(read('{}', { cmp: 'z' })).toEqual({ ...refused, message: 'the reply is not a whole zstd frame' });
    expect(read('{}', { serial: 'gob' })).toMatchObject({
      ...refused,
      message: expect.stringContaining('unknown serial header "gob"'),
    });
    expect(read(JSON.stringify('a'.repeat(65_535)))).toEqual({
      ...refused,
      message: 'the reply is larger than 65536 bytes',
    });
  });

  it('names who passed it back', () => {
    expect(read('', { Relay: 'node-1' })).toEqual({ kind: 'acknowledged', relay: 'node-1' });
    expect(read('{"ok":false}', { Relay: 'node-1, node-2' })).toMatchObject({ relay: 'node-1, node-2' });
    expect(addRelay(undefined, 'node-1')).toBe('node-1');
    expect(addRelay('node-1', 'node-2')).toBe('node-2, node-1');
  });

  it('keeps what it says short and on one line', () => {
    const { message } = { message: '', ...read('', errorHeaders(500, 'x\r\ny '.repeat(10_000))) };
    expect(message).toMatch(/^the responder refused: 500: x y x y/);
    expect(message.length).toBeLessThan(250);
  });
});

describe('a relay request', () => {
  const request: RelayRequest = { to: 'orders.ready', hops: 1, timeoutMs: 1_500 };

  it('is read as it was asked', () => {
    expect(relaySubject('node-1')).toBe('mq-observer.relay.node-1');
    expect(readRelay(relayHeaders(request))).toEqual({ ok: true, request });
  });

  it('waits for whole milliseconds, at least one and at most an hour', () => {
    expect(readRelay(relayHeaders({ ...request, timeoutMs: -3.5 }))).toMatchObject({
      request: { timeoutMs: 1 },
    });
    expect(readRelay(relayHeaders({ ...request, timeoutMs: 1_500.9 }))).toMatchObject({
      request: { timeoutMs: 1_500 },
    });
    expect(readRelay(relayHeaders({ ...request, timeoutMs: 99_999_999 }))).toMatchObject({
      request: { timeoutMs: 3_600_000 },
    });
  });

  it('is passed on four times and no more', () => {
    expect(readRelay(relayHeaders({ ...request, hops: 4 }))).toMatchObject({ ok: true });
    expect(readRelay(relayHeaders({ ...request, hops: 5 }))).toEqual({
      ok: false,
      problem: 'passed on 4 times already, which is the most: do the relays send to each other?',
    });
  });

  it.each([
    ['Relay-To', undefined],
    ['Relay-To', ''],
    ['Relay-To', 'orders.*'],
    ['Relay-To', 'orders.>'],
    ['Relay-To', 'orders\r\nPUB x'],
    ['Relay-Hops', undefined],
    ['Relay-Hops', '0'],
    ['Relay-Hops', '-1'],
    ['Relay-Hops', '1e1'],
    ['Relay-Timeout-Ms', undefined],
    ['Relay-Timeout-Ms', '0'],
    ['Relay-Timeout-Ms', 'soon'],
  ])('is refused in words with %s: %s', (name, value) => {
    const headers = { ...relayHeaders(request) };
    if (value === undefined) delete headers[name];
    else headers[name] = value;
    expect(readRelay(headers)).toEqual({
      ok: false,
      problem: expect.stringContaining(`the ${name} header must be`),
    });
  });
});
