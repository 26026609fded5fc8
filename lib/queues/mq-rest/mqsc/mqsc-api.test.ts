import { describe, expect, it } from 'vitest';
import { HttpFailure } from '../../../platform/http-client.ts';
import { createQueueNames } from '../../queue-names.ts';
import type { Extras, Question } from '../api.ts';
import { createMqscApi } from './mqsc-api.ts';

interface Reply {
  readonly status?: number;
  readonly value?: unknown;
  readonly fails?: Error;
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
  const shares: unknown[] = [];
  const api = createMqscApi('QM1', () => 0);
  const ask = async ({ body = '', timeShare }: Question) => {
    const { status = 200, value, fails } = replies[commands.length] ?? { status: 500, value: {} };
    commands.push(JSON.parse(body) as Record<string, unknown>);
    shares.push(timeShare);
    if (fails !== undefined) throw fails;
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
  return { api, ask, read, asked, shares };
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
    expect(await read()).toEqual({
      queues: FOUND,
      warnings: ['some queues could not be displayed (AMQ8149S)'],
    });
  });

  it('reads a damaged queue that alone matches as a warning', async () => {
    const { read } = scene([
      {
        value: {
          commandResponse: [{ completionCode: 2, reasonCode: 2101, message: ['AMQ8149S: damaged'] }],
          overallCompletionCode: 2,
          overallReasonCode: 3008,
        },
      },
      AGES,
    ]);
    expect(await read()).toEqual({
      queues: [],
      warnings: ['some queues could not be displayed (AMQ8149S)'],
    });
  });

  it('gives depths with a warning when the rest of the answer failed', async () => {
    const { read } = scene([
      {
        value: {
          commandResponse: [
            { completionCode: 0, reasonCode: 0, parameters: { queue: 'Q', curdepth: 2, ipprocs: 0 } },
          ],
          overallCompletionCode: 1,
          overallReasonCode: 2161,
        },
      },
      AGES,
    ]);
    expect(await read()).toEqual({
      queues: FOUND,
      warnings: ['some queues could not be displayed (reason code 2161)'],
    });
  });

  it('gives depths although the ages never come, and leaves time to go on', async () => {
    const { read, shares } = scene([QUEUES, { fails: new HttpFailure('timeout', 'silence') }]);
    expect(await read()).toEqual({
      queues: [{ queue: 'Q', depth: 2, openInputCount: 0 }],
      warnings: ['the age of messages is not known: silence.'],
    });
    expect(shares).toEqual([undefined, 0.5]);
  });

  it('asks for get, usage and deftype whatever a 400 that names nothing is about', async () => {
    const passing = { status: 400, value: { error: [{ message: 'The queue manager could not get it.' }] } };
    const { read, asked } = scene([passing, passing, QUEUES, AGES]);
    expect(await read()).toMatchObject({ queues: [{ queue: 'Q' }] });
    expect(asked().slice(0, 3)).toEqual([
      'qlocal filtered curdepth,get,usage,deftype,ipprocs',
      'qlocal all curdepth,get,usage,deftype,ipprocs',
      'qlocal all curdepth,get,usage,deftype',
    ]);
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
    const damaged = { completionCode: 2, reasonCode: 2101, message: ['AMQ8149S'] };
    const { api, ask } = scene([
      ok({ queue: 'Q', type: 'QREMOTE' }),
      refusal('x'),
      { value: { commandResponse: [{ completionCode: 2, reasonCode: 2085, message: ['AMQ8147E'] }] } },
      { value: { commandResponse: [], overallCompletionCode: 2, overallReasonCode: 3008 } },
      { value: { commandResponse: [], overallCompletionCode: 0, overallReasonCode: 0 } },
      { value: { commandResponse: [damaged], overallCompletionCode: 2, overallReasonCode: 3008 } },
      ok({ queue: 'A', type: 'QALIAS', target: 'Q', get: 'DISABLED' }),
    ]);
    expect(await api.exists(ask, 'Q')).toMatchObject({ ok: true, value: true });
    expect(await api.exists(ask, 'Q')).toMatchObject({ ok: false });
    expect(await api.exists(ask, 'X')).toMatchObject({ ok: true, value: false });
    expect(await api.exists(ask, 'X')).toMatchObject({ ok: true, value: false });
    expect(await api.exists(ask, 'X')).toMatchObject({ ok: true, value: undefined });
    expect(await api.exists(ask, 'X')).toMatchObject({ ok: true, value: true });
    expect(await api.aliases(ask)).toMatchObject({
      ok: true,
      value: new Map([['A', { target: 'Q', getInhibited: true }]]),
    });
  });
});
