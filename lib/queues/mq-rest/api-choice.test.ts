import { describe, expect, it } from 'vitest';
import { settings, depthsOver, codeOf, pathsOf, queuesOf } from './mq-rest-test-support.ts';

describe('the way that is found out', () => {
  const auto = [settings('QM1', { api: 'auto' })];
  const NOT_THERE = { status: 404, value: { error: [{ msgId: 'MQWB0000E' }] } };
  const RESPONSE = {
    value: {
      commandResponse: [{ completionCode: 0, reasonCode: 0, parameters: { queue: 'Q', curdepth: 2 } }],
      overallCompletionCode: 0,
      overallReasonCode: 0,
    },
  };

  it('is the queue resource, or else commands under the newest version, and is remembered', async () => {
    const { read, requests } = depthsOver([NOT_THERE, NOT_THERE, RESPONSE, RESPONSE], auto);
    expect(queuesOf(await read())).toEqual([{ queue: 'Q', depth: 2 }]);
    await read();
    expect(pathsOf(requests)).toEqual([
      'mq.example/v1/admin/qmgr/QM1/queue',
      'mq.example/v3/admin/action/qmgr/QM1/mqsc',
      'mq.example/v2/admin/action/qmgr/QM1/mqsc',
      'mq.example/v2/admin/action/qmgr/QM1/mqsc',
    ]);
    expect(JSON.parse(String(requests[3]?.body))).toEqual({
      ...{ type: 'runCommandJSON', command: 'display', qualifier: 'qlocal', name: '*' },
      parameters: { WHERE: 'CURDEPTH GT 0' },
      responseParameters: ['curdepth', 'get', 'usage', 'deftype'],
    });
    expect(requests[3]).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
  });

  it('is the other one where the first takes no request that can be made', async () => {
    const NOT_TAKEN = { status: 400, value: { error: [{ msgId: 'MQWB0999E' }] } };
    const { read, requests } = depthsOver([NOT_TAKEN, NOT_TAKEN, RESPONSE], auto);
    expect(queuesOf(await read())).toEqual([{ queue: 'Q', depth: 2 }]);
    expect(requests).toHaveLength(3);
  });

  it('is not looked for when the login is refused or the queue manager is not known', async () => {
    for (const reply of [{ status: 401 }, { status: 404, value: { error: [{ msgId: 'MQWB0009E' }] } }]) {
      const { read, requests } = depthsOver([reply], auto);
      expect(codeOf(await read())).toBe('rejected');
      expect(requests).toHaveLength(1);
    }
  });

  it('ends when there is none', async () => {
    const { read, requests } = depthsOver([NOT_THERE, NOT_THERE, NOT_THERE, NOT_THERE], auto);
    expect(codeOf(await read())).toBe('rejected');
    expect(requests).toHaveLength(4);
  });
});
