import { createFileObjectStore } from '../../lib/object-store/file/file-object-store.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import { casIncrement } from './cas-increment.ts';

/**
 * A process of its own that counts: `node increment-worker.mjs <folder> <key> <times>`. Writes `ready` when it begins,
 * then a line for each increment that the store has acknowledged.
 */
const [folder = '', key = '', times = ''] = process.argv.slice(2);
const store = createFileObjectStore({ folder, clock: systemClock, random: systemRandomness });

process.stdout.write('ready\n');
for (let done = 0; done < Number(times); done++) {
  await casIncrement(store, key);
  process.stdout.write('acknowledged\n');
}
