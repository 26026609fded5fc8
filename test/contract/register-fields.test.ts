import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startObserver, type Observer } from '../support/observer.ts';

const SEVEN_KEYS = ['id', 'qmgr', 'queue', 'notify', 'failcount', 'backoff', 'last_updated'];

let observer: Observer;
/** A target that takes registrations; nobody is woken here. */
let notify: string;

beforeAll(async () => {
  observer = await startObserver();
  notify = observer.target().url;
});
beforeEach(() => observer.reset());
afterAll(() => observer.stop());

const triple = (): Record<string, string> => ({ qmgr: 'QM1', queue: 'DEV.QUEUE.1', notify });

describe('what can be registered', () => {
  const LONG = `http://127.0.0.1/${'x'.repeat(2048)}`;

  it.each([
    ['qmgr', 'Q'.repeat(49), 'characters'],
    ['qmgr', 'QM 1', 'characters'],
    ['qmgr', 'QM9', 'is not configured; configured are QM1'],
    ['qmgr', 7, 'characters'],
    ['queue', 'Q'.repeat(49), 'characters'],
    ['queue', 'A*B', '\\*'],
    ['queue', 'Ä', 'characters'],
    ['notify', LONG, '2048'],
    ['notify', 'http://user:word@127.0.0.1/', 'credentials'],
    ['notify', 'http://127.0.0.1/#there', 'fragment'],
    ['notify', 'http://', 'URL'],
    ['notify', 'ftp://127.0.0.1/', 'http\\(s\\) URL'],
    ['notify', 'No Job', 'job name'],
    ['notify', 'http://10.0.0.1/', 'private'],
    ['notify', 'http://169.254.169.254/latest', 'private'],
    ['notify', 'https://[fd00::1]/', 'private'],
    ['notify', 'http://1.1.1.1/', 'https'],
    ['id', 'a\u0007', 'control'],
    ['id', 'x'.repeat(257), '256'],
    ['when', { depth_at_least: 0 }, '1'],
    ['when', { cooldown: '5 minutes' }, 'ISO 8601'],
    ['when', { depth: 1 }, 'not a known setting'],
    ['delivery', { mode: 'smtp' }, 'cloudevents'],
    ['delivery', { attempts: 11 }, '10'],
    ['delivery', { timeout: 'PT31S' }, 'PT30S'],
  ])('is refused with the field by name: %s %j', async (field, value, words) => {
    const reply = await observer.send('POST', '/register', { json: { ...triple(), [field]: value } });
    expect(reply.status).toBe(400);
    expect(reply.json['errors']).toEqual([
      {
        field: expect.stringMatching(new RegExp(`^${field}(\\.|$)`)) as string,
        message: expect.stringMatching(words) as string,
      },
    ]);
    expect(await observer.list()).toEqual([]);
  });

  it('is told about every wrong field at once', async () => {
    const json = { qmgr: '?', queue: '?', notify, when: { cooldown: 'x' }, delivery: { attempts: 0 } };
    const { json: problem } = await observer.send('POST', '/register', { json });
    const errors = problem['errors'] as readonly { readonly field: string }[];
    expect(errors.map(({ field }) => field).toSorted()).toEqual([
      'delivery.attempts',
      'qmgr',
      'queue',
      'when.cooldown',
    ]);
  });

  it('may name a relay for a subject, and for nothing else', async () => {
    const delivery = { relay_via: 'node' };
    expect(await observer.register({ ...triple(), notify: 'nats:orders', delivery })).toMatchObject({
      notify: 'nats:orders',
      delivery,
    });
    const reply = await observer.send('POST', '/register', { json: { ...triple(), delivery } });
    expect(reply).toMatchObject({
      status: 400,
      json: { detail: expect.stringMatching('nats: targets only') as string },
    });
  });

  it('may have the longest names, a queue of a family, and a job as its target', async () => {
    const queue = `${'A.b_c/d%'.repeat(6).slice(0, 47)}*`;
    expect(await observer.register({ ...triple(), queue })).toMatchObject({ queue });
    for (const job of ['ce-mq-consumer', 'project/job', 'eu-de/my project/job'])
      expect(await observer.register({ ...triple(), notify: job })).toMatchObject({ notify: job });
  });

  it('keeps its settings behind the seven keys, names in any case', async () => {
    const settings = {
      when: { depth_at_least: 2, oldest_message_age_at_least: 'PT5M', no_reader: true, cooldown: 'PT1M' },
      delivery: { mode: 'http', timeout: 'PT2S', attempts: 1, acknowledge: false },
      job: { messages_per_instance: 10, max_instances: 3, while_running: 'start' },
    };
    const When = {
      Depth_At_Least: 2,
      Oldest_Message_Age_At_Least: 'PT5M',
      NO_READER: true,
      COOLDOWN: 'PT1M',
    };
    const sent = { ...settings, when: undefined, When };
    const stored = await observer.register({ ...triple(), ...sent });
    expect(Object.keys(stored)).toEqual([...SEVEN_KEYS, 'when', 'delivery', 'job']);
    expect(stored).toMatchObject(settings);
    expect(await observer.find(stored.id)).toEqual(stored);
  });
});
