import https from 'node:https';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCosObjectStore } from '../../lib/object-store/cos/cos-object-store.ts';
import { asETag, ObjectStoreError, type ObjectStore } from '../../lib/object-store/object-store.ts';
import { secret } from '../../lib/platform/secret.ts';
import type { Fault } from '../support/fault-proxy-faults.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { createBucket, hmacSettings, s3IsInstalled, s3Server, storeOnS3 } from '../support/s3-server.ts';
import { selfSignedCertificate } from '../support/self-signed-certificate.ts';

/** One call of the adapter under test. */
const CALL_MS_MAX = 400;
/** What a machine with other work on it may need beyond that. */
const SLACK_MS = 1_500;

const html = (status: number): Fault => ({ kind: 'answer', status, body: '<html><body>Hello</body></html>' });
const answer = (status: number, code: string, applied = false): Fault => ({
  kind: 'answer',
  status,
  code,
  applied,
});

/** What each fault makes of a PUT: the error's code, and whether the object is there afterwards. */
const PUT_FAULTS: readonly (readonly [string, Fault, ObjectStoreError['code'], 'stored' | 'not stored'])[] = [
  ['closed before', { kind: 'break', when: 'before', how: 'close' }, 'unavailable', 'not stored'],
  ['reset before', { kind: 'break', when: 'before', how: 'reset' }, 'unavailable', 'not stored'],
  ['reset during', { kind: 'break', when: 'during', how: 'reset' }, 'unavailable', 'not stored'],
  ['closed after', { kind: 'break', when: 'after', how: 'close' }, 'unavailable', 'stored'],
  ['reset after', { kind: 'break', when: 'after', how: 'reset' }, 'unavailable', 'stored'],
  ['stalled before', { kind: 'stall', when: 'before' }, 'unavailable', 'not stored'],
  ['stalled after', { kind: 'stall', when: 'after' }, 'unavailable', 'stored'],
  ['half an answer', { kind: 'truncate' }, 'unavailable', 'stored'],
  ['409', answer(409, 'OperationAborted'), 'unavailable', 'not stored'],
  ['429', answer(429, 'TooManyRequests'), 'throttled', 'not stored'],
  ['500', answer(500, 'InternalError'), 'unavailable', 'not stored'],
  ['500 when it was stored', answer(500, 'InternalError', true), 'unavailable', 'stored'],
  ['503 SlowDown', answer(503, 'SlowDown'), 'throttled', 'not stored'],
  ['503 when it was stored', answer(503, 'ServiceUnavailable', true), 'throttled', 'stored'],
  ['401', answer(401, 'InvalidToken'), 'denied', 'not stored'],
  ['403', answer(403, 'AccessDenied'), 'denied', 'not stored'],
  ['501', answer(501, 'NotImplemented'), 'refused', 'not stored'],
  ["somebody else's 200", html(200), 'unavailable', 'not stored'],
  ["somebody else's 404", html(404), 'refused', 'not stored'],
  ["somebody else's 502", html(502), 'unavailable', 'not stored'],
];

describe.skipIf(!s3IsInstalled)('one call of the adapter', () => {
  let proxy: FaultProxy;
  let bucket = '';
  let store: ObjectStore;
  let direct: ObjectStore;
  beforeAll(async () => {
    proxy = await startFaultProxy((await s3Server()).endpoint);
    bucket = await createBucket();
    store = await storeOnS3({ endpoint: proxy.url, bucket, callMsMax: CALL_MS_MAX });
    direct = await storeOnS3({ bucket });
  });
  afterEach(() => {
    proxy.heal();
    proxy.clearJournal();
  });
  afterAll(() => proxy.close());

  const failureOf = async (call: Promise<unknown>): Promise<ObjectStoreError> => {
    const startedMs = performance.now();
    const error = await call.then(
      (result) => new Error(`it succeeded: ${inspect(result)}`),
      (failure: unknown) => failure,
    );
    expect(performance.now() - startedMs).toBeLessThan(CALL_MS_MAX + SLACK_MS);
    if (!(error instanceof ObjectStoreError)) throw error;
    return error;
  };

  describe.each([
    ['without a condition', undefined],
    ['that creates', { ifNoneMatch: '*' } as const],
  ])('a PUT %s', (kind, condition) => {
    it.each(PUT_FAULTS)('that meets %s', async (name, fault, code, outcome) => {
      const key = `${kind}/${name}`;
      const script = proxy.spoil({ operation: 'put', key }, fault);
      const error = await failureOf(store.put(key, 'body', condition));
      expect(error.code).toBe(code);
      expect(error.message).toContain(`put ${key} in bucket ${bucket}: `);
      const isThere = (await direct.get(key)).kind === 'found';
      expect(isThere).toBe(outcome === 'stored');
      expect(isThere && !error.writeMayHaveLanded, 'what may have happened is admitted').toBe(false);
      expect(script.hits(), 'one attempt').toBe(1);
    });
  });

  describe('a GET', () => {
    it.each([
      ['half a body', { kind: 'truncate' }, 'unavailable'],
      ['a body that drips past the deadline', { kind: 'drip', bytes: 1, everyMs: 20 }, 'unavailable'],
      ['a body that stops half-way', { kind: 'stall', when: 'half-way' }, 'unavailable'],
      ['silence', { kind: 'stall', when: 'before' }, 'unavailable'],
      ['a reset', { kind: 'break', when: 'before', how: 'reset' }, 'unavailable'],
      ['500', answer(500, 'InternalError'), 'unavailable'],
      ['503', answer(503, 'SlowDown'), 'throttled'],
      ['403', answer(403, 'AccessDenied'), 'denied'],
      ["somebody else's 200", html(200), 'unavailable'],
      ["somebody else's 404", html(404), 'refused'],
      ['a 404 without a word', { kind: 'answer', status: 404, body: '' }, 'refused'],
    ] as const)('that meets %s', async (_, fault, code) => {
      await direct.put('there', 'x'.repeat(1000));
      proxy.spoil({ operation: 'get' }, fault);
      expect(await failureOf(store.get('there'))).toMatchObject({ code, writeMayHaveLanded: false });
      proxy.heal();
      expect(await store.get('there')).toMatchObject({ kind: 'found' });
    });

    it('takes a body that drips within the deadline', async () => {
      await direct.put('there', 'x'.repeat(100));
      proxy.spoil({ operation: 'get' }, { kind: 'drip', bytes: 50, everyMs: 5 });
      const found = await store.get('there');
      expect(found.kind === 'found' && Buffer.from(found.body).toString()).toBe('x'.repeat(100));
    });
  });

  describe('a LIST', () => {
    it.each([
      ['half a body', { kind: 'truncate' }, 'unavailable'],
      ['silence', { kind: 'stall', when: 'before' }, 'unavailable'],
      ['503', answer(503, 'SlowDown'), 'throttled'],
      ['nothing at all', { kind: 'answer', status: 200, body: '' }, 'unavailable'],
      ["somebody else's 200", html(200), 'unavailable'],
      ['half of a tag', { kind: 'answer', status: 200, body: '<ListBucketResult><Na' }, 'unavailable'],
      [
        'an empty tag',
        { kind: 'answer', status: 200, body: '<ListBucketResult></ListBucketResult>' },
        'unavailable',
      ],
    ] as const)('that meets %s is never an empty one', async (_, fault, code) => {
      await direct.put('there', 'x');
      proxy.spoil({ operation: 'list' }, fault);
      expect(await failureOf(store.list(''))).toMatchObject({ code });
    });
  });

  describe('a DELETE', () => {
    const many = Array.from({ length: 10 }, (_, n) => `many/${n}`);
    it.each([
      ['of one object', ['one']],
      ['of many', many],
    ])('%s whose answer is lost may be called again', async (_, keys) => {
      for (const key of keys) await direct.put(key, 'x');
      proxy.spoil({ times: 1 }, { kind: 'break', when: 'after', how: 'reset' });
      expect(await failureOf(store.delete(keys))).toMatchObject({
        code: 'unavailable',
        writeMayHaveLanded: true,
      });
      await store.delete(keys);
      for (const key of keys) expect(await direct.get(key)).toEqual({ kind: 'not-found' });
    });

    it('names an object of many that could not be deleted', async () => {
      const body = '<DeleteResult><Error><Key>many/3</Key><Code>AccessDenied</Code></Error></DeleteResult>';
      proxy.spoil({ operation: 'delete-batch' }, { kind: 'answer', status: 200, body });
      const error = await failureOf(store.delete(many));
      expect(error).toMatchObject({ code: 'denied', message: expect.stringContaining('delete many/3') });
    });

    it('of many that meets somebody else is not taken for done', async () => {
      proxy.spoil({ operation: 'delete-batch' }, html(200));
      expect(await failureOf(store.delete(many))).toMatchObject({ code: 'unavailable' });
    });

    it('of one object is free, of many is one request', async () => {
      await store.delete(['a', 'b']);
      expect(proxy.countByClass()).toEqual({ A: 0, B: 0, free: 2 });
      proxy.clearJournal();
      await store.delete(many);
      expect(proxy.countByClass()).toEqual({ A: 1, B: 0, free: 0 });
    });
  });

  describe('with the wrong settings', () => {
    const calls: readonly (readonly [string, (wrong: ObjectStore) => Promise<unknown>])[] = [
      ['get', (wrong) => wrong.get('k')],
      ['put', (wrong) => wrong.put('k', 'x')],
      ['create', (wrong) => wrong.put('k', 'x', { ifNoneMatch: '*' })],
      ['replace', (wrong) => wrong.put('k', 'x', { ifMatch: asETag('"e"') })],
      ['delete', (wrong) => wrong.delete(['k'])],
      ['delete many', (wrong) => wrong.delete(Array.from({ length: 10 }, (_, n) => String(n)))],
      ['list', (wrong) => wrong.list('')],
    ];

    it.each(calls)('%s: a bucket that does not exist is named', async (_, call) => {
      const wrong = await storeOnS3({ bucket: 'no-such-bucket' });
      const error = await failureOf(call(wrong));
      expect(error).toMatchObject({ code: 'no-bucket', retryable: false });
      expect(error.message).toContain('bucket no-such-bucket: there is no such bucket; create it or correct');
    });

    it.each(calls)('%s: a wrong secret is refused, and not told', async (_, call) => {
      const server = { ...(await s3Server()), secretAccessKey: 'another-secret' };
      const settings = hmacSettings(server, bucket);
      const error = await failureOf(call(createCosObjectStore({ settings, tokens: undefined })));
      expect(error).toMatchObject({ code: 'denied', retryable: false });
      expect(error.message).toContain('403 SignatureDoesNotMatch');
      expect(inspect(error, { depth: 10 })).not.toContain('another-secret');
    });

    it.each(calls)('%s: an unknown key is refused', async (_, call) => {
      const settings = {
        ...hmacSettings(await s3Server(), bucket),
        credentials: { kind: 'hmac', accessKeyId: 'nobody', secretAccessKey: secret('x') },
      } as const;
      const error = await failureOf(call(createCosObjectStore({ settings, tokens: undefined })));
      expect(error).toMatchObject({ code: 'denied', message: expect.stringContaining('InvalidAccessKeyId') });
    });

    it('says what the network said when nobody listens', async () => {
      const gone = await startFaultProxy(proxy.url);
      await gone.close();
      const error = await failureOf((await storeOnS3({ bucket, endpoint: gone.url })).put('k', 'x'));
      expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('ECONNREFUSED') });
    });

    it('trusts no server whose certificate nobody vouches for', async () => {
      let requests = 0;
      const stranger = https.createServer(selfSignedCertificate('localhost'), (_, response) => {
        requests += 1;
        response.end();
      });
      await new Promise<void>((resolve) => void stranger.listen(0, '127.0.0.1', resolve));
      const address = stranger.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const error = await failureOf(
        (await storeOnS3({ bucket, endpoint: `https://127.0.0.1:${port}` })).get('k'),
      );
      expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('self-signed') });
      expect(requests).toBe(0);
      await new Promise((resolve) => void stranger.close(resolve));
    });

    it('says so at once when a request cannot be made', async () => {
      expect(await failureOf(store.get(''))).toMatchObject({
        code: 'refused',
        message: expect.stringContaining('the request cannot be made (UriParameterError)'),
      });
      expect(proxy.journal).toEqual([]);
    });

    it('follows no redirect, for the credentials would go along', async () => {
      const elsewhere = await startFaultProxy(proxy.url);
      const headers = { location: `${elsewhere.url}/${bucket}/k` };
      for (const [status, code] of [
        [301, 'PermanentRedirect'],
        [307, 'TemporaryRedirect'],
      ] as const) {
        proxy.spoil({ times: 1 }, { kind: 'answer', status, code, headers });
        const error = await failureOf(store.get('k'));
        expect(error).toMatchObject({ code: 'refused', message: expect.stringContaining(code) });
      }
      expect(elsewhere.journal).toEqual([]);
      await elsewhere.close();
    });

    it('says that the clock is wrong when it is', async () => {
      proxy.spoil({}, answer(403, 'RequestTimeTooSkewed'));
      const error = await failureOf(store.get('k'));
      expect(error).toMatchObject({ code: 'denied', message: expect.stringContaining('clock') });
    });
  });
});
