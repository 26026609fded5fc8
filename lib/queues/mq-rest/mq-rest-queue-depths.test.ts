import { describe, expect, it } from 'vitest';
import { seededRandomness } from '../../../test/support/seeded-randomness.ts';
import type { QueueManagerTrust } from '../../platform/configuration/configuration.ts';
import { HttpFailure } from '../../platform/http-client.ts';
import { secret } from '../../platform/secret.ts';
import { createMqRestQueueDepths } from './mq-rest-queue-depths.ts';
import {
  TRUST,
  settings,
  WANTED,
  scripted,
  depthsOver,
  messageOf,
  codeOf,
  ONE_QUEUE,
} from './mq-rest-test-support.ts';

describe('one reading', () => {
  it('is one request that asks for local queues with messages', async () => {
    const { read, requests } = depthsOver([{ value: ONE_QUEUE }], [settings('QM.1/A%')]);
    expect(await read('QM.1/A%')).toEqual({
      kind: 'read',
      queues: new Map([['Q', { queue: 'Q', depth: 2 }]]),
      notFound: new Set(),
      warnings: [],
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'GET',
      url: 'https://mq.example:9443/ibmmq/rest/v1/admin/qmgr/QM%2E1%2FA%25/queue?type=local&attributes=general.inhibitGet,general.isTransmissionQueue&status=status.currentDepth&filter=status.currentDepth:greaterThan:0',
      headers: {
        accept: 'application/json',
        authorization: `Basic ${Buffer.from('observer:pa:ss wörd').toString('base64')}`,
        'ibm-mq-rest-csrf-token': 'mq-observer',
      },
      repeatable: true,
      timeoutMs: 10_000,
      answerBytesMax: 16 * 1024 * 1024,
    });
  });

  it.each([
    ['dns', 'unreachable'],
    ['connect', 'unreachable'],
    ['tls', 'unreachable'],
    ['reset', 'unreachable'],
    ['blocked', 'unreachable'],
    ['timeout', 'timeout'],
    ['aborted', 'timeout'],
    ['protocol', 'unreadable'],
  ] as const)('that fails as "%s" is "%s", and is not asked again', async (failure, code) => {
    const { read, requests } = depthsOver([{ fails: new HttpFailure(failure, 'it broke (EWHY)') }]);
    const reading = await read();
    expect(codeOf(reading)).toBe(code);
    expect(messageOf(reading)).toMatch(
      /^Queue manager QM1 at https:\/\/mq\.example:9443: it broke \(EWHY\)\. [A-Z]/,
    );
    expect(requests).toHaveLength(1);
  });

  it('does not reject when the client does what it should not', async () => {
    const error = Object.assign(new TypeError('bad header: Basic b2JzZXJ2ZXI='), {
      code: 'ERR_INVALID_CHAR',
    });
    const reading = await depthsOver([{ fails: error }]).read();
    expect(codeOf(reading)).toBe('unreachable');
    expect(messageOf(reading)).toContain('ERR_INVALID_CHAR');
    expect(messageOf(reading)).not.toContain('b2JzZXJ2ZXI');
  });

  it('sends nothing when it was called off before', async () => {
    const { read, requests } = depthsOver([]);
    expect(codeOf(await read('QM1', WANTED, AbortSignal.abort()))).toBe('timeout');
    expect(requests).toHaveLength(0);
  });

  it('is unreadable when the answer is too long', async () => {
    const reading = await depthsOver([{ value: ONE_QUEUE, truncated: true }]).read();
    expect(codeOf(reading)).toBe('unreadable');
    expect(messageOf(reading)).toContain('longer than 16 MiB');
  });

  it('keeps credentials out of what it says', async () => {
    const entry = settings('QM1', {
      baseUrls: ['https://root:hunter2@mq.example'],
      login: { kind: 'basic', user: 'observer', password: secret('hunter2') },
    });
    const replies = [
      { status: 401 },
      { fails: new HttpFailure('connect', 'no') },
      { status: 200, value: [] },
    ];
    const { read } = depthsOver(replies, [entry]);
    for (const _ of replies) {
      const message = messageOf(await read());
      expect(message).toContain('https://mq.example:');
      expect(message).not.toMatch(/hunter2|root|Basic/);
    }
  });
});

describe('what is sent along', () => {
  it('leaves half of the time when it is a question about ages', async () => {
    const commandResponse = [{ completionCode: 0, reasonCode: 0, parameters: { queue: 'Q', curdepth: 2 } }];
    const reply = { value: { commandResponse }, tookMs: 2_000 };
    const { read, requests } = depthsOver([reply, reply], [settings('QM1', { api: 'mqsc' })]);
    await read('QM1', { ...WANTED, names: new Set(['*']), oldestMessageAge: true });
    expect(requests.map(({ timeoutMs }) => timeoutMs)).toEqual([10_000, 4_000]);
  });

  it('names the gateway, and nothing of a password where a certificate is the login', async () => {
    const entry = settings('QM1', { gateway: 'GW', login: { kind: 'certificate' } });
    const { read, requests } = depthsOver([{ value: ONE_QUEUE }], [entry]);
    await read();
    expect(requests[0]?.headers).toEqual({
      accept: 'application/json',
      'ibm-mq-rest-csrf-token': 'mq-observer',
      'ibm-mq-rest-gateway-qmgr': 'GW',
    });
  });
});

describe('the configured queue managers', () => {
  it('keep their order, and of two with the same name the first one counts', async () => {
    const entries = [settings('B'), settings('A'), settings('B', { baseUrls: ['https://other.example'] })];
    const { depths, read, requests } = depthsOver([{}], entries);
    expect(depths.queueManagers).toEqual(['B', 'A']);
    await read('B');
    expect(requests[0]?.url).toContain('https://mq.example:9443/');
  });

  it('are named when another one is asked for', async () => {
    const { read, requests } = depthsOver([], [settings('QM1'), settings('QM2')]);
    const reading = await read('qm1');
    expect(reading).toEqual({
      kind: 'failed',
      code: 'not-configured',
      message: 'Queue manager qm1 is not configured. Configured: QM1, QM2. Names are case-sensitive.',
    });
    expect(messageOf(await depthsOver([], []).read())).toContain('No queue manager is');
    expect(requests).toHaveLength(0);
  });

  it('are not named without end', async () => {
    const many = Array.from({ length: 1000 }, (_, number) => settings(`QM${number}`));
    expect(messageOf(await depthsOver([], many).read('X'))).toContain('QM19 and 980 more.');
  });

  it('share one client for each kind of trust', () => {
    const asked: QueueManagerTrust[] = [];
    const own = { ...TRUST, ca: 'PEM' };
    const { client } = scripted([]);
    createMqRestQueueDepths({
      queueManagers: ['A', 'B', 'C', 'D'].map((qmgr) => settings(qmgr, { trust: qmgr > 'B' ? own : TRUST })),
      http: (trust) => {
        asked.push(trust);
        return client;
      },
      timeoutMs: 1,
      random: seededRandomness(1),
    });
    expect(asked).toEqual([TRUST, own]);
  });
});
