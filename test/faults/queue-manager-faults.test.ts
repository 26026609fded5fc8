import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { secret } from '../../lib/platform/secret.ts';
import type { MqFault } from '../../local/simulators/mq/fault.ts';
import { startMqSimulator, type MqSimulator } from '../../local/simulators/mq/mq-simulator.ts';
import { createMqClient, depthsOf, mqSettings, never, wanting, type MqClient } from '../support/mq-client.ts';
import { respond, startScriptedServer } from '../support/scripted-server.ts';

const QUEUES = { 'DEV.QUEUE.1': 5 };
const WANTED = wanting(['DEV.QUEUE.1', 'DEV.QUEUE.9'], { oldestMessageAge: true, openInputCount: true });
const LTPA = { kind: 'ltpa', user: 'mqreader', password: secret('mqreader') } as const;

let simulator: MqSimulator;
const clients: MqClient[] = [];
const aClient = (...[settings, timeoutMs]: Parameters<typeof createMqClient>): MqClient => {
  const client = createMqClient(settings, timeoutMs);
  clients.push(client);
  return client;
};

beforeAll(async () => {
  simulator = await startMqSimulator({
    queueManagers: [{ name: 'QM1', queues: QUEUES, monq: 'medium' }],
    endpoints: 2,
    hangMs: 5_000,
  });
});
afterEach(() => {
  simulator.clearFaults();
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => simulator.close());

const READ = { 'DEV.QUEUE.1': 5 };
/** What a client makes of each fault, by the queue resource and by commands. */
const FAULTS: readonly (readonly [MqFault, unknown, unknown])[] = [
  ['status:400', 'rejected', 'rejected'],
  ['status:403', 'rejected', 'rejected'],
  ['status:404', 'rejected', 'rejected'],
  ['status:429', 'unavailable', 'unavailable'],
  ['status:500', 'unavailable', 'unavailable'],
  ['status:500:empty', 'unavailable', 'unavailable'],
  ['status:503', 'unavailable', 'unavailable'],
  ['status:204:empty', 'unreadable', 'unreadable'],
  ['html:200', 'unreadable', 'unreadable'],
  ['html:404', 'unreadable', 'unreadable'],
  ['html:503', 'unavailable', 'unavailable'],
  ['html:302', 'rejected', 'rejected'],
  ['hang', 'timeout', 'timeout'],
  ['slow:2000', 'timeout', 'timeout'],
  ['slowBody:2000', 'timeout', 'timeout'],
  ['reset', 'unreachable', 'unreachable'],
  ['reset:body', 'unreachable', 'unreachable'],
  ['reset:after', READ, READ],
  ['truncate', 'unreadable', 'unreadable'],
  ['notjson', 'unreadable', 'unreadable'],
  ['wrongShape:array', 'unreadable', 'unreadable'],
  ['wrongShape:text', 'unreadable', 'unreadable'],
  ['wrongShape:noList', 'unreadable', 'unreadable'],
  ['wrongShape:empty', 'unreadable', 'unreadable'],
  ['wrongShape:null', 'unreadable', {}],
  ['wrongShape:depthAsText', READ, READ],
  ['wrongShape:upperCaseKeys', READ, READ],
  ['emptyCommandResponse', READ, {}],
  ['huge:20000', {}, {}],
  ['qsgPartial', 'unavailable', 'unavailable'],
  ['nofilter', READ, READ],
  ['upperKeys', READ, READ],
  ['overAllTypo', READ, READ],
  ['attr120:get', READ, READ],
  ['attr120:ipprocs', READ, READ],
  ['damaged:DEV.QUEUE.2', READ, READ],
  ['clockSkew:600', READ, READ],
  ['dst', READ, READ],
];

describe('a queue manager that misbehaves', () => {
  it.each(FAULTS)('by %s is read as %j, and by commands as %j, in time', async (fault, v1, mqsc) => {
    simulator.setFault('QM1', fault);
    for (const [api, expected] of [
      ['v1', v1],
      ['mqsc', mqsc],
    ] as const) {
      const client = aClient([mqSettings(simulator.restBaseUrl, { api })], 500);
      expect([api, depthsOf(await client.read('QM1', WANTED, never))]).toEqual([api, expected]);
    }
  });

  it.each(['hang', 'reset', 'html:503', 'status:500', 'notjson'] as const)(
    'by %s is asked once a cycle and not more',
    async (fault) => {
      simulator.setFault('QM1', fault);
      simulator.clearJournal();
      await aClient([mqSettings(simulator.restBaseUrl)], 500).read('QM1', WANTED, never);
      expect(simulator.journal()).toHaveLength(1);
    },
  );
});

describe('a login', () => {
  it('is renewed when every cookie ends, or gets another name, once for all who wait', async () => {
    const client = aClient([mqSettings(simulator.restBaseUrl, { login: LTPA })]);
    for (const fault of ['cookieExpire', 'cookieRename'] as const) {
      await client.read('QM1', WANTED, never);
      simulator.clearJournal();
      simulator.addFault({ fault, calls: 1, path: '/queue' });
      const readings = await Promise.all(Array.from({ length: 10 }, () => client.read('QM1', WANTED, never)));
      expect(readings.map(depthsOf)).toEqual(readings.map(() => READ));
      expect(simulator.journal().filter(({ target }) => target.endsWith('/login'))).toHaveLength(1);
    }
  });

  it('with a password that has changed fails once a cycle, and no account is locked by it', async () => {
    const fresh = await startMqSimulator({ queueManagers: [{ name: 'QM1', queues: QUEUES }] });
    const client = aClient([mqSettings(fresh.restBaseUrl, { login: LTPA })]);
    await client.read('QM1', WANTED, never);
    fresh.addFault({ fault: 'rotatePassword:another', calls: 1 });
    expect(depthsOf(await client.read('QM1', WANTED, never))).toEqual(READ);
    fresh.addFault({ fault: 'cookieExpire', calls: 1 });
    fresh.clearJournal();
    expect(depthsOf(await client.read('QM1', WANTED, never))).toBe('rejected');
    expect(fresh.journal().filter(({ target }) => target.endsWith('/login'))).toHaveLength(1);
    await fresh.close();
  });
});

describe('a user who may not see every queue', () => {
  it('is told which names those may be, once in a while', async () => {
    const user = { name: 'mqreader', password: 'mqreader', role: 'MQWebUser', queues: ['DEV.*'] } as const;
    const own = await startMqSimulator({
      users: [user],
      queueManagers: [{ name: 'QM1', queues: { ...QUEUES, 'APP.HIDDEN': 3 } }],
    });
    for (const api of ['v1', 'mqsc'] as const) {
      const client = aClient([mqSettings(own.restBaseUrl, { api })]);
      for (let round = 0; round < 2; round++) {
        own.clearJournal();
        const reading = await client.read('QM1', wanting(['DEV.QUEUE.1', 'APP.HIDDEN']), never);
        expect(depthsOf(reading)).toEqual(READ);
        expect(reading).toMatchObject({
          notFound: new Set(),
          warnings: [expect.stringContaining('the user may not see APP.HIDDEN, or')],
        });
        // Queues, aliases and the name itself; from then on queues alone.
        expect(own.journal()).toHaveLength(round === 0 ? 3 : 1);
      }
    }
    await own.close();
  });
});

describe('commands of which one hangs', () => {
  it('give depths in time, without ages', async () => {
    let commands = 0;
    const server = await startScriptedServer((socket) => {
      commands += 1;
      if (commands > 1) return;
      const item = { completionCode: 0, reasonCode: 0, parameters: { queue: 'DEV.QUEUE.1', curdepth: 5 } };
      respond(
        socket,
        '200 OK',
        ['content-type: application/json'],
        JSON.stringify({ commandResponse: [item], overallCompletionCode: 0, overallReasonCode: 0 }),
      );
    });
    const client = aClient([mqSettings(server.url, { api: 'mqsc' })], 1_000);
    const reading = await client.read('QM1', wanting(['DEV.*'], { oldestMessageAge: true }), never);
    expect(depthsOf(reading)).toEqual(READ);
    expect(reading).toMatchObject({ warnings: [expect.stringContaining('age of messages is not known')] });
    await server.close();
  });
});

describe('a pair of servers', () => {
  it('goes on when the active one changes, and asks that one first from then on', async () => {
    simulator.addQueueManager({ name: 'HA', queues: QUEUES, activeOn: 0 });
    const client = aClient([mqSettings(simulator.restBaseUrls, { qmgr: 'HA' })]);
    const asked = async (): Promise<number> => {
      simulator.clearJournal();
      expect(depthsOf(await client.read('HA', wanting(['DEV.QUEUE.1']), never))).toEqual(READ);
      return simulator.journal().length;
    };
    expect(await asked()).toBe(1);
    simulator.flip('HA');
    expect(await asked()).toBe(2);
    expect(await asked()).toBe(1);
  });
});

describe('ten megabytes', () => {
  it('of queues are read; cut in the middle they are not', async () => {
    simulator.setFault('QM1', 'huge:60000');
    const client = aClient([mqSettings(simulator.restBaseUrl)], 20_000);
    const reading = await client.read('QM1', wanting(['DEV.QUEUE.1', 'HUGE*', 'NONE.*']), never);
    expect(reading.kind).toBe('read');
  });
});

describe('answers that were tampered with', () => {
  const BODY = JSON.stringify({
    queue: [
      { name: 'A', type: 'local', general: { inhibitGet: false }, status: { currentDepth: 4 } },
      { name: 'B', type: 'local', status: { currentDepth: 0, oldestMessageAge: -1 } },
    ],
  });
  const tampered = fc
    .tuple(fc.nat(BODY.length - 1), fc.nat(12), fc.string({ maxLength: 6 }))
    .map(([at, cut, text]) => BODY.slice(0, at) + text + BODY.slice(at + cut));

  it('never throw, hang, or wake for a queue that is not there', async () => {
    let body = '';
    const server = await startScriptedServer((socket) =>
      respond(socket, '200 OK', ['content-type: application/json'], body),
    );
    const client = aClient([mqSettings(server.url, { api: 'v1' })], 2_000);
    await fc.assert(
      fc.asyncProperty(tampered, async (text) => {
        body = text;
        const reading = await client.read('QM1', wanting(['A', 'B']), never);
        if (reading.kind === 'failed') {
          expect(reading.code).toBe('unreadable');
          return;
        }
        for (const { queue, depth } of reading.queues.values()) {
          expect(['A', 'B']).toContain(queue);
          expect(text).toContain(String(depth));
        }
      }),
      { numRuns: 300 },
    );
    await server.close();
  });
});
