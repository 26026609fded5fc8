import type { TestProject } from 'vitest/node';
import { buildFunctions } from '../../scripts/build.ts';
import { startS3ServerBroker } from './s3-server-broker.ts';

/** Before any test file is loaded: compiles the validators, builds the bundles, and makes the S3 server available. */
export default async function buildOnce({ provide }: TestProject): Promise<() => Promise<void>> {
  const broker = await startS3ServerBroker(process.env['CI'] === 'true');
  provide('s3ServerOffer', broker.offer);
  await buildFunctions();
  return broker.close;
}
