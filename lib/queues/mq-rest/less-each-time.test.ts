import { describe, expect, it } from 'vitest';
import { settings, WANTED, depthsOver, codeOf, ONE_QUEUE } from './mq-rest-test-support.ts';

const FILTER_REFUSED = { status: 400, value: { error: [{ message: "'filter' is not valid" }] } };

describe('a filter that is refused', () => {
  it('is left out in a second request, and from then on', async () => {
    const { read, requests } = depthsOver([FILTER_REFUSED, { value: ONE_QUEUE }, { value: ONE_QUEUE }]);
    expect(codeOf(await read())).toBe('read');
    expect(requests.map(({ url }) => String(url).includes('&filter='))).toEqual([true, false]);
    expect(codeOf(await read())).toBe('read');
    expect(requests.map(({ url }) => String(url).includes('&filter='))).toEqual([true, false, false]);
  });

  it('is remembered for its own queue manager only', async () => {
    const replies = [FILTER_REFUSED, { value: ONE_QUEUE }, { value: ONE_QUEUE }];
    const { read, requests } = depthsOver(replies, [settings('QM1'), settings('QM2')]);
    await read('QM1');
    await read('QM2');
    expect(requests[2]?.url).toMatch(/\/QM2\/queue\?.*&filter=/);
  });

  it('is tried again in the next reading when the second request failed', async () => {
    const { read, requests } = depthsOver([FILTER_REFUSED, { status: 500 }, { value: ONE_QUEUE }]);
    expect(codeOf(await read())).toBe('unavailable');
    expect(codeOf(await read())).toBe('read');
    expect(requests[2]?.url).toContain('&filter=');
  });

  it('leads to no third request', async () => {
    const { read, requests } = depthsOver([FILTER_REFUSED, FILTER_REFUSED]);
    expect(codeOf(await read())).toBe('rejected');
    expect(requests).toHaveLength(2);
  });

  it('leaves the second request what is left of the time', async () => {
    const { read, requests } = depthsOver([{ ...FILTER_REFUSED, tookMs: 9_000 }, { value: ONE_QUEUE }]);
    await read();
    expect(requests.map(({ timeoutMs }) => timeoutMs)).toEqual([10_000, 1_000]);
  });

  it('may be what a 400 that names nothing is about', async () => {
    const UNNAMED = { status: 400, value: { error: [{ msgId: 'MQWB0999E' }] } };
    const { read, requests } = depthsOver([UNNAMED, { value: ONE_QUEUE }]);
    expect(codeOf(await read())).toBe('read');
    expect(requests.map(({ url }) => String(url).includes('&filter='))).toEqual([true, false]);
  });

  it.each([{ reasonCode: 2538 }, { reasonCode: 2543 }, { reasonCode: 3015, message: "'filter'" }])(
    'is not supposed on a 400 that is about the queue manager: %j',
    async (report) => {
      const { read, requests } = depthsOver([{ status: 400, value: { error: [report] } }]);
      expect(codeOf(await read())).not.toBe('read');
      expect(requests).toHaveLength(1);
    },
  );

  it('is tried again after an hour', async () => {
    const replies = [
      FILTER_REFUSED,
      { value: ONE_QUEUE },
      { value: ONE_QUEUE, tookMs: 3_600_000 },
      { value: ONE_QUEUE },
    ];
    const { read, requests } = depthsOver(replies);
    for (let round = 0; round < 3; round++) await read();
    expect(requests.map(({ url }) => String(url).includes('&filter='))).toEqual([true, false, false, true]);
  });
});

describe('an attribute that is refused', () => {
  const wanted = { ...WANTED, oldestMessageAge: true, openInputCount: true };
  const REFUSED = { status: 400, value: { error: [{ msgId: 'MQWB0120E', message: 'oldestMessageAge' }] } };

  it('is left out, with a warning, and not asked for again', async () => {
    const { read, requests } = depthsOver([REFUSED, { value: ONE_QUEUE }, { value: ONE_QUEUE }]);
    const reading = await read('QM1', wanted);
    expect(reading).toMatchObject({ kind: 'read', warnings: [expect.stringContaining('oldestMessageAge')] });
    await read('QM1', wanted);
    expect(requests.map(({ url }) => String(url).includes('status.oldestMessageAge'))).toEqual([
      true,
      false,
      false,
    ]);
    expect(String(requests[2]?.url)).toContain('status.openInputCount');
  });

  it('that is not named may be any of them', async () => {
    const UNNAMED = { status: 400, value: { error: [{ msgId: 'MQWB0120E' }] } };
    const { read, requests } = depthsOver([UNNAMED, { value: ONE_QUEUE }]);
    expect(codeOf(await read('QM1', wanted))).toBe('read');
    expect(String(requests[1]?.url)).toContain(
      '?type=local&attributes=general.inhibitGet,general.isTransmissionQueue&status=status.currentDepth&filter=',
    );
  });

  it('costs the others nothing: those that tell whether a queue counts are given up last', async () => {
    const UNNAMED = { status: 400, value: { error: [{ msgId: 'MQWB0120E' }] } };
    const { read, requests } = depthsOver([UNNAMED, UNNAMED, { value: ONE_QUEUE }]);
    expect(await read('QM1', wanted)).toMatchObject({ warnings: [expect.stringContaining('inhibitGet')] });
    expect(String(requests[2]?.url)).toMatch(/\?type=local&status=status.currentDepth&filter=/);
  });
});
