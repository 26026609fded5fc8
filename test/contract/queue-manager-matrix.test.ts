import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secret } from '../../lib/platform/secret.ts';
import type { QueueManagerSettings } from '../../lib/platform/configuration/configuration.ts';
import { startMqSimulator, type MqSimulator } from '../../local/simulators/mq/mq-simulator.ts';
import { DEFAULT_SWITCHES, SWITCH_SETTINGS } from '../../local/simulators/mq/switches.ts';
import { createCertificateAuthority } from '../../local/simulators/mq/tls/authority.ts';
import type { QueueManagerDefinition } from '../../local/simulators/mq/model.ts';
import { createMqClient, depthsOf, mqSettings, never, NO_TRUST, wanting } from '../support/mq-client.ts';

const MINUTE_MS = 60_000;
const NAMES = ['APP.ORDERS', 'APP.ALIAS', 'APP.STOPPED', 'APP.EMPTY', 'APP.GONE', 'TO.QM2', 'DEV.*', 'APP.*'];
const WANTED = wanting(NAMES, { oldestMessageAge: true, openInputCount: true });

const definitionOf = (versionLevel: string): QueueManagerDefinition => ({
  ...{ name: 'QM1', versionLevel, monq: 'medium' },
  queues: {
    'APP.ORDERS': { depth: 3, inputHandles: 2, oldestPutAtMs: Date.now() - 10 * MINUTE_MS },
    'APP.EMPTY': 0,
    'APP.HELD': { depth: 4, inhibitGet: true },
    'APP.ALIAS': { type: 'alias', targetName: 'APP.ORDERS' },
    'APP.STOPPED': { type: 'alias', targetName: 'APP.ORDERS', inhibitGet: true },
    'APP.REPLY.1': { depth: 9, dynamicType: 'temporaryDynamic' },
    'APP.TO.QM3': { depth: 9, isTransmissionQueue: true },
    'TO.QM2': { depth: 5, isTransmissionQueue: true },
  },
});
const EXPECTED = { 'APP.ORDERS': 3, 'APP.HELD': 4, 'APP.ALIAS': 3, 'APP.STOPPED': 3, 'TO.QM2': 5 };

const LOGINS: readonly QueueManagerSettings['login'][] = [
  { kind: 'basic', user: 'mqreader', password: secret('mqreader') },
  { kind: 'ltpa', user: 'mqreader', password: secret('mqreader') },
];
const APIS = ['v1', 'mqsc', 'auto'] as const;

describe('whatever a queue manager is like', () => {
  let simulator: MqSimulator;
  beforeAll(async () => {
    simulator = await startMqSimulator({ queueManagers: [definitionOf('9.4.0.0')] });
  });
  afterAll(() => simulator.close());

  /** One reading by a client that knows nothing yet, and one by the same when it does. */
  const readTwice = async (settings: QueueManagerSettings) => {
    const client = createMqClient([settings]);
    try {
      return [await client.read('QM1', WANTED, never), await client.read('QM1', WANTED, never)];
    } finally {
      client.close();
    }
  };

  const CASES = SWITCH_SETTINGS.map(({ name, value }) => [name, value] as const);
  it.each(CASES)('with %s %s it is read by every API and login, warm and cold', async (name, value) => {
    simulator.setSwitches({ ...DEFAULT_SWITCHES, [name]: value });
    for (const api of APIS)
      for (const login of LOGINS)
        for (const reading of await readTwice(mqSettings(simulator.restBaseUrl, { api, login }))) {
          expect([api, login.kind, depthsOf(reading)]).toEqual([api, login.kind, EXPECTED]);
          if (reading.kind !== 'read') continue;
          // An empty answer without a word says nothing of the one name that was asked about.
          const isUntold = name === 'noMatchAs' && value === 'emptyOk' && api === 'mqsc';
          expect([...reading.notFound]).toEqual(isUntold ? [] : ['APP.GONE']);
          const orders = reading.queues.get('APP.ORDERS');
          expect(orders).toMatchObject({ openInputCount: 2 });
          if (value !== 'missing' || name !== 'msgageAs') {
            expect(orders?.oldestMessageAgeMs).toBeGreaterThan(9 * MINUTE_MS);
            expect(orders?.oldestMessageAgeMs).toBeLessThan(12 * MINUTE_MS);
          }
          for (const [queue, getInhibited] of [
            ['APP.HELD', true],
            ['APP.STOPPED', true],
            ['APP.ALIAS', undefined],
          ] as const)
            expect([api, queue, reading.queues.get(queue)?.getInhibited]).toEqual([api, queue, getInhibited]);
        }
  });

  it.each(['9.0.5', '9.1.3', '9.1.5', '9.2.0', '9.3.0', '10.0.0'])(
    'of the level %s it is read by every login, by whichever API it has',
    async (versionLevel) => {
      simulator.setSwitches(DEFAULT_SWITCHES);
      simulator.addQueueManager(definitionOf(versionLevel));
      for (const api of versionLevel === '9.0.5' ? (['v1', 'auto'] as const) : APIS)
        for (const login of LOGINS)
          for (const reading of await readTwice(mqSettings(simulator.restBaseUrl, { api, login })))
            expect([api, login.kind, depthsOf(reading)]).toEqual([api, login.kind, EXPECTED]);
      simulator.addQueueManager(definitionOf('9.4.0.0'));
    },
  );
});

describe('over TLS', () => {
  const authority = createCertificateAuthority(Date.now());
  const { clientAuthority: _clientAuthority, ...server } = authority.server();
  const client = authority.client('mqreader');
  const trusted = { ...NO_TRUST, ca: authority.cert };
  const queueManagers = [definitionOf('9.4.0.0')];

  const codeOf = async (simulator: MqSimulator, more: Partial<QueueManagerSettings>): Promise<unknown> => {
    const mq = createMqClient([mqSettings(simulator.restBaseUrl, more)]);
    try {
      return depthsOf(await mq.read('QM1', WANTED, never));
    } finally {
      mq.close();
    }
  };

  it('a private authority is believed when it is named, and nobody else is', async () => {
    const simulator = await startMqSimulator({ queueManagers, tls: server });
    try {
      expect(await codeOf(simulator, { trust: trusted })).toEqual(EXPECTED);
      expect(await codeOf(simulator, { trust: NO_TRUST })).toBe('unreachable');
      const other = createCertificateAuthority(Date.now());
      expect(await codeOf(simulator, { trust: { ...NO_TRUST, ca: other.cert } })).toBe('unreachable');
      expect(await codeOf(simulator, { trust: { ...NO_TRUST, allowSelfSigned: true } })).toEqual(EXPECTED);
    } finally {
      await simulator.close();
    }
  });

  it.each(['selfSigned', 'expiredCert', 'wrongHost'] as const)('%s is not believed', async (fault) => {
    const simulator = await startMqSimulator({ queueManagers, tls: server });
    try {
      simulator.addFault({ fault });
      expect(await codeOf(simulator, { trust: trusted })).toBe('unreachable');
    } finally {
      await simulator.close();
    }
  });

  it('a client certificate is a login, by every API, and its lack is a failure', async () => {
    const tls = { ...server, clientAuthority: authority.cert };
    const simulator = await startMqSimulator({ queueManagers, tls, logins: ['certificate'] });
    try {
      const certificate = { cert: client.cert, key: secret(client.key) };
      for (const api of APIS) {
        const login = { kind: 'certificate' } as const;
        expect(await codeOf(simulator, { api, login, trust: { ...trusted, certificate } })).toEqual(EXPECTED);
        expect(await codeOf(simulator, { api, login, trust: trusted })).toBe('rejected');
      }
    } finally {
      await simulator.close();
    }
  });
});
