import { describe, expect, it } from 'vitest';
import { createQueueNames } from '../../queue-names.ts';
import type { Extras, Question } from '../api.ts';
import { createMqscApi } from './mqsc-api.ts';

interface Reply {
  readonly status?: number;
  readonly value: unknown;
}

const EXTRAS: Extras = { oldestMessageAge: true, openInputCount: true };
const ok = (...objects: readonly object[]): Reply => ({
  value: { commandResponse: objects.map((parameters) => ({ completionCode: 0, reasonCode: 0, parameters })) },
});
const refusal = (message: string): Reply => ({
  value: {
    commandResponse: [{ completionCode: 2, reasonCode: 3008, message: [message] }],
    overallCompletionCode: 2,
    overallReasonCode: 3008,
  },
});
const QUEUES = ok({ queue: 'Q', curdepth: 2, ipprocs: 0 });
const AGES = ok({ queue: 'Q', curdepth: 2, msgage: 30 });

/** Asks an API whose server gives these replies, and tells what it was asked. */
function scene(replies: readonly Reply[]) {
  const commands: Record<string, unknown>[] = [];
  const api = createMqscApi('QM1');
  const ask = async ({ body = '' }: Question) => {
    const { status = 200, value } = replies[commands.length] ?? { status: 500, value: {} };
    commands.push(JSON.parse(body) as Record<string, unknown>);
    const headers = { 'content-type': 'application/json' };
    return { status, headers, body: Buffer.from(JSON.stringify(value)), truncated: false };
  };
  const read = async () => {
    const result = await api.depths(ask, EXTRAS);
    if (!result.ok) return result.verdict;
    return { queues: [...result.value.pick(createQueueNames(['*'])).values()], warnings: result.warnings };
  };
  const asked = () =>
    commands.map(({ qualifier, parameters, responseParameters }) =>
      [qualifier, parameters === undefined ? 'all' : 'filtered', String(responseParameters)].join(' '),
    );
  return { api, ask, read, asked };
}

const FOUND = [{ queue: 'Q', depth: 2, openInputCount: 0, oldestMessageAgeMs: 30_000 }];

describe('reading by commands', () => {
  it('takes two when ages are wanted', async () => {
    const { read, asked } = scene([QUEUES, AGES]);
    expect(await read()).toEqual({ queues: FOUND, warnings: [] });
    expect(asked()).toEqual([
      'qlocal filtered curdepth,get,usage,deftype,ipprocs',
      'qstatus filtered curdepth,msgage',
    ]);
  });

  it('goes on without WHERE where it is not taken, and remembers that', async () => {
    const { read, asked } = scene([refusal('AMQ8405I: Syntax error'), QUEUES, AGES, QUEUES, AGES]);
    expect(await read()).toEqual({ queues: FOUND, warnings: [] });
    expect(await read()).toEqual({ queues: FOUND, warnings: [] });
    expect(asked().map((command) => command.split(' ').slice(0, 2).join(' '))).toEqual([
      'qlocal filtered',
      'qlocal all',
      'qstatus filtered',
      'qlocal all',
      'qstatus filtered',
    ]);
  });

  it.each([
    { status: 400, value: { error: [{ msgId: 'MQWB0120E', message: 'deftype' }] } },
    refusal('MQWB0120E: Attribute deftype is not valid'),
  ])('goes on without an attribute that is refused: %j', async (reply) => {
    const { read, asked } = scene([reply, QUEUES, AGES]);
    expect(await read()).toEqual({
      queues: FOUND,
      warnings: ['the web server refuses deftype: rules on these have no effect'],
    });
    expect(asked()[1]).toBe('qlocal filtered curdepth,get,usage,ipprocs');
  });

  it('gives up in few steps where everything is refused', async () => {
    const no = { status: 400, value: { error: [{ msgId: 'MQWB0110E' }] } };
    const { read, asked } = scene([no, no, no, no, no]);
    expect(await read()).toMatchObject({ code: 'rejected', notOffered: true });
    expect(asked()).toHaveLength(3);
  });

  it('gives depths although ages cannot be had', async () => {
    const { read } = scene([QUEUES, { status: 500, value: {} }]);
    expect(await read()).toEqual({
      queues: [{ queue: 'Q', depth: 2, openInputCount: 0 }],
      warnings: [expect.stringContaining('the age of messages is not known: HTTP 500')],
    });
  });

  it('warns of queues that could not be displayed', async () => {
    const partial = {
      value: {
        commandResponse: [
          { completionCode: 0, reasonCode: 0, parameters: { queue: 'Q', curdepth: 2, ipprocs: 0 } },
          { completionCode: 2, reasonCode: 2101, message: ['AMQ8149S: damaged'] },
        ],
        overallCompletionCode: 2,
        overallReasonCode: 3008,
      },
    };
    const { read } = scene([partial, AGES]);
    expect(await read()).toEqual({ queues: FOUND, warnings: ['1 queues could not be displayed (AMQ8149S)'] });
  });

  it.each([
    [2059, 'unavailable', true],
    [2543, 'unavailable', true],
    [2035, 'rejected', undefined],
    [3015, 'unavailable', undefined],
  ])('judges reason code %i in a 200 as %s', async (reasonCode, code, tryElsewhere) => {
    const { read } = scene([
      { value: { commandResponse: [], overallCompletionCode: 2, overallReasonCode: reasonCode } },
    ]);
    expect(await read()).toMatchObject({ code, ...(tryElsewhere === undefined ? {} : { tryElsewhere }) });
  });

  it('tells whether a queue is there, and what aliases there are', async () => {
    const { api, ask } = scene([
      ok({ queue: 'Q', type: 'QREMOTE' }),
      refusal('x'),
      { value: { commandResponse: [{ completionCode: 2, reasonCode: 2085, message: ['AMQ8147E'] }] } },
      ok({ queue: 'A', type: 'QALIAS', target: 'Q' }),
    ]);
    expect(await api.exists(ask, 'Q')).toMatchObject({ ok: true, value: true });
    expect(await api.exists(ask, 'Q')).toMatchObject({ ok: false });
    expect(await api.exists(ask, 'X')).toMatchObject({ ok: true, value: false });
    expect(await api.aliases(ask)).toMatchObject({ ok: true, value: new Map([['A', 'Q']]) });
  });
});
