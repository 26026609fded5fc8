import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMqSimulator, type MqSimulator } from '../../local/simulators/mq/mq-simulator.ts';
import { startObserver, type Observer } from '../support/observer.ts';

/** Two web servers of MQ, whose users differ: who answers tells whose settings were used. */
let first: MqSimulator;
let second: MqSimulator;
let observer: Observer;

const QUEUE = 'DEV.QUEUE.1';
const NAMES = ['PLAIN', 'NUMBERED', 'FROM.FILE', 'OWN.SERVER', 'RENAMED', 'ADDED'];
const CLOSED = { MQ_REST_HOST: 'http://127.0.0.1', MQ_REST_PORT: '1' };

beforeAll(async () => {
  const queueManagers = NAMES.map((name) => ({ name, queues: { [QUEUE]: 1 } }));
  first = await startMqSimulator({ queueManagers, users: [{ name: 'one', password: 'pass: wörd ' }] });
  second = await startMqSimulator({ queueManagers, users: [{ name: 'two', password: 'second' }] });
  const own = {
    ...{ MQ_REST_HOST: second.restUrl, MQ_REST_PORT: second.restPort },
    ...{ ADMIN_USER: 'two', ADMIN_PASSWORD: 'second' },
  };
  observer = await startObserver({
    queueManagers: [],
    envFile: {
      MQ_ENDPOINTS: [
        { QMGR: 'REPLACED', ...CLOSED, ADMIN_USER: 'nobody', ADMIN_PASSWORD: 'nothing' },
        { QMGR: 'FROM.FILE' },
        { QMGR: 'OWN.SERVER', ...own },
        { QMGR: 'BEFORE', ...own },
      ],
    },
    env: {
      QMGR: 'PLAIN',
      QMGR0: 'NUMBERED',
      MQ_REST_HOST: first.restUrl,
      MQ_REST_PORT: '1',
      MQ_REST_PORT0: String(first.restPort),
      ADMIN_USER: 'one',
      ADMIN_PASSWORD: 'pass: wörd ',
      QMGR3: 'RENAMED',
      QMGR4: 'ADDED',
    },
  });
});
afterAll(() => Promise.all([observer.stop(), first.close(), second.close()]));

describe('the configuration of queue managers', () => {
  it('case 57: takes the file, over it plain variables, over them numbered ones', async () => {
    const json = { qmgr: 'NONE', queue: QUEUE, notify: observer.target().url };
    const { status, json: problem } = await observer.send('POST', '/register', { json });
    expect(status).toBe(400);
    expect(problem['detail']).toBe(
      'qmgr is not configured; configured are NUMBERED, FROM.FILE, OWN.SERVER, RENAMED, ADDED',
    );
  });

  it('cases 57 and 58: fills blanks from slot 0, and leaves alone what a slot has of its own', async () => {
    const apps = new Map<string, ReturnType<Observer['target']>>();
    for (const qmgr of ['NUMBERED', 'FROM.FILE', 'OWN.SERVER', 'RENAMED', 'ADDED']) {
      const app = observer.target();
      apps.set(qmgr, app);
      await observer.register({ id: qmgr, qmgr, queue: QUEUE, notify: app.url });
    }
    const report = await observer.notify();
    expect(report.queue_managers.map(({ qmgr, outcome }) => [qmgr, outcome])).toEqual(
      [...apps.keys()].toSorted().map((qmgr) => [qmgr, 'ok']),
    );
    expect([...apps.values()].map(({ wakeUps }) => wakeUps.length)).toEqual([1, 1, 1, 1, 1]);
    const asked = (mq: MqSimulator) => mq.journal().map(({ qmgr }) => qmgr);
    expect(asked(first).toSorted()).toEqual(['ADDED', 'FROM.FILE', 'NUMBERED']);
    expect(asked(second).toSorted()).toEqual(['OWN.SERVER', 'RENAMED']);
  });
});

describe('a configuration that is wrong', () => {
  it.each([
    ['NOTIFY_INTERVAL', 'abc'],
    ['NOTIFY_INTERVAL', '0'],
    ['NOTIFY_INTERVAL', '1.5'],
    ['NOTIFY_SCHEDULE', 'now and then'],
    ['FAIL_LIMIT', 'ten'],
    ['BACKOFF_DURATION', '-1'],
    ['MQ_TIMEOUT', '10'],
    ['MQ_REST_PORT', '99999'],
    ['MQ_REST_HOSTS', 'mq.example.com,ftp://mq.example.com'],
    ['API', 'v3'],
    ['LOGIN', 'token'],
    ['CA_FILE', './no-such-file.pem'],
    ['REGISTER_TOKENS', 'short'],
    ['ALLOW_TARGETS', '10.0.0.0/99'],
    ['LOG_LEVEL', 'loud'],
    ['seeddata', 'no JSON'],
  ])(
    'case 59, as the contract has it: is a problem by its key, and nothing starts: %s=%s',
    async (key, value) => {
      await expect(startObserver({ env: { [key]: value } })).rejects.toThrow(
        new RegExp(`^${key} .*expected`),
      );
    },
  );

  it('case 59: is told as a whole', async () => {
    const wrong = startObserver({ env: { NOTIFY_INTERVAL: 'abc', FAIL_LIMIT: '0', DELIVERY_PER_HOST: 'x' } });
    await expect(wrong).rejects.toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /(?=[^]*NOTIFY_INTERVAL)(?=[^]*FAIL_LIMIT)(?=[^]*DELIVERY_PER_HOST)/,
        ) as string,
      }),
    );
  });

  it('case 59: is no problem where a value is blank: the default counts', async () => {
    const blank = await startObserver({ env: { NOTIFY_INTERVAL: ' ', FAIL_LIMIT: '' } });
    const { status } = await blank.send('GET', '/register');
    await blank.stop();
    expect(status).toBe(200);
  });

  it('case 59: is what every function answers with where no host looks first', async () => {
    const wrong = { NOTIFY_INTERVAL: 'abc', FAIL_LIMIT: '0', REGISTER_TOKENS: 'too-short' };
    const deployed = await startObserver({ functionEnv: wrong });
    try {
      for (const path of ['/register', '/notify', '/functions/notify-cycle', '/functions/persist']) {
        const reply = await deployed.send('POST', path);
        expect(reply.status).toBe(500);
        expect(reply.json).toMatchObject({ type: 'urn:mq-observer:problem:misconfigured' });
        const errors = reply.json['errors'] as readonly { readonly field: string }[];
        expect(errors.map(({ field }) => field).toSorted()).toEqual(Object.keys(wrong).toSorted());
        expect(reply.text).not.toContain('too-short');
      }
    } finally {
      await deployed.stop();
    }
  });
});
