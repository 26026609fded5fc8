import { describe, expect, it } from 'vitest';
import { testSealer } from '../../test/support/test-store.ts';
import { checkRequest } from './check-request.ts';
import { registrationRecord } from './generated/validators.cjs';

const TRIPLE = { qmgr: 'QM1', queue: 'DEV.QUEUE.1', notify: 'https://app.example/hook' };
const errorsOf = (given: unknown): unknown => {
  const checked = checkRequest(given);
  return checked.ok ? [] : checked.errors.map(({ field, message }) => `${field} ${message}`);
};
const headers = (count: number, value = 'v'): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`X-${index}`, value]));

describe('the settings of a registration', () => {
  it.each<object>([
    { when: {} },
    { when: { depth_at_least: 1, cooldown: 'PT0S' } },
    { when: { depth_at_least: 999_999_999, cooldown: 'P1W2DT3H4M5.678S' } },
    { when: { oldest_message_age_at_least: 'PT1S', no_reader: true } },
    { when: { oldest_message_age_at_least: 'P365D', depth_at_least: 5, no_reader: false } },
    { delivery: {} },
    { delivery: { mode: 'cloudevents' } },
    { delivery: { mode: 'cloudevents-structured', acknowledge: false } },
    { delivery: { mode: 'http', timeout: 'PT1S', attempts: 1 } },
    { delivery: { timeout: 'PT30S', attempts: 10 } },
    { delivery: { headers: headers(16) } },
    { delivery: { headers: { Authorization: 'Bearer abc', 'X-Empty': '', "x~!#$%&'*+.^_`|": '\t "{}' } } },
    { delivery: { headers: { [`h${'h'.repeat(63)}`]: 'v'.repeat(4096) } } },
    { delivery: { headers: JSON.parse('{"__proto__":"v","constructor":"v"}') as object } },
    { notify: 'nats:orders', delivery: { relay_via: 'node-1' } },
    { job: { messages_per_instance: 1, max_instances: 1000, while_running: 'skip' } },
    { job: { messages_per_instance: 1_000_000, while_running: 'start' } },
    { unknown: 'ignored, as in the original' },
  ])('may be %j', (settings) => {
    expect(checkRequest({ ...TRIPLE, ...settings })).toEqual({ ok: true, value: { ...TRIPLE, ...settings } });
  });

  it.each<[object, string | RegExp]>([
    [{ when: 5 }, 'when must be object'],
    [{ when: [] }, 'when must be object'],
    [{ when: { depth: 5 } }, 'when.depth is not a known setting'],
    [{ when: { depth_at_least: 0 } }, 'when.depth_at_least must be >= 1'],
    [{ when: { depth_at_least: 1.5 } }, 'when.depth_at_least must be integer'],
    [{ when: { depth_at_least: '5' } }, 'when.depth_at_least must be integer'],
    [{ when: { depth_at_least: 1e9 } }, 'when.depth_at_least must be <= 999999999'],
    [{ when: { cooldown: '5m' } }, 'when.cooldown must be an ISO 8601 duration such as PT5M'],
    [{ when: { cooldown: 'P' } }, 'when.cooldown must be an ISO 8601 duration such as PT5M'],
    [{ when: { cooldown: 'PT' } }, 'when.cooldown must be an ISO 8601 duration such as PT5M'],
    [{ when: { cooldown: 'P1M' } }, 'when.cooldown must be an ISO 8601 duration such as PT5M'],
    [{ when: { cooldown: '-PT5M' } }, 'when.cooldown must be an ISO 8601 duration such as PT5M'],
    [{ when: { cooldown: 300 } }, 'when.cooldown must be an ISO 8601 duration such as PT5M'],
    [{ when: { cooldown: 'P99999999999999W' } }, /^when\.cooldown must be an ISO 8601 duration/],
    [
      { when: { oldest_message_age_at_least: 'PT0.999S' } },
      'when.oldest_message_age_at_least must be an ISO 8601 duration from PT1S to P365D',
    ],
    [
      { when: { oldest_message_age_at_least: 'P365DT1S' } },
      'when.oldest_message_age_at_least must be an ISO 8601 duration from PT1S to P365D',
    ],
    [
      { when: { oldest_message_age_at_least: 300 } },
      'when.oldest_message_age_at_least must be an ISO 8601 duration such as PT5M',
    ],
    [{ when: { no_reader: 'yes' } }, 'when.no_reader must be boolean'],
    [{ delivery: { mode: 'smtp' } }, 'delivery.mode must be cloudevents, cloudevents-structured or http'],
    [{ delivery: { mode: 'HTTP' } }, 'delivery.mode must be cloudevents, cloudevents-structured or http'],
    [{ delivery: { timeout: 'PT0.5S' } }, 'delivery.timeout must be an ISO 8601 duration from PT1S to PT30S'],
    [{ delivery: { timeout: 'PT31S' } }, 'delivery.timeout must be an ISO 8601 duration from PT1S to PT30S'],
    [{ delivery: { timeout: 15 } }, 'delivery.timeout must be an ISO 8601 duration such as PT15S'],
    [{ delivery: { attempts: 0 } }, 'delivery.attempts must be >= 1'],
    [{ delivery: { attempts: 11 } }, 'delivery.attempts must be <= 10'],
    [{ delivery: { acknowledge: 'false' } }, 'delivery.acknowledge must be boolean'],
    [{ delivery: { relay_via: 'node-1' } }, 'delivery.relay_via is for nats: targets only'],
    [
      { notify: 'nats:orders', delivery: { headers: { 'Nats-Rollup': 'all' } } },
      'delivery.headers.Nats-Rollup is set by the observer itself',
    ],
    [{ delivery: { retries: 3 } }, 'delivery.retries is not a known setting'],
    [
      { delivery: JSON.parse('{"__proto__":{"attempts":3}}') as object },
      'delivery.__proto__ is not a known setting',
    ],
    [{ delivery: { headers: [] } }, 'delivery.headers must be at most 16 headers with valid names'],
    [{ delivery: { headers: headers(17) } }, 'delivery.headers must be at most 16 headers with valid names'],
    [
      { delivery: { headers: { 'a b': 'v' } } },
      'delivery.headers must be at most 16 headers with valid names',
    ],
    [
      { delivery: { headers: { 'a:': 'v' } } },
      'delivery.headers must be at most 16 headers with valid names',
    ],
    [{ delivery: { headers: { '': 'v' } } }, 'delivery.headers must be at most 16 headers with valid names'],
    [
      { delivery: { headers: { 'a\r\nb': 'v' } } },
      'delivery.headers must be at most 16 headers with valid names',
    ],
    [
      { delivery: { headers: { ['h'.repeat(65)]: 'v' } } },
      'delivery.headers must be at most 16 headers with valid names',
    ],
    [{ delivery: { headers: { a: '***' } } }, 'delivery.headers.a is masked; send the value itself'],
    [
      { delivery: { headers: { 'X-Key': '1', 'x-key': '2' } } },
      'delivery.headers.x-key is given twice, in another case',
    ],
    [
      { delivery: { headers: { 'x-key': '1', 'X-KEY': '2' } } },
      'delivery.headers.X-KEY is given twice, in another case',
    ],
    [{ job: { max_instances: 0 } }, 'job.max_instances must be >= 1'],
    [{ job: { messages_per_instance: 1e7 } }, 'job.messages_per_instance must be <= 1000000'],
    [{ job: { while_running: 'kill' } }, 'job.while_running must be skip or start'],
    [{ job: { name: 'x' } }, 'job.name is not a known setting'],
    [{ qmgr: 5 }, 'qmgr must be 1 to 48 characters of A-Z a-z 0-9 . / _ %'],
    [{ notify: 'x'.repeat(2049) }, 'notify must be a text of at most 2048 characters'],
    [{ notify: 'Not A Job' }, /^notify must be an http\(s\) URL/],
  ])('may not be %j', (settings, message) => {
    expect(errorsOf({ ...TRIPLE, ...settings })).toEqual([
      expect.stringMatching(typeof message === 'string' ? exactly(message) : message),
    ]);
  });

  it.each([
    ['Line\r\nInjected: yes'],
    ['a\nb'],
    ['a\u0000b'],
    ['a\u007fb'],
    ['ä'],
    ['😀'],
    ['v'.repeat(4097)],
    [5],
    [null],
    [['v']],
  ])('may not have the header value %j', (value) => {
    expect(errorsOf({ ...TRIPLE, delivery: { headers: { 'X~a': value } } })).toEqual([
      'delivery.headers.X~a must be at most 4096 characters of printable ASCII',
    ]);
  });

  it.each([
    'Host',
    'content-length',
    'CONTENT-TYPE',
    'Content-Encoding',
    'Transfer-Encoding',
    'Connection',
    'Keep-Alive',
    'TE',
    'Trailer',
    'Upgrade',
    'Expect',
    'Proxy-Authorization',
    'webhook-signature',
    'CE-Id',
    'ce-anything',
    'traceparent',
    'tracestate',
  ])('may not set the header %s', (name) => {
    expect(errorsOf({ ...TRIPLE, delivery: { headers: { [name]: 'v' } } })).toEqual([
      `delivery.headers.${name} is set by the observer itself`,
    ]);
  });

  it('are all told at once, each once, and none with its value', () => {
    const secret = 'hunter2\n';
    const given = {
      qmgr: 'a b',
      queue: 'a b',
      notify: 'job',
      when: { depth_at_least: 'x', cooldown: 'x' },
      delivery: { headers: { a: secret, b: secret }, mode: secret },
    };
    const errors = errorsOf(given);
    expect(new Set((errors as string[]).map((line) => line.split(' ')[0]))).toEqual(
      new Set([
        'delivery.headers.a',
        'delivery.headers.b',
        'delivery.mode',
        'qmgr',
        'queue',
        'when.cooldown',
        'when.depth_at_least',
      ]),
    );
    expect(errors).toHaveLength(7);
    expect(JSON.stringify(errors)).not.toContain('hunter2');
  });

  it('that are taken can be stored: an encrypted header is longer than what its owner sent', () => {
    const longest = testSealer.seal('v'.repeat(4096), 'x');
    const stored = {
      ...TRIPLE,
      id: 'x',
      format: 1,
      revision: 'r',
      lastUpdatedMs: 0,
      delivery: { headers: { a: longest } },
    };
    expect(registrationRecord(stored)).toBe(true);
    expect(errorsOf({ ...TRIPLE, delivery: { headers: { a: longest } } })).toEqual([]);
  });
});

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[.*+?^$()[\]{}|\\]/g, '\\$&')}$`);
}
