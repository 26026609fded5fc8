import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const RIGHT = {
  MQ_REST_URL: 'https://mq.example.com:9443/',
  MQ_USER: 'app',
  MQ_PASSWORD: 'secret-word',
  CE_QMGR: 'QM1',
  CE_QUEUE: 'ORDERS/%NEW',
};

describe('the settings', () => {
  it('have limits of their own', () => {
    expect(readSettings(RIGHT)).toEqual({
      problems: [],
      settings: {
        restUrl: 'https://mq.example.com:9443',
        user: 'app',
        password: 'secret-word',
        queueManager: 'QM1',
        queue: 'ORDERS/%NEW',
        messageBytesMax: 1_048_576,
        runSecondsMax: 600,
      },
    });
  });

  it('that are missing are named all at once', () => {
    expect(readSettings({}).problems).toEqual(
      ['MQ_REST_URL', 'MQ_USER', 'MQ_PASSWORD', 'CE_QMGR', 'CE_QUEUE'].map((name) => `${name} is missing`),
    );
  });

  it.each([
    ['MQ_REST_URL', 'mq.example.com', 'must be a URL'],
    ['MQ_REST_URL', 'http://mq.example.com:9080', 'must begin with https:'],
    ['MQ_REST_URL', 'https://app:secret-word@mq.example.com', 'must carry no user'],
    ['MQ_REST_URL', 'https://mq.example.com/ibmmq/rest', 'must end after host and port'],
    ['MQ_USER', 'a:b', 'must have no colon'],
    ['CE_QUEUE', '../ORDERS?', 'is no name of MQ'],
    ['MAX_MESSAGE_BYTES', '1e99', 'must be a whole number'],
    ['MAX_RUN_SECONDS', '0', 'must be a whole number'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0', 'NODE_EXTRA_CA_CERTS'],
  ])('%s=%s is refused', (name, value, why) => {
    const { problems } = readSettings({ ...RIGHT, [name]: value });
    expect(problems).toEqual([expect.stringContaining(why)]);
    expect(problems[0]).toContain(name);
    expect(problems[0]).not.toContain('secret-word');
  });

  it('may name a server on the same machine without encryption', () => {
    expect(readSettings({ ...RIGHT, MQ_REST_URL: 'http://127.0.0.1:9080' }).problems).toEqual([]);
  });
});
