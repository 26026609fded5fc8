import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Configuration } from './configuration.ts';
import { fileOf, keysOf, loaded, noFile, problemsOf } from './configuration-test-support.ts';
import { loadConfiguration } from './load-configuration.ts';
import { settings } from './settings.ts';
import { slotSettings } from './slot-texts.ts';

const MINUTE_MS = 60_000;
const SLOT_KEYS =
  'QMGR, MQ_REST_HOST, MQ_REST_HOSTS, MQ_REST_PORT, ADMIN_USER, ADMIN_PASSWORD, API, LOGIN, GATEWAY_QMGR, CA_FILE, CERT_FILE, KEY_FILE, ALLOW_SELF_SIGNED';
const TOKEN = 'abcdefgh-12345678';

/** One setting, a text for it, and what the configuration then holds at a place. */
type Case = readonly [name: string, text: string, read: (c: Configuration) => unknown, value: unknown];

describe('the defaults', () => {
  it('are those of the documents where nothing is given', () => {
    const configuration = loaded();
    expect(configuration).toMatchObject({
      queueManagers: [],
      mode: 'all',
      seedData: undefined,
      logLevel: 'info',
      local: { host: '127.0.0.1', port: 8080 },
      warnings: [],
      cycles: {
        notify: { kind: 'every', intervalMs: 5 * MINUTE_MS },
        restore: { kind: 'every', intervalMs: 60 * MINUTE_MS },
        persist: { kind: 'every', intervalMs: 10 * MINUTE_MS },
      },
      delivery: {
        defaultMode: 'cloudevents',
        failuresMax: 10,
        quarantineMs: 1_440 * MINUTE_MS,
        dropBad: false,
        concurrency: 128,
        concurrencyPerHost: 8,
        allowHttp: false,
        allowTargets: [],
        allowSelfSigned: false,
        queueManagerTimeoutMs: 10_000,
      },
      access: { registerTokens: [], adminTokens: [], allowAnonymous: false },
      dashboard: { registerUrl: undefined, origin: undefined },
      store: {
        kind: 'file',
        prefix: 'mq-observer/',
        dataDir: './data',
        cos: undefined,
        originalKey: undefined,
        encryptionKeys: [],
      },
      codeEngine: {
        credentials: undefined,
        authEndpoint: 'https://iam.cloud.ibm.com',
        clientId: 'bx',
        apiEndpoint: 'https://api.{region}.codeengine.cloud.ibm.com/v2',
        ownProject: undefined,
        regions: [],
        refreshIntervalMs: 10 * MINUTE_MS,
      },
    });
    expect(configuration.codeEngine.clientSecret.reveal()).toBe('bx');
  });

  it('are shorter under TEST', () => {
    expect(loaded({ TEST: '1' })).toMatchObject({
      cycles: {
        notify: { kind: 'every', intervalMs: 30_000 },
        restore: { kind: 'every', intervalMs: 3 * MINUTE_MS },
        persist: { kind: 'every', intervalMs: 2 * MINUTE_MS },
      },
      delivery: { failuresMax: 2, quarantineMs: 4 * MINUTE_MS },
      codeEngine: { refreshIntervalMs: 5 * MINUTE_MS },
    });
  });

  it.each(['', '0', 'false', 'No', 'OFF'])('are not touched by TEST=%j', (text) => {
    expect(loaded({ TEST: text }).cycles).toEqual(loaded().cycles);
  });

  it('give way to explicit values under TEST', () => {
    const env = {
      TEST: 'yes',
      NOTIFY_INTERVAL: '1',
      PERSIST_INTERVAL: '7',
      RESTORE_SCHEDULE: '0 3 * * *',
      BACKOFF_DURATION: '9',
      FAIL_LIMIT: '5',
    };
    expect(loaded(env)).toMatchObject({
      cycles: {
        notify: { intervalMs: MINUTE_MS },
        persist: { intervalMs: 7 * MINUTE_MS },
        restore: { kind: 'cron', expression: '0 3 * * *' },
      },
      delivery: { failuresMax: 5, quarantineMs: 9 * MINUTE_MS },
    });
  });

  it('hold for every setting that is given blank', () => {
    const blank = Object.fromEntries(
      settings.flatMap(({ name, env }) => (env ?? [name]).map((key) => [key, '  '])),
    );
    expect(inspect(loaded(blank), { depth: 9 })).toBe(inspect(loaded(), { depth: 9 }));
  });
});

function ceApiKeyOf({ codeEngine: { credentials } }: Configuration): string | undefined {
  return credentials?.kind === 'api-key' ? credentials.apiKey.reveal() : undefined;
}

const values: readonly Case[] = [
  ['PORT', '9090', (c) => c.local.port, 9_090],
  ['PORT', '0', (c) => c.local.port, 0],
  ['PORT', ' 65535 ', (c) => c.local.port, 65_535],
  ['HOST', '0.0.0.0', (c) => c.local.host, '0.0.0.0'],
  ['HOST', '::', (c) => c.local.host, '::'],
  ['LOG_LEVEL', 'Debug', (c) => c.logLevel, 'debug'],
  ['NOTIFY_INTERVAL', '1', (c) => c.cycles.notify, { kind: 'every', intervalMs: MINUTE_MS }],
  ['PERSIST_INTERVAL', '15', (c) => c.cycles.persist, { kind: 'every', intervalMs: 15 * MINUTE_MS }],
  ['RESTORE_INTERVAL', '525600', (c) => c.cycles.restore, { kind: 'every', intervalMs: 525_600 * MINUTE_MS }],
  [
    'NOTIFY_SCHEDULE',
    '*/10 * * * * *',
    (c) => c.cycles.notify,
    { kind: 'cron', expression: '*/10 * * * * *' },
  ],
  ['PERSIST_SCHEDULE', ' 0  * * * * ', (c) => c.cycles.persist, { kind: 'cron', expression: '0 * * * *' }],
  ['BACKOFF_DURATION', '2', (c) => c.delivery.quarantineMs, 2 * MINUTE_MS],
  ['FAIL_LIMIT', '1', (c) => c.delivery.failuresMax, 1],
  ['DROP_BAD', 'true', (c) => c.delivery.dropBad, true],
  ['DROP_BAD', 'false', (c) => c.delivery.dropBad, false],
  ['ALLOW_SELF_SIGNED', '1', (c) => c.delivery.allowSelfSigned, true],
  ['ALLOW_SELF_SIGNED', '0', (c) => c.delivery.allowSelfSigned, false],
  ['HTTP_NOTIFY', '1', (c) => c.delivery.defaultMode, 'http'],
  ['HTTP_NOTIFY', 'no', (c) => c.delivery.defaultMode, 'cloudevents'],
  ['CLOUD_EVENTS', 'no', (c) => c.delivery.defaultMode, 'cloudevents'],
  ['ENABLE_RESERVATIONS', '1', (c) => c.mode, 'reservations'],
  ['ENABLE_NOTIFICATIONS', '1', (c) => c.mode, 'notifications'],
  ['ENABLE_ALL', '1', (c) => c.mode, 'all'],
  ['ALLOW_HTTP', 'on', (c) => c.delivery.allowHttp, true],
  ['ALLOW_TARGETS', '127.0.0.0/8,::1', (c) => c.delivery.allowTargets, ['127.0.0.0/8', '::1']],
  ['ALLOW_TARGETS', 'none', (c) => c.delivery.allowTargets, []],
  ['DELIVERY_CONCURRENCY', '16', (c) => c.delivery.concurrency, 16],
  ['DELIVERY_PER_HOST', '2', (c) => c.delivery.concurrencyPerHost, 2],
  ['MQ_TIMEOUT', 'PT1S', (c) => c.delivery.queueManagerTimeoutMs, 1_000],
  ['MQ_TIMEOUT', 'PT1M', (c) => c.delivery.queueManagerTimeoutMs, MINUTE_MS],
  ['ALLOW_ANONYMOUS', '1', (c) => c.access.allowAnonymous, true],
  [
    'REGISTER_TOKENS',
    ` ${TOKEN} ,, ${TOKEN}2`,
    (c) => c.access.registerTokens.map((t) => t.reveal()),
    [TOKEN, `${TOKEN}2`],
  ],
  [
    'DASHBOARD_REGISTER_URL',
    'https://Register.example:443/',
    (c) => c.dashboard.registerUrl,
    'https://register.example',
  ],
  ['DASHBOARD_ORIGIN', 'http://127.0.0.1:8080', (c) => c.dashboard.origin, 'http://127.0.0.1:8080'],
  ['ADMIN_TOKENS', TOKEN, (c) => c.access.adminTokens.map((t) => t.reveal()), [TOKEN]],
  ['DATA_DIR', '/var/lib/mq observer', (c) => c.store.dataDir, '/var/lib/mq observer'],
  ['STORE', 'memory', (c) => c.store.kind, 'memory'],
  ['STORE', 'FILE', (c) => c.store.kind, 'file'],
  ['STORE_PREFIX', 'a/b', (c) => c.store.prefix, 'a/b/'],
  ['STORE_PREFIX', 'a/b/', (c) => c.store.prefix, 'a/b/'],
  ['STORE_PREFIX', '/', (c) => c.store.prefix, ''],
  ['object_key', 'old/data.json', (c) => c.store.originalKey, 'old/data.json'],
  ['seeddata', '{"mq_requests":[]}', (c) => c.seedData, '{"mq_requests":[]}'],
  ['regions', ' us-south ,,EU-de, us-south', (c) => c.codeEngine.regions, ['us-south', 'eu-de']],
  ['ce_apikey', ' key-1 ', ceApiKeyOf, 'key-1'],
  [
    'CE_TRUSTED_PROFILE',
    ' observer ',
    (c) => c.codeEngine.credentials,
    { kind: 'trusted-profile', profile: 'observer' },
  ],
  [
    'CE_API_ENDPOINT',
    'https://api.private.{region}.codeengine.cloud.ibm.com/v2/',
    (c) => c.codeEngine.apiEndpoint,
    'https://api.private.{region}.codeengine.cloud.ibm.com/v2',
  ],
  [
    'CE_API_ENDPOINT',
    'http://127.0.0.1:8081/{region}/v2',
    (c) => c.codeEngine.apiEndpoint,
    'http://127.0.0.1:8081/{region}/v2',
  ],
  ['client_id', 'mine', (c) => c.codeEngine.clientId, 'mine'],
  ['client_secret', 'hush', (c) => c.codeEngine.clientSecret.reveal(), 'hush'],
  ['CE_REFRESH_INTERVAL', '3', (c) => c.codeEngine.refreshIntervalMs, 3 * MINUTE_MS],
  ['auth_endpoint', 'https://iam.example.com', (c) => c.codeEngine.authEndpoint, 'https://iam.example.com'],
  [
    'CE_auth_endpoint',
    'https://iam.example.com/',
    (c) => c.codeEngine.authEndpoint,
    'https://iam.example.com',
  ],
];

it.each(values)('%s=%j is read', (name, text, read, value) => {
  expect(read(loaded({ [name]: text }))).toEqual(value);
});

const key32 = Buffer.alloc(32, 0xff).toString('base64');

const mistakes: readonly (readonly [name: string, text: string, message: string])[] = [
  ...['abc', '0', '-1', '1.5', '1e3', '0x10', '５', '525601', '99999999999999999999', '1 2'].map(
    (text) => ['NOTIFY_INTERVAL', text, `is "${text}"; expected whole minutes from 1 to 525600`] as const,
  ),
  ['PERSIST_INTERVAL', 'PT5M', 'is "PT5M"; expected whole minutes from 1 to 525600'],
  ['RESTORE_INTERVAL', '0', 'is "0"; expected whole minutes from 1 to 525600'],
  ['BACKOFF_DURATION', '-5', 'is "-5"; expected whole minutes from 1 to 525600'],
  ['CE_REFRESH_INTERVAL', 'never', 'is "never"; expected whole minutes from 1 to 525600'],
  ['PORT', '65536', 'is "65536"; expected a port from 0 to 65535'],
  ['PORT', 'http', 'is "http"; expected a port from 0 to 65535'],
  ['HOST', 'a:80', 'is "a:80"; expected a host name or an IP address'],
  ['LOG_LEVEL', 'trace', 'is "trace"; expected one of debug, info, warn, error'],
  ['FAIL_LIMIT', '0', 'is "0"; expected a whole number from 1 to 1000'],
  ['DELIVERY_CONCURRENCY', '0', 'is "0"; expected a whole number from 1 to 1024'],
  ['DELIVERY_PER_HOST', '1025', 'is "1025"; expected a whole number from 1 to 1024'],
  ['MQ_TIMEOUT', 'PT0.5S', 'is "PT0.5S"; expected an ISO 8601 duration from PT1S to PT1M'],
  ['MQ_TIMEOUT', 'PT61S', 'is "PT61S"; expected an ISO 8601 duration from PT1S to PT1M'],
  ['MQ_TIMEOUT', '10', 'is "10"; expected an ISO 8601 duration from PT1S to PT1M'],
  [
    'NOTIFY_SCHEDULE',
    '* * * *',
    'has 4 fields; expected a cron expression of five fields, or six with seconds first, such as */5 * * * *',
  ],
  [
    'RESTORE_SCHEDULE',
    '* 25 * * *',
    'has "25" as its hours; expected *, numbers from 0 to 23, ranges, lists, or steps such as */2',
  ],
  [
    'REGISTER_TOKENS',
    `${TOKEN},short`,
    'entry 2 is a text of 5 characters; expected a comma-separated list, each entry at least 16 characters of printable ASCII without blanks',
  ],
  [
    'ADMIN_TOKENS',
    'has blanks in the middle',
    'entry 1 is a text of 24 characters; expected a comma-separated list, each entry at least 16 characters of printable ASCII without blanks',
  ],
  [
    'ENCRYPTION_KEYS',
    `${key32.slice(0, -5)}8=,x`,
    'entry 1 is a text of 41 characters; expected a comma-separated list, each entry base64 of 32 bytes (44 characters)',
  ],
  [
    'ALLOW_TARGETS',
    '10.0.0.0/40',
    'entry 1 is "10.0.0.0/40"; expected host names, IP addresses or CIDR blocks such as 10.0.0.0/8, comma-separated, or none alone',
  ],
  ['STORE', 's3', 'is "s3"; expected one of cos, file, memory'],
  [
    'seeddata',
    '{"mq_requests":[',
    'is a text of 16 characters that is not valid JSON at line 1, column 17; expected a JSON object such as {"mq_requests":[…]}',
  ],
  ['seeddata', '[1]', 'is a text of 3 characters; expected a JSON object such as {"mq_requests":[…]}'],
  [
    'regions',
    'eu-de,evil.example/',
    'entry 2 is "evil.example/"; expected a comma-separated list, each entry a region such as eu-de',
  ],
  ['ce_apikey', 'with blank', 'is a text of 10 characters; expected printable ASCII without blanks'],
  [
    'auth_endpoint',
    'iam.example.com',
    'is "iam.example.com"; expected a URL such as https://iam.cloud.ibm.com',
  ],
];

it.each(mistakes)('%s=%j is a problem', (name, text, message) => {
  expect(problemsOf({ [name]: text })).toEqual([{ key: name, message }]);
});

it.each(['/a', 'a//b', '../a', 'a/./b', 'a b', 'ä', 'a/../b', 'a\\b', 'x'.repeat(200)])(
  'STORE_PREFIX=%j is a problem',
  (text) => {
    expect(keysOf({ STORE_PREFIX: text })).toEqual(['STORE_PREFIX']);
  },
);

it.each(['/a', 'a//b', '../a', 'a/', 'a\u0000b', 'ä'.repeat(513)])('object_key=%j is a problem', (text) => {
  expect(keysOf({ object_key: text })).toEqual(['object_key']);
});

it('ENCRYPTION_KEYS takes several keys, in order', () => {
  const other = Buffer.alloc(32).toString('base64');
  const { encryptionKeys } = loaded({ ENCRYPTION_KEYS: `${key32}, ${other}` }).store;
  expect(encryptionKeys.map((key) => key.reveal())).toEqual([key32, other]);
});

it('an object_key among what is kept under STORE_PREFIX is a problem', () => {
  expect(keysOf({ object_key: 'mq-observer/meta.json' })).toEqual(['object_key']);
  expect(keysOf({ STORE_PREFIX: 'a' }, { COS_STORAGE: { object_key: 'a/b' } })).toEqual([
    'COS_STORAGE.object_key',
  ]);
  expect(loaded({ object_key: 'mq-observer2/x' }).store.originalKey).toBe('mq-observer2/x');
});

it('CLOUD_EVENTS is stronger than HTTP_NOTIFY', () => {
  expect(loaded({ HTTP_NOTIFY: '1', CLOUD_EVENTS: '1' }).delivery.defaultMode).toBe('cloudevents');
});

it('both halves run when both are enabled', () => {
  expect(loaded({ ENABLE_RESERVATIONS: '1', ENABLE_NOTIFICATIONS: '1' }).mode).toBe('all');
});

describe('IAM', () => {
  const cos = {
    bucket: 'bucket-1',
    endpoints: 's3.example.com',
    cos_apikey: 'k',
    regions: 'eu-de',
    ce_apikey: 'k',
  };
  const endpointsOf = (env: Record<string, string>, document?: unknown): readonly unknown[] => {
    const { store, codeEngine } = loaded({ ...cos, ...env }, document);
    return [store.cos?.authEndpoint, codeEngine.authEndpoint];
  };

  it('has a default for each of its two users', () => {
    expect(endpointsOf({})).toEqual([
      'https://iam.cloud.ibm.com/identity/token',
      'https://iam.cloud.ibm.com',
    ]);
  });

  it.each(['https://iam.example.com', 'https://iam.example.com/identity/token'])(
    'may be given once for both, as %s',
    (shared) => {
      const both = ['https://iam.example.com/identity/token', 'https://iam.example.com'];
      expect(endpointsOf({ auth_endpoint: shared })).toEqual(both);
    },
  );

  it('takes the own variables over the shared one, and the shared one over the file', () => {
    const document = {
      COS_STORAGE: { auth_endpoint: 'https://file-cos.example.com/token' },
      CODE_ENGINE: { auth_endpoint: 'https://file-ce.example.com' },
    };
    const shared = { auth_endpoint: 'https://shared.example.com' };
    expect(endpointsOf({}, document)).toEqual([
      'https://file-cos.example.com/token',
      'https://file-ce.example.com',
    ]);
    expect(endpointsOf(shared, document)[1]).toBe('https://shared.example.com');
    const own = {
      COS_auth_endpoint: 'https://cos.example.com/t',
      CE_auth_endpoint: 'https://ce.example.com',
    };
    expect(endpointsOf({ ...shared, ...own }, document)).toEqual([
      'https://cos.example.com/t',
      'https://ce.example.com',
    ]);
    expect(endpointsOf({ ...shared, CE_auth_endpoint: 'https://ce.example.com' })).toEqual([
      'https://shared.example.com/identity/token',
      'https://ce.example.com',
    ]);
  });
});

describe('jobs', () => {
  const own = { CE_PROJECT_ID: '4e49b3e0-27a8-48d2-a784-c7ee48bb863b', CE_REGION: 'EU-de' };

  it('are looked for in the project that the platform names, without regions', () => {
    const { codeEngine, warnings } = loaded({ ...own, ce_apikey: 'k' });
    expect(codeEngine.ownProject).toEqual({ id: own.CE_PROJECT_ID, region: 'eu-de' });
    expect(warnings).toEqual([]);
  });

  it('need no remark where they are not used: the platform names its project to everybody', () => {
    expect(loaded(own).warnings).toEqual([]);
  });

  it('are started with an API key or a trusted profile, not with both', () => {
    const document = { CODE_ENGINE: { trusted_profile: 'observer', ce_apikey: 'k' } };
    expect(problemsOf({ regions: 'eu-de' }, document)).toEqual([
      {
        key: 'CODE_ENGINE.trusted_profile',
        message: 'is given beside ce_apikey; expected one of ce_apikey, CE_TRUSTED_PROFILE',
      },
    ]);
  });

  it.each([
    'http://api.example.com/v2',
    'https://user@api.example.com',
    'https://api.example.com/v2?x=1',
    'https://{region}{other}.example.com',
    'ftp://127.0.0.1',
    'api.example.com',
  ])('are not started over %s', (text) => {
    expect(problemsOf({ ce_apikey: 'k', regions: 'eu-de', CE_API_ENDPOINT: text })).toEqual([
      { key: 'CE_API_ENDPOINT', message: expect.stringContaining('expected an https URL such as') as string },
    ]);
  });
});

describe('env.json', () => {
  it('gives what the environment does not', () => {
    const document = {
      CODE_ENGINE: {
        ce_apikey: 'file',
        client_id: 'id',
        regions: [{ region: ' eu-de ' }, { region: '' }, { region: 'us-south' }],
      },
    };
    expect(loaded({ ce_apikey: 'env' }, document).codeEngine).toMatchObject({
      clientId: 'id',
      regions: ['eu-de', 'us-south'],
    });
    expect(ceApiKeyOf(loaded({ ce_apikey: 'env' }, document))).toBe('env');
    expect(ceApiKeyOf(loaded({ ce_apikey: '' }, document))).toBe('file');
  });

  it('is replaced in its whole list of regions by the environment', () => {
    const document = { CODE_ENGINE: { ce_apikey: 'k', regions: [{ region: 'eu-de' }] } };
    expect(loaded({ regions: 'us-south,us-east' }, document).codeEngine.regions).toEqual([
      'us-south',
      'us-east',
    ]);
    expect(loaded({ regions: ' ' }, document).codeEngine.regions).toEqual(['eu-de']);
  });

  it('is read from EnvFile, once', () => {
    const paths: string[] = [];
    const result = loadConfiguration({ EnvFile: ' /etc/observer.json ' }, (path) => {
      paths.push(path);
      return '\uFEFF{"CODE_ENGINE":{"ce_apikey":"k","regions":[{"region":"eu-de"}]}}';
    });
    expect(paths).toEqual(['/etc/observer.json']);
    expect(result).toMatchObject({ ok: true, configuration: { codeEngine: { regions: ['eu-de'] } } });
  });

  it('may be absent at its default path alone', () => {
    const asked: string[] = [];
    loadConfiguration({ EnvFile: '' }, (path) => {
      asked.push(path);
      return noFile(path);
    });
    expect(asked).toEqual(['./env.json']);
    expect(problemsOf({ EnvFile: './other.json' })).toEqual([
      { key: 'EnvFile', message: '"./other.json" cannot be read (ENOENT); expected a readable JSON file' },
    ]);
  });

  it('is a problem when it cannot be read for another reason', () => {
    const fail = (error: unknown) => () => {
      throw error;
    };
    const denied = Object.assign(new Error('s3cret in a message'), { code: 'EACCES' });
    expect(loadConfiguration({}, fail(denied))).toEqual({
      ok: false,
      problems: [
        { key: 'env.json', message: '"./env.json" cannot be read (EACCES); expected a readable JSON file' },
      ],
    });
    expect(loadConfiguration({}, fail('not an error'))).toMatchObject({ ok: false });
  });

  it.each([
    ['{"MQ_ENDPOINTS": [\n  {"ADMIN_PASSWORD": "s3cret" "QMGR"}', 'is not valid JSON at line 2, column 31'],
    ['{"ADMIN_PASSWORD": s3cret}', 'is not valid JSON at line 1, column 20'],
    ['', 'is not valid JSON at line 1, column 1'],
    ['[]', 'holds a list'],
    ['null', 'holds null'],
    ['"s3cret"', 'holds a text'],
    ['7', 'holds a number'],
  ])('is a problem when it is %j', (text, what) => {
    expect(loadConfiguration({}, () => text)).toEqual({
      ok: false,
      problems: [
        {
          key: 'env.json',
          message: `"./env.json" ${what}; expected a JSON object with MQ_ENDPOINTS, COS_STORAGE, CODE_ENGINE, EVENT_ENDPOINTS`,
        },
      ],
    });
  });

  it('is a problem when it is larger than anybody needs', () => {
    expect(loadConfiguration({}, () => ' '.repeat(5_000_000))).toMatchObject({
      problems: [{ message: expect.stringContaining('holds 5000000 characters') as string }],
    });
  });

  it('is not blamed twice: what it may well hold is not called missing', () => {
    const result = loadConfiguration({ cos_apikey: 'k', ADMIN_USER: 'a', QMGR: 'QM1', PORT: 'x' }, () => '{');
    expect(result.ok ? [] : result.problems.map(({ key }) => key)).toEqual(['env.json', 'PORT']);
  });

  it('has its types checked everywhere, all at once, without showing a value', () => {
    const document = {
      MQ_ENDPOINTS: [
        { QMGR: 'QM1', MQ_REST_HOST: 'https://mq', MQ_REST_PORT: true, ADMIN_PASSWORD: ['s3cret'], API: 1 },
        's3cret',
      ],
      COS_STORAGE: 's3cret',
      CODE_ENGINE: { ce_apikey: { s3cret: 1 }, client_id: true, regions: [{ region: 7 }, 'eu-de'] },
    };
    expect(problemsOf({}, document)).toEqual([
      {
        key: 'COS_STORAGE',
        message:
          'is a text; expected an object with object_key, bucket, endpoints, resource_instance_id, auth_endpoint, cos_apikey',
      },
      { key: 'CODE_ENGINE.ce_apikey', message: 'is an object; expected a text in quotes' },
      { key: 'CODE_ENGINE.client_id', message: 'is true or false; expected a text in quotes' },
      { key: 'CODE_ENGINE.regions[0].region', message: 'is a number; expected a text in quotes' },
      { key: 'CODE_ENGINE.regions[1]', message: 'is a text; expected an object with region' },
      {
        key: 'MQ_ENDPOINTS[0].MQ_REST_PORT',
        message: 'is true or false; expected a text in quotes or a number',
      },
      { key: 'MQ_ENDPOINTS[0].ADMIN_PASSWORD', message: 'is a list; expected a text in quotes' },
      { key: 'MQ_ENDPOINTS[0].API', message: 'is a number; expected a text in quotes' },
      {
        key: 'MQ_ENDPOINTS[1]',
        message: `is a text; expected an object with ${SLOT_KEYS}`,
      },
    ]);
    expect(keysOf({}, { MQ_ENDPOINTS: {}, CODE_ENGINE: { regions: 'eu-de' } })).toEqual([
      'CODE_ENGINE.regions',
      'MQ_ENDPOINTS',
    ]);
  });

  it('takes null and blanks as absent, and keys in any case', () => {
    const document = {
      mq_endpoints: [
        null,
        { qmgr: 'QM1', Mq_Rest_Host: 'https://mq', ADMIN_USER: null, ADMIN_PASSWORD: ' ' },
      ],
      COS_STORAGE: null,
      code_engine: { Regions: null, CLIENT_ID: 'id', ce_apikey: ' ' },
    };
    const configuration = loaded({}, document);
    expect(configuration.queueManagers).toMatchObject([
      { qmgr: 'QM1', baseUrls: ['https://mq'], login: { kind: 'basic', user: '' } },
    ]);
    expect(configuration.codeEngine.clientId).toBe('id');
  });

  it('may hold keys that nobody reads, with a remark', () => {
    const document = {
      COS_STORAGE: { apikey: 's3cret' },
      MQ_ENDPOINTS: [{ __proto__x: 1, PORT: '1' }],
      extra: {},
    };
    expect(loaded({}, document).warnings).toEqual([
      'extra: is not read; known keys are MQ_ENDPOINTS, COS_STORAGE, CODE_ENGINE, EVENT_ENDPOINTS',
      'COS_STORAGE.apikey: is not read; known keys are object_key, bucket, endpoints, resource_instance_id, auth_endpoint, cos_apikey',
      `MQ_ENDPOINTS[0].__proto__x: is not read; known keys are ${SLOT_KEYS}`,
      `MQ_ENDPOINTS[0].PORT: is not read; known keys are ${SLOT_KEYS}`,
    ]);
  });

  it("starts with the original's sample, whose placeholders count as blank", () => {
    const document = {
      MQ_ENDPOINTS: [
        {
          QMGR: '<your qm>',
          MQ_REST_HOST: 'https://<your mq server>',
          MQ_REST_PORT: '9443',
          ADMIN_PASSWORD: '<your admin password',
        },
        { QMGR: '<your other qm>', MQ_REST_HOST: 'https://<your other mq server>', MQ_REST_PORT: '9444' },
      ],
      COS_STORAGE: {
        bucket: 'mq-ce-observer',
        object_key: 'storeddata',
        cos_apikey: '<api key goes here',
        endpoints: '<cos endpoint goes here>',
      },
      CODE_ENGINE: { ce_apikey: '<api key goes here', regions: [{ region: '<region1 goes here>' }] },
    };
    const configuration = loaded({}, document);
    expect(configuration).toMatchObject({
      queueManagers: [],
      store: { kind: 'file', originalKey: 'storeddata' },
    });
    expect(configuration.warnings[0]).toContain('placeholders, which count as blank: COS_STORAGE.cos_apikey');
    const overridden = loaded({ QMGR: 'QM1', MQ_REST_HOST: 'https://mq' }, document);
    expect(overridden.queueManagers).toMatchObject([{ qmgr: 'QM1', baseUrls: ['https://mq:9443'] }]);
  });
});

describe('remarks', () => {
  it.each([
    [{ ENABLE_ALL: '1' }, 'ENABLE_ALL'],
    [{ NOTIFY_INTERVAL: '5', NOTIFY_SCHEDULE: '* * * * *' }, 'NOTIFY_INTERVAL'],
    [{ RESTORE_INTERVAL: '5', RESTORE_SCHEDULE: '* * * * *' }, 'RESTORE_INTERVAL'],
    [{ PERSIST_INTERVAL: '5', PERSIST_SCHEDULE: '* * * * *' }, 'PERSIST_INTERVAL'],
    [{ HTTP_NOTIFY: '1', CLOUD_EVENTS: '1' }, 'HTTP_NOTIFY'],
    [{ DROP_BAD: '1', BACKOFF_DURATION: '5' }, 'BACKOFF_DURATION'],
    [{ DELIVERY_PER_HOST: '9', DELIVERY_CONCURRENCY: '8' }, 'DELIVERY_PER_HOST'],
    [{ regions: 'eu-de' }, 'regions'],
    [{ ce_apikey: 'k' }, 'ce_apikey'],
    [{ CE_TRUSTED_PROFILE: 'p' }, 'CE_TRUSTED_PROFILE'],
    [{ CE_API_ENDPOINT: 'https://api.example.com' }, 'CE_API_ENDPOINT'],
    [{ CE_REGION: 'eu-de' }, 'CE_REGION'],
    [{ CE_PROJECT_ID: 'p' }, 'CE_PROJECT_ID'],
    [{ STORE: 'memory', DATA_DIR: 'x' }, 'DATA_DIR'],
    [{ QMGR20: 'QM1' }, 'QMGR20'],
    [{ ADMIN_USER03: 'me' }, 'ADMIN_USER03'],
    [{ ADMIN_USER: 'me' }, 'ADMIN_USER'],
  ])('%j: what has no effect is named', (env, key) => {
    expect(loaded(env).warnings).toEqual([
      expect.stringMatching(new RegExp(`^${key}: has no effect: .`)) as string,
    ]);
  });

  it('tell of a token in both lists and of a block that permits everything', () => {
    expect(loaded({ REGISTER_TOKENS: TOKEN, ADMIN_TOKENS: TOKEN }).warnings).toHaveLength(1);
    expect(loaded({ ALLOW_TARGETS: '::/0' }).warnings).toEqual([
      'ALLOW_TARGETS: permits every address, the metadata service included',
    ]);
  });
});

describe('loadConfiguration', () => {
  it('reports all problems at once, one a key', () => {
    const env = {
      NOTIFY_INTERVAL: 'abc',
      PORT: '-1',
      ALLOW_TARGETS: '!',
      QMGR3: 'bad name',
      auth_endpoint: 'x',
      LOG_LEVEL: 'x',
    };
    const keys = keysOf(env, { COS_STORAGE: { cos_apikey: 7 } });
    expect(keys.toSorted()).toEqual([
      'ALLOW_TARGETS',
      'COS_STORAGE.cos_apikey',
      'LOG_LEVEL',
      'MQ_ENDPOINTS[3].MQ_REST_HOST',
      'NOTIFY_INTERVAL',
      'PORT',
      'QMGR3',
      'auth_endpoint',
    ]);
  });

  it('keeps the first problem of a key: what is said of it later only follows', () => {
    const problems = problemsOf({ cos_apikey: 'key', COS_ACCESS_KEY_ID: 'a b' });
    expect(problems.filter(({ key }) => key === 'COS_ACCESS_KEY_ID')).toEqual([
      {
        key: 'COS_ACCESS_KEY_ID',
        message: 'is a text of 3 characters; expected printable ASCII without blanks',
      },
    ]);
  });

  it('freezes its result to the ground', () => {
    const configuration = loaded({
      QMGR: 'QM1',
      MQ_REST_HOST: 'https://mq',
      ADMIN_TOKENS: TOKEN,
      regions: 'eu-de',
    });
    const thawed: string[] = [];
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) thawed.push(path);
      for (const [key, member] of Object.entries(value)) walk(member, `${path}.${key}`);
    };
    walk(configuration, 'configuration');
    expect(thawed).toEqual([]);
  });

  it('shows no secret in any problem or remark', () => {
    const hidden = 's3cret value';
    const names = settings.filter(({ secret }) => secret === true).flatMap(({ name, env }) => env ?? [name]);
    const env = Object.fromEntries(
      [...names, 'ADMIN_PASSWORD', 'ADMIN_PASSWORD1', 'KEY_FILE'].map((name) => [name, `\u0001${hidden}`]),
    );
    const problems = problemsOf({
      ...env,
      QMGR: 'QM1',
      MQ_REST_HOST: `https://me:${hidden}@mq`,
      endpoints: `${hidden}@x`,
    });
    expect(problems.map(({ key }) => key)).toEqual(
      expect.arrayContaining([...names, 'ADMIN_PASSWORD', 'KEY_FILE']),
    );
    expect(JSON.stringify(problems)).not.toContain('s3cret');
  });

  it('answers whatever it is given, without throwing', () => {
    const names = settings.flatMap(({ name, env }) => env ?? [name]);
    const env = fc.dictionary(
      fc.constantFrom(...names, ...slotSettings.map(({ key }) => key), 'QMGR1', 'MQ_REST_PORT1'),
      fc.string(),
    );
    const part = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom('bucket', 'regions', 'QMGR', 'MQ_REST_HOSTS'), fc.jsonValue()),
    );
    const document = fc.record({
      MQ_ENDPOINTS: fc.oneof(part, fc.array(part)),
      COS_STORAGE: part,
      CODE_ENGINE: part,
    });
    fc.assert(
      fc.property(env, fc.oneof(document, fc.jsonValue()), (given, value) => {
        const result = loadConfiguration(given, fileOf(value));
        expect(result.ok || result.problems.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the schema', () => {
  it('names each setting and each variable once', () => {
    const names = settings.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(settings.every(({ about }) => about.length > 0)).toBe(true);
  });

  it('is read in full: a bad text for any of its rows is found', () => {
    // Switches and free texts take nearly everything; a control character is left to what must be strict.
    const free = new Set(settings.filter(({ parse }) => parse('\u0001').ok).map(({ name }) => name));
    const strict = settings.filter(({ name }) => !free.has(name) && name !== 'EnvFile');
    const env = Object.fromEntries(
      strict.map(({ name, env: variables }) => [variables?.[0] ?? name, '\u0001']),
    );
    const keys = keysOf(env);
    expect(keys).toEqual(expect.arrayContaining(Object.keys(env)));
    expect([...free].toSorted()).toEqual([
      'ALLOW_ANONYMOUS',
      'ALLOW_HTTP',
      'ALLOW_SELF_SIGNED',
      'CLOUD_EVENTS',
      'DROP_BAD',
      'ENABLE_ALL',
      'ENABLE_NOTIFICATIONS',
      'ENABLE_RESERVATIONS',
      'HTTP_NOTIFY',
      'NO_COS',
      'TEST',
    ]);
  });
});
