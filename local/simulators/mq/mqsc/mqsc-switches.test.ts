import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startMqSimulator, type MqSimulator } from '../mq-simulator.ts';
import { DEFAULT_SWITCHES } from '../switches.ts';
import { askRest, display } from '../testing/rest-caller.ts';

let simulator: MqSimulator;
beforeAll(async () => {
  simulator = await startMqSimulator({
    queueManagers: [
      {
        name: 'QM1',
        preload: false,
        monq: 'medium',
        queues: { 'DEV.QUEUE.1': 3, 'DEV.QUEUE.2': 0, 'ORDERS.IN': { depth: 10, uncommittedPuts: 2 } },
      },
      { name: 'ZOS', platform: 'zos', preload: false, queues: { QUEUE1: 200 } },
    ],
  });
});
afterAll(() => simulator.close());
beforeEach(() => simulator.setSwitches(DEFAULT_SWITCHES));

const WHERE = {
  qualifier: 'qlocal',
  parameters: { WHERE: 'CURDEPTH GT 0' },
  responseParameters: ['curdepth'],
};
const shown = (parameters: unknown): unknown => ({ completionCode: 0, reasonCode: 0, parameters });
const whole = (...commandResponse: unknown[]): object => ({
  commandResponse,
  overallCompletionCode: 0,
  overallReasonCode: 0,
});

describe('the switches of commands', () => {
  it.each([
    ['yesNo', 'YES'],
    ['number', 2],
    ['string', '2'],
    ['array', [2, 0]],
    ['missing', undefined],
  ])('uncomAs %s', async (uncomAs, uncom) => {
    simulator.setSwitches({ uncomAs });
    const { value } = await display(simulator, 'QM1', {
      qualifier: 'qs',
      name: 'ORDERS.IN',
      responseParameters: ['uncom'],
    });
    expect(value).toEqual(
      whole(shown({ queue: 'ORDERS.IN', type: 'QUEUE', ...(uncom === undefined ? {} : { uncom }) })),
    );
  });

  it.each([
    ['item2085', [{ completionCode: 2, reasonCode: 2085, message: [expect.any(String)] }], 2, 3008],
    ['noText', [{ completionCode: 2, reasonCode: 2085 }], 2, 3008],
    ['emptyOk', [], 0, 0],
    ['empty3008', [], 2, 3008],
  ])('noMatchAs %s', async (noMatchAs, commandResponse, overallCompletionCode, overallReasonCode) => {
    simulator.setSwitches({ noMatchAs });
    const { value } = await display(simulator, 'QM1', { qualifier: 'qlocal', name: 'NONE*' });
    expect(value).toEqual({ commandResponse, overallCompletionCode, overallReasonCode });
  });

  it.each([
    ['syntaxError', 200, 'AMQ8405I'],
    ['400', 400, 'WHERE'],
    ['ignored', 200, 'DEV.QUEUE.2'],
  ])('whereAccepted %s', async (whereAccepted, status, words) => {
    simulator.setSwitches({ whereAccepted });
    const answered = await display(simulator, 'QM1', WHERE);
    expect(answered.status).toBe(status);
    expect(answered.text).toContain(words);
  });

  it('overallReasonKey', async () => {
    simulator.setSwitches({ overallReasonKey: 'overAllReasonCode' });
    expect((await display(simulator, 'QM1', { qualifier: 'qlocal' })).value).toHaveProperty(
      'overAllReasonCode',
      0,
    );
  });
});

describe('a display as text', () => {
  const run = async (qmgr: string, command: string): Promise<unknown> => {
    const body = { type: 'runCommand', parameters: { command } };
    return (await askRest(simulator, `/v3/admin/action/qmgr/${qmgr}/mqsc`, { method: 'POST', body })).value;
  };
  const text = (...lines: unknown[]): unknown => whole({ completionCode: 0, reasonCode: 0, text: lines });

  it('is a line per queue on distributed platforms', async () => {
    expect(await run('QM1', "dis ql('DEV.QUEUE.1') curdepth")).toEqual(
      text('AMQ8409I: Display Queue details.   QUEUE(DEV.QUEUE.1) TYPE(QLOCAL) CURDEPTH(3)'),
    );
    expect(await run('QM1', 'DISPLAY QLOCAL(*) WHERE(CURDEPTH GT 5) CURDEPTH')).toEqual(
      text(expect.stringContaining('QUEUE(ORDERS.IN)')),
    );
  });

  it('is one item on z/OS', async () => {
    expect(await run('ZOS', 'DISPLAY QLOCAL(QUEUE1) CURDEPTH')).toEqual(
      text(
        'CSQN205I   COUNT=       3, RETURN=00000000, REASON=00000000',
        'CSQM401I +ZOS QUEUE(QUEUE1) TYPE(QLOCAL) QSGDISP(QMGR) CURDEPTH(200)',
        "CSQ9022I +ZOS CSQMDRTS ' DISPLAY QLOCAL' NORMAL COMPLETION",
      ),
    );
  });
});
