import type { ErrorKernel } from '../errors/error-kernel.ts';
import type { AllRegistrations } from '../store/registration-store.ts';
import { DamagedObjectError } from '../store/store-context.ts';

/** Tells of every object that is there and cannot be understood: it is left alone, and what else there is goes on. */
export function noteDamage(
  errors: ErrorKernel,
  {
    damaged,
    state,
  }: { readonly damaged: readonly string[]; readonly state: Pick<AllRegistrations['state'], 'damaged'> },
): void {
  for (const key of damaged)
    errors.handle('registration-read', new DamagedObjectError(key, 'not a registration'));
  for (const key of state.damaged) errors.handle('state-read', new DamagedObjectError(key, 'not a state'));
}
