import { createFileObjectStore } from '../../lib/object-store/file/file-object-store.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';

/** A function over a file store, for tests that end it in the middle of its writes. */

const KEYS = Array.from({ length: 40 }, (_, n) => `registrations/${n}.json`);

const store = createFileObjectStore({
  folder: process.env['DATA_DIR'] ?? '',
  clock: systemClock,
  random: systemRandomness,
});

async function writeForEver(key: string): Promise<never> {
  for (;;) await store.put(key, 'x'.repeat(10_000));
}

/** Does what the key `do` of its params says. */
export async function main(params: { readonly do?: unknown }): Promise<object> {
  switch (params.do) {
    case 'write-and-crash':
      setTimeout(() => {
        throw new Error('crashed on purpose');
      }, 300);
      return Promise.all(KEYS.map(writeForEver));
    case 'write-for-ever':
      return Promise.all(KEYS.map(writeForEver));
    case 'write-once':
      await Promise.all(KEYS.map((key) => store.put(key, 'mine')));
      return { statusCode: 200, body: `${KEYS.length} written` };
    default:
      return { statusCode: 400, body: '' };
  }
}
