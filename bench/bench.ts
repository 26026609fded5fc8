import { missingPrograms, startS3Cluster } from '../test/support/s3-cluster.ts';
import { benchColdStart } from './cold-start.ts';
import { benchDelivery } from './delivery.ts';
import { benchReads } from './reads.ts';
import { benchRegisters } from './registers.ts';

/**
 * The benchmarks: cold starts, delivery over loopback, then the store on a real S3 server, every figure beside its baseline
 * in the same run. `--small` leaves out the largest fleet, which takes minutes to write; `--cold-start` and `--delivery`
 * measure nothing else.
 */
if (!process.argv.includes('--delivery')) {
  console.log('\n## Starting cold\n');
  console.log(await benchColdStart());
}
if (process.argv.includes('--cold-start')) process.exit();
console.log('\n## Waking\n');
console.log(await benchDelivery());
if (process.argv.includes('--delivery')) process.exit();
const missing = missingPrograms();
if (missing.length > 0) {
  console.error(`The benchmark needs a real S3 server; not installed: ${missing.join(', ')}`);
  process.exit(1);
}
const isSmall = process.argv.includes('--small');
const server = await startS3Cluster();
try {
  console.log('\n## Registering\n');
  console.log(await benchRegisters(server));
  console.log('\n## Reading everything\n');
  console.log(await benchReads(server, isSmall ? [1_000, 10_000] : [1_000, 10_000, 100_000]));
} finally {
  await server.stop();
}
