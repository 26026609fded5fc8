import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostPlan } from './host-plan.ts';

const KEY_BYTES = 32;

/**
 * The plan with a key for delivery headers. Where none is configured and the store is a folder of our own, the host makes
 * one there at its first start (readable by its owner only) and uses it ever after.
 */
export function withEncryptionKey(plan: HostPlan): HostPlan {
  const { store } = plan.configuration;
  if (store.kind !== 'file' || store.encryptionKeys.length > 0) return plan;
  return { ...plan, functionEnv: { ...plan.functionEnv, ENCRYPTION_KEYS: keyIn(store.dataDir) } };
}

function keyIn(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'encryption.key');
  try {
    writeFileSync(path, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(path, 'utf8').trim();
}
