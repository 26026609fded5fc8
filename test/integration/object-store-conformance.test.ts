import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileObjectStore } from '../../lib/object-store/file/file-object-store.ts';
import { createMemoryObjectStore } from '../../lib/object-store/memory/memory-object-store.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import { describeObjectStore } from '../support/object-store-conformance.ts';

describeObjectStore('memory', async () => ({ store: createMemoryObjectStore(), close: async () => {} }));

describeObjectStore('file', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'object-store-'));
  return {
    store: createFileObjectStore({
      folder: join(parent, 'objects'),
      clock: systemClock,
      random: systemRandomness,
    }),
    close: () => rm(parent, { recursive: true }),
  };
});
