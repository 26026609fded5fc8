import { describe, expect, it } from 'vitest';
import { HttpFailure } from '../../platform/http-client.ts';
import {
  settings,
  WANTED,
  depthsOver,
  messageOf,
  codeOf,
  ONE_QUEUE,
  pathsOf,
  queuesOf,
} from './mq-rest-test-support.ts';

describe('several web servers', () => {
  const pair = [settings('QM1', { baseUrls: ['https://a.example', 'https://b.example'] })];

  it.each([
    { fails: new HttpFailure('connect', 'no') },
    { fails: new HttpFailure('timeout', 'no') },
    { status: 503 },
    { status: 500, value: { error: [{ reasonCode: 2543 }] } },
  ])('are tried in turn on %j, the one that answered first from then on', async (failure) => {
    const { read, requests } = depthsOver([failure, { value: ONE_QUEUE }, { value: ONE_QUEUE }], pair);
    expect(codeOf(await read())).toBe('read');
    expect(codeOf(await read())).toBe('read');
    expect(pathsOf(requests).map((path) => path.slice(0, 9))).toEqual([
      'a.example',
      'b.example',
      'b.example',
    ]);
  });

  it('are not tried when the first says what another would say, too', async () => {
    const { read, requests } = depthsOver([{ status: 401 }], pair);
    expect(codeOf(await read())).toBe('rejected');
    expect(requests).toHaveLength(1);
  });

  it('share the time, and are all named when none answers', async () => {
    const fails = new HttpFailure('timeout', 'silence');
    const { read, requests } = depthsOver(
      [
        { fails, tookMs: 5_000 },
        { fails, tookMs: 5_000 },
      ],
      pair,
    );
    const reading = await read();
    expect(messageOf(reading)).toMatch(/a\.example: silence\. At https:\/\/b\.example: silence\./);
    expect(requests.map(({ timeoutMs }) => timeoutMs)).toEqual([5_000, 5_000]);
  });
});

describe('a web server that is slow', () => {
  const pair = [settings('QM1', { baseUrls: ['https://a.example', 'https://b.example'] })];
  const SLOW = { fails: new HttpFailure('timeout', 'silence'), tookMs: 5_000 };
  const STANDBY = { status: 500, value: { error: [{ reasonCode: 2543 }] }, tookMs: 500 };

  it('is asked once more with the time that the others left', async () => {
    const { read, requests } = depthsOver([SLOW, STANDBY, { value: ONE_QUEUE }], pair);
    expect(codeOf(await read())).toBe('read');
    expect(pathsOf(requests).map((path) => path.slice(0, 9))).toEqual([
      'a.example',
      'b.example',
      'a.example',
    ]);
    expect(requests[2]?.timeoutMs).toBe(4_500);
  });

  it('is asked no third time, and not when the other said something final', async () => {
    const over = depthsOver([SLOW, STANDBY, { ...SLOW, tookMs: 1_000 }], pair);
    expect(codeOf(await over.read())).toBe('timeout');
    expect(over.requests).toHaveLength(3);
    const final = depthsOver([SLOW, { status: 401 }], pair);
    expect(codeOf(await final.read())).toBe('timeout');
    expect(final.requests).toHaveLength(2);
  });
});

describe('a name that no queue with messages has', () => {
  const wanted = { ...WANTED, names: new Set(['ALIAS', 'EMPTY', 'GONE']) };
  const ALIASES = { value: { queue: [{ name: 'ALIAS', type: 'alias', alias: { targetName: 'Q' } }] } };
  const THERE = { value: { queue: [{ name: 'EMPTY', type: 'local' }] } };
  const GONE = { status: 404, value: { error: [{ msgId: 'MQWB0037E', reasonCode: 3312 }] } };

  it('may be an alias, empty, or missing: that is found out once', async () => {
    const replies = [{ value: ONE_QUEUE }, ALIASES, THERE, GONE, { value: ONE_QUEUE }];
    const { read, requests } = depthsOver(replies);
    for (let round = 0; round < 2; round++)
      expect(await read('QM1', wanted)).toEqual({
        kind: 'read',
        queues: new Map([['ALIAS', { queue: 'ALIAS', depth: 2, hidden: true }]]),
        notFound: new Set(['GONE']),
        warnings: [],
      });
    expect(pathsOf(requests).map((path) => path.slice('mq.example/v1/admin/qmgr/QM1/'.length))).toEqual([
      'queue',
      'queue',
      'queue/EMPTY',
      'queue/GONE',
      'queue',
    ]);
  });

  it('is asked about again once it is an alias no more, or has messages', async () => {
    const NO_ALIASES = { value: { queue: [] } };
    const LATER = { value: { queue: [{ name: 'GONE', type: 'local', status: { currentDepth: 1 } }] } };
    const { read } = depthsOver([{ value: ONE_QUEUE }, NO_ALIASES, THERE, THERE, GONE, LATER]);
    expect(await read('QM1', wanted)).toMatchObject({ notFound: new Set(['GONE']) });
    expect(await read('QM1', wanted)).toMatchObject({
      queues: new Map([['GONE', { queue: 'GONE', depth: 1 }]]),
      notFound: new Set(),
    });
  });

  it('is no missing one when it has become an alias', async () => {
    const NO_ALIASES = { value: { queue: [] }, tookMs: 1 };
    const names = new Set(['ALIAS']);
    const replies = [{ value: ONE_QUEUE }, NO_ALIASES, GONE, { value: ONE_QUEUE, tookMs: 120_000 }, ALIASES];
    const { read } = depthsOver(replies);
    expect(await read('QM1', { ...wanted, names })).toMatchObject({ notFound: names });
    expect(await read('QM1', { ...wanted, names })).toMatchObject({
      queues: new Map([['ALIAS', { queue: 'ALIAS', depth: 2, hidden: true }]]),
      notFound: new Set(),
    });
  });

  it.each([
    [true, false],
    [false, true],
    [true, true],
    [false, false],
  ])(
    'of which gets are inhibited as alias: %s, as target: %s, is what either says',
    async (alias, target) => {
      const queue = { ...ONE_QUEUE.queue[0], general: { inhibitGet: target } };
      const ofAlias = { name: 'ALIAS', alias: { targetName: 'Q' }, general: { inhibitGet: alias } };
      const replies = [{ value: { queue: [queue] } }, { value: { queue: [ofAlias] } }];
      const { read, requests } = depthsOver(replies);
      const reading = await read('QM1', { ...wanted, names: new Set(['ALIAS']) });
      expect(queuesOf(reading)).toEqual([
        { queue: 'ALIAS', depth: 2, hidden: true, ...(alias || target ? { getInhibited: true } : {}) },
      ]);
      expect(requests[1]?.url).toContain('?type=alias&attributes=general.inhibitGet');
    },
  );

  it('counts as empty when that cannot be found out', async () => {
    const failing = { status: 500 };
    const { read } = depthsOver([{ value: ONE_QUEUE }, failing, failing, failing, failing]);
    expect(await read('QM1', wanted)).toMatchObject({
      kind: 'read',
      notFound: new Set(),
      warnings: [expect.stringContaining('alias queues are not known: HTTP 500')],
    });
  });

  it('is one of a few that are asked about at once, of however many', async () => {
    const many = new Set(Array.from({ length: 1000 }, (_, index) => `EMPTY.${index}`));
    const { read, requests } = depthsOver([{ value: ONE_QUEUE }, ALIASES, THERE, THERE, THERE, THERE]);
    await read('QM1', { ...wanted, names: many });
    expect(requests).toHaveLength(6);
  });
});
