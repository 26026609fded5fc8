import { describe, expect, it } from 'vitest';
import { judgeFailedAnswer } from './failed-answer.ts';

interface Given {
  readonly report?: object;
  readonly body?: string;
  readonly type?: string;
  readonly location?: string;
}

function judge(status: number, { report, body, type, location }: Given = {}) {
  const text = report === undefined ? (body ?? '') : JSON.stringify({ error: [report] });
  const contentType = type ?? (report === undefined ? undefined : 'application/json;charset=utf-8');
  const headers = {
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(location === undefined ? {} : { location }),
  };
  return judgeFailedAnswer({ status, headers, body: Buffer.from(text), truncated: false });
}

const HTML = { body: '<html>reasonCode 2035</html>', type: 'text/html' };

describe('the verdict on an answer that is not 200', () => {
  it.each<[number, Given, string]>([
    [401, { report: { msgId: 'MQWB0105E' } }, 'rejected'],
    [401, HTML, 'rejected'],
    [401, {}, 'rejected'],
    [403, { report: { msgId: 'MQWB0108E' } }, 'rejected'],
    [403, HTML, 'rejected'],
    [500, { report: { reasonCode: 2035 } }, 'rejected'],
    [404, { report: { msgId: 'MQWB0009E', reasonCode: 2058 } }, 'rejected'],
    [500, { report: { reasonCode: 2058 } }, 'rejected'],
    [404, { report: {} }, 'rejected'],
    [404, HTML, 'unreadable'],
    [404, {}, 'unreadable'],
    [400, { report: { msgId: 'MQWB0120E' } }, 'rejected'],
    [400, HTML, 'unreadable'],
    [405, { report: {} }, 'rejected'],
    [408, {}, 'unavailable'],
    [429, HTML, 'unavailable'],
    [500, {}, 'unavailable'],
    [502, HTML, 'unavailable'],
    [503, { report: { reasonCode: 2059 } }, 'unavailable'],
    [404, { report: { reasonCode: 2543 } }, 'unavailable'],
    [400, { report: { reasonCode: 2538 } }, 'unavailable'],
    [302, { location: '/login' }, 'rejected'],
    [304, {}, 'rejected'],
    [204, {}, 'unreadable'],
    [206, { body: '{"queue":[]}', type: 'application/json' }, 'unreadable'],
    [299, { report: {} }, 'unreadable'],
  ])('on %i %j is "%s"', (status, given, code) => {
    expect(judge(status, given).code).toBe(code);
  });

  it('says the status, the message and the reason code, and what to do', () => {
    const { what, toDo } = judge(404, { report: { msgId: 'MQWB0009E', reasonCode: 2058, message: 'text' } });
    expect(what).toBe(
      'HTTP 404 (MQWB0009E, reason code 2058): the MQ web server does not know this queue manager.',
    );
    expect(toDo).toContain('QMGR');
  });

  it('tells a standby from a queue manager that does not run', () => {
    expect(judge(500, { report: { reasonCode: 2543 } }).what).toContain('standby');
    expect(judge(503, { report: { reasonCode: 2059 } }).what).toContain('does not run');
  });

  it('shows where a redirect leads without what may be secret in it', () => {
    const location = 'https://user:pass@login.example/sso?token=abc#frag';
    expect(judge(302, { location }).what).toContain('(to https://login.example/sso)');
    expect(judge(302, {}).what).toContain('HTTP 302:');
  });

  it('quotes no free text of the answer', () => {
    const report = {
      msgId: 'a\nb',
      reasonCode: '2058',
      message: 'secret',
      explanation: 'secret',
      action: 'secret',
    };
    const { what, toDo } = judge(400, { report });
    expect(`${what} ${toDo}`).not.toMatch(/secret|\n|2058/);
  });

  it.each([
    [404, { report: {} }, true, false],
    [404, HTML, true, false],
    [405, {}, true, false],
    [404, { report: { msgId: 'MQWB0009E' } }, false, false],
    [401, {}, false, false],
    [503, HTML, false, true],
    [500, { report: { reasonCode: 2543 } }, false, true],
    [429, {}, false, false],
  ])(
    'knows on %i %j whether another API (%s) or another server (%s) may do better',
    (status, given, api, elsewhere) => {
      const verdict = judge(status, given);
      expect([verdict.notOffered ?? false, verdict.tryElsewhere ?? false]).toEqual([api, elsewhere]);
    },
  );
});
