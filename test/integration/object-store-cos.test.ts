import { describe } from 'vitest';
import { describeObjectStore } from '../support/object-store-conformance.ts';
import { s3IsInstalled, storeOnS3 } from '../support/s3-server.ts';

describe.skipIf(!s3IsInstalled)('over a real S3 server', () => {
  describeObjectStore('Cloud Object Storage', async () => ({
    store: await storeOnS3(),
    close: async () => undefined,
  }));
});
