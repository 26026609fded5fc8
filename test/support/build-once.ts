import { buildFunctions } from '../../scripts/build.ts';

/** Compiles the validators and builds the bundles once, before any test file is loaded. */
export default async function buildOnce(): Promise<void> {
  await buildFunctions();
}
