import type { ETag, PutCondition, PutResult } from '../object-store/object-store.ts';
import { backOff, repeated, retryReason, type StoreContext } from './store-context.ts';

/**
 * Writes one object and knows how it ended. A write whose answer was lost is never repeated blindly, for it could meet
 * itself as a conflict: the object is read back, and `isOurs` tells from its body whether the write landed.
 * @throws {ObjectStoreError} when the patience ended first; the write may have landed.
 */
export async function resolvedPut(
  context: StoreContext,
  write: {
    readonly key: string;
    readonly body: string;
    readonly condition: PutCondition | undefined;
    readonly isOurs: (body: Uint8Array) => boolean;
    /** Called before each attempt; throws to stop, for a lease that has run out. */
    readonly mayWrite?: () => void;
  },
): Promise<PutResult> {
  const endMs = context.clock.nowMs() + context.patienceMs;
  for (let attempt = 0; ; attempt++) {
    write.mayWrite?.();
    try {
      return await context.objects.put(write.key, write.body, write.condition);
    } catch (error) {
      const why = retryReason(error);
      if (why === undefined) throw error;
      const landed = await whatLanded(context, write);
      if (landed !== 'nothing') return landed;
      if (context.clock.nowMs() >= endMs) throw error;
      await backOff(context, attempt, why);
    }
  }
}

async function whatLanded(
  context: StoreContext,
  write: Parameters<typeof resolvedPut>[1],
): Promise<PutResult | 'nothing'> {
  const current = await repeated(context, () => context.objects.get(write.key));
  if (current.kind === 'found' && write.isOurs(current.body)) return { kind: 'written', etag: current.etag };
  const etag: ETag | undefined = current.kind === 'found' ? current.etag : undefined;
  const { condition } = write;
  if (condition === undefined) return 'nothing';
  const stillHolds = 'ifMatch' in condition ? etag === condition.ifMatch : etag === undefined;
  return stillHolds ? 'nothing' : { kind: 'conflict' };
}
