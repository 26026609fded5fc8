import { afterAll, beforeAll, describe } from 'vitest';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { describeObjectStore } from '../support/object-store-conformance.ts';
import { s3IsInstalled, s3Server, storeOnS3 } from '../support/s3-server.ts';

describe.skipIf(!s3IsInstalled)('over a real S3 server behind the fault proxy', () => {
  let proxy: FaultProxy;
  beforeAll(async () => {
    proxy = await startFaultProxy((await s3Server()).endpoint);
  });
  afterAll(() => proxy.close());

  describeObjectStore('Cloud Object Storage', async () => ({
    store: await storeOnS3({ endpoint: proxy.url }),
    close: async () => undefined,
  }));
});
