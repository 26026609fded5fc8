import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { seededRandomness } from '../../../test/support/seeded-randomness.ts';
import type { HttpClient } from '../../platform/http-client.ts';
import { createQueueManagerReader } from './queue-manager-reader.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const COUNT = 100_000;
const QUEUES = Array.from({ length: COUNT }, (_, index) => ({
  ...{ name: `Q${index}`, type: 'local' },
  status: { currentDepth: 1 },
}));
const LONG = Buffer.from(JSON.stringify({ queue: QUEUES.splice(0) }));
const NONE = Buffer.from('{"queue":[]}');

describe('a reading that asks about names', () => {
  it('holds no long answer meanwhile', async () => {
    const heapBytes: number[] = [];
    const http: HttpClient = {
      send: async ({ url }) => {
        await turn();
        collectGarbage();
        heapBytes.push(process.memoryUsage().heapUsed);
        const body = String(url).includes('type=local') ? LONG : NONE;
        const headers = { 'content-type': 'application/json' };
        return { status: 200, headers, body, truncated: false };
      },
      close: () => undefined,
    };
    const read = createQueueManagerReader({
      settings: {
        ...{ qmgr: 'QM1', baseUrls: ['https://mq.example'], api: 'v1', gateway: undefined },
        login: { kind: 'certificate' },
        trust: { allowSelfSigned: false, ca: undefined, certificate: undefined },
      },
      ...{ http, timeoutMs: 10_000, nowMs: () => 0, random: seededRandomness(1) },
    });
    const wanted = { names: new Set(['Q7', 'EMPTY']), oldestMessageAge: false, openInputCount: false };
    await read(wanted, new AbortController().signal);
    const [before = 0, withAnswer = 0, after = 0] = heapBytes;
    // While aliases are asked for it is there; after that nothing of it is.
    expect(withAnswer - before).toBeGreaterThan(10_000_000);
    expect(after - before).toBeLessThan((withAnswer - before) / 5);
  });
});
