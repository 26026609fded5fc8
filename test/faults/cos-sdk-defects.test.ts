import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectCos } from '../../lib/object-store/cos/connect-cos.ts';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import { systemClock } from '../../lib/platform/system-clock.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { iamSettings, startIamServer } from '../support/iam-server.ts';
import { plainClient } from '../support/s3-server-client.ts';
import { startS3StandIn } from '../support/s3-server-stand-in.ts';
import { createBucket, s3IsInstalled, s3Server, storeOnS3 } from '../support/s3-server.ts';
import { startScriptedServer } from '../support/scripted-server.ts';

const CALL_MS_MAX = 1_000;
/** Long past the SDK's own timeout in these tests. */
const LONG_MS = 1_500;

const outcomeWithin = async (ms: number, call: Promise<unknown>): Promise<'settled' | 'pending'> =>
  Promise.race([
    call.then(
      () => 'settled' as const,
      () => 'settled' as const,
    ),
    systemClock.sleep(ms).then(() => 'pending' as const),
  ]);

describe.skipIf(!s3IsInstalled)('defects of ibm-cos-sdk that the adapter does not have', () => {
  let proxy: FaultProxy;
  let bucket = '';
  let store: ObjectStore;
  beforeAll(async () => {
    proxy = await startFaultProxy((await s3Server()).endpoint);
    bucket = await createBucket();
    store = await storeOnS3({ endpoint: proxy.url, bucket, callMsMax: CALL_MS_MAX });
  });
  afterEach(() => {
    proxy.heal();
    proxy.clearJournal();
  });
  afterAll(() => proxy.close());

  it('1: a body that is cut off ends the call at once; the SDK alone waits for ever', async () => {
    await store.put('k', 'x'.repeat(1000));
    proxy.spoil({ operation: 'get' }, { kind: 'truncate' });
    const server = { ...(await s3Server()), endpoint: proxy.url };
    const sdk = plainClient(server, { maxRetries: 0, httpOptions: { timeout: CALL_MS_MAX } });
    const alone = sdk.getObject({ Bucket: bucket, Key: 'k' }).promise();
    const startedMs = performance.now();
    await expect(store.get('k')).rejects.toMatchObject({ message: expect.stringContaining('Truncated') });
    expect(performance.now() - startedMs).toBeLessThan(CALL_MS_MAX);
    expect(await outcomeWithin(LONG_MS, alone)).toBe('pending');
  });

  it('1: so does a body without a length', async () => {
    const head = 'HTTP/1.1 200 OK\r\netag: "e"\r\ntransfer-encoding: chunked\r\n\r\n';
    const server = await startScriptedServer((socket) => socket.end(`${head}5\r\nhello\r\n`));
    const cut = await storeOnS3({ endpoint: server.url, bucket, callMsMax: CALL_MS_MAX });
    await expect(cut.get('k')).rejects.toMatchObject({ message: expect.stringContaining('Truncated') });
    await server.close();
  });

  it('2: a token that cannot be had fails one call and not the next ones', async () => {
    const iam = await startIamServer();
    const s3 = await startS3StandIn();
    const withTokens = connectCos(iamSettings(iam, s3.url), systemClock);
    iam.spoil(2, { kind: 'answer', status: 500, body: '' });
    // An unhandled rejection would fail the run.
    await expect(withTokens.put('k', 'x')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(withTokens.get('k')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await withTokens.put('k', 'x')).toMatchObject({ kind: 'written' });
    expect(await withTokens.get('k')).toMatchObject({ kind: 'found' });
    await Promise.all([iam.close(), s3.close()]);
  });

  it('3: a stored write whose answer is lost is no conflict; with retries of its own the SDK makes it one', async () => {
    const lost = { kind: 'break', when: 'after', how: 'reset' } as const;
    const server = { ...(await s3Server()), endpoint: proxy.url };
    const sdk = plainClient(server, { maxRetries: 1, retryDelayOptions: { base: 1 } });
    proxy.spoil({ key: 'by-the-sdk', times: 1 }, lost);
    const put = sdk.putObject({ Bucket: bucket, Key: 'by-the-sdk', Body: 'x', IfNoneMatch: '*' });
    await expect(put.promise()).rejects.toMatchObject({ statusCode: 412 });

    proxy.spoil({ key: 'by-the-adapter', times: 1 }, lost);
    await expect(store.put('by-the-adapter', 'x', { ifNoneMatch: '*' })).rejects.toMatchObject({
      code: 'unavailable',
      writeMayHaveLanded: true,
    });
    expect(proxy.journal.filter(({ key }) => key === 'by-the-adapter')).toHaveLength(1);
  });

  it.each([500, 503, 429])('3: %i is answered after one attempt, whatever the call', async (status) => {
    proxy.spoil({}, { kind: 'answer', status, code: 'InternalError' });
    for (const call of [store.put('k', 'x'), store.get('k'), store.list(''), store.delete(['k'])])
      await expect(call).rejects.toMatchObject({ retryable: true });
    expect(proxy.journal).toHaveLength(4);
  });

  it('4: one connection carries call after call', async () => {
    const fresh = await storeOnS3({ endpoint: proxy.url, bucket });
    const before = proxy.connections();
    for (let round = 0; round < 10; round++) {
      await fresh.put('kept', `round ${round}`);
      await fresh.get('kept');
    }
    await fresh.list('kept');
    expect(proxy.connections() - before).toBe(1);
    expect(new Set(proxy.journal.map(({ connection }) => connection)).size).toBe(1);
  });

  it('4: many calls at once take no more than 64 connections', async () => {
    const fresh = await storeOnS3({ endpoint: proxy.url, bucket });
    const before = proxy.connections();
    await Promise.all(Array.from({ length: 150 }, (_, n) => fresh.get(`absent/${n}`)));
    expect(proxy.connections() - before).toBeLessThanOrEqual(64);
  });

  it('a body that is longer than anything we wrote is not read', async () => {
    const server = await startScriptedServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\netag: "e"\r\ntransfer-encoding: chunked\r\n\r\n');
      const piece = Buffer.alloc(1024 * 1024, 'x');
      const more = (): void => {
        while (!socket.destroyed && socket.write(`100000\r\n${piece.toString('latin1')}\r\n`));
        socket.once('drain', more);
      };
      more();
    });
    const flooded = await storeOnS3({ endpoint: server.url, bucket });
    await expect(flooded.get('k')).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('longer than 67108864 bytes'),
    });
    await server.close();
  });
});
