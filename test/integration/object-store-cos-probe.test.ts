import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCosObjectStore } from '../../lib/object-store/cos/cos-object-store.ts';
import type { ObjectStore } from '../../lib/object-store/object-store.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import { ConditionsIgnoredError } from '../../lib/store/conditions-probe.ts';
import { createStore, type Store } from '../../lib/store/store.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { startS3StandIn, type S3StandIn } from '../support/s3-server-stand-in.ts';
import { createBucket, hmacSettings, s3IsInstalled, s3Server } from '../support/s3-server.ts';
import { keepingLogger, testSealer } from '../support/test-store.ts';

/** One instance's store, which must prove that the object store behind it honours conditions. */
function instance(objects: ObjectStore, storeMark: string): Store {
  return createStore({
    objects,
    prefix: 'mq-observer/',
    originalKey: undefined,
    seedData: undefined,
    storeMark,
    sealer: testSealer,
    clock: systemClock,
    random: systemRandomness,
    log: keepingLogger(systemClock).log,
  });
}

describe.skipIf(!s3IsInstalled)('the proof of conditions on a real S3 server', () => {
  let proxy: FaultProxy;
  beforeAll(async () => {
    proxy = await startFaultProxy((await s3Server()).endpoint);
  });
  afterEach(() => {
    proxy.heal();
    proxy.clearJournal();
  });
  afterAll(() => proxy.close());

  const on = async (bucket: string, etagQuotes: 'keep' | 'strip'): Promise<ObjectStore> => {
    const settings = { ...hmacSettings(await s3Server(), bucket, proxy.url), etagQuotes };
    return createCosObjectStore({ settings, tokens: undefined });
  };

  it('is given once for a bucket; who comes later adds nothing to a read of meta.json', async () => {
    const bucket = await createBucket();
    await instance(await on(bucket, 'strip'), 'mark').merge.ready();
    expect(
      proxy.journal.filter(({ key }) => key.includes('/probe/')).map(({ operation }) => operation),
    ).toEqual([...Array.from({ length: 6 }, () => 'put'), 'delete', 'delete']);
    proxy.clearJournal();
    const second = instance(await on(bucket, 'strip'), 'mark');
    await second.merge.ready();
    expect(proxy.countByClass()).toEqual({ A: 0, B: 1, free: 0 });
    await second.merge.ready();
    expect(proxy.countByClass()).toEqual({ A: 0, B: 1, free: 0 });
  });

  it('fails with quotes that the server does not take, and says which setting to change', async () => {
    const bucket = await createBucket();
    const objects = await on(bucket, 'keep');
    const failure = instance(objects, 'mark').merge.ready();
    await expect(failure).rejects.toBeInstanceOf(ConditionsIgnoredError);
    await expect(failure).rejects.toThrow('Set COS_ETAG_QUOTES to `strip`');
    expect((await objects.list('')).objects).toEqual([]);
  });

  it('is given also where answers are lost and the server is busy', async () => {
    const bucket = await createBucket();
    proxy.spoil({ operation: 'put', skip: 0, times: 1 }, { kind: 'break', when: 'after', how: 'reset' });
    proxy.spoil({ operation: 'put', skip: 3, times: 1 }, { kind: 'break', when: 'after', how: 'reset' });
    proxy.spoil({ operation: 'put', skip: 2, times: 1 }, { kind: 'answer', status: 500 });
    await instance(await on(bucket, 'strip'), 'mark').merge.ready();
    expect(proxy.journal.filter(({ fault }) => fault !== undefined)).toHaveLength(3);
  });
});

describe('the proof of conditions on a server that ignores them', () => {
  let standIn: S3StandIn;
  afterEach(() => standIn.close());

  it.each([
    ['if-none-match', 'it overwrote an object that was to be created only'],
    ['if-match', 'it overwrote an object whose version was not the given one'],
  ] as const)('fails for %s', async (header, what) => {
    standIn = await startS3StandIn({ ignored: [header] });
    const server = { endpoint: standIn.url, accessKeyId: 'id', secretAccessKey: 'secret' };
    const objects = createCosObjectStore({
      settings: { ...hmacSettings(server, 'bucket'), etagQuotes: 'keep' },
      tokens: undefined,
    });
    const failure = instance(objects, 'mark').merge.ready();
    await expect(failure).rejects.toBeInstanceOf(ConditionsIgnoredError);
    await expect(failure).rejects.toThrow(what);
    expect((await standIn.objects.list('')).objects).toEqual([]);
  });
});
