import { ObjectStoreError, type ObjectStoreErrorCode } from '../object-store/object-store.ts';
import { HttpFailure, type HttpFailureCode } from '../platform/http-client.ts';
import { ProblemError } from '../platform/problem.ts';
import { LeaseLostError } from '../store/lease.ts';
import { UnstorableError } from '../store/registration-store.ts';
import { DamagedObjectError, StoreUnusableError } from '../store/store-context.ts';
import { CycleImpossibleError } from './cycle-impossible-error.ts';
import { RangeUnservedError } from './range-unserved-error.ts';

/** What kind of error it is, as far as anybody would act differently. `bug`: none that the program throws on purpose. */
export type ErrorClass =
  | `store-${ObjectStoreErrorCode}`
  | `http-${HttpFailureCode}`
  | 'store-unusable'
  | 'damaged-object'
  | 'lease-lost'
  | 'cycle-impossible'
  | 'range-unserved'
  | 'unstorable'
  | 'misconfigured'
  | 'request-refused'
  | 'bug';

/** Complete by its type: a code that is not in it was not given by our own code. */
const STORE_CODES: Readonly<Record<ObjectStoreErrorCode, true>> = {
  unavailable: true,
  throttled: true,
  denied: true,
  'no-bucket': true,
  refused: true,
};
const HTTP_CODES: Readonly<Record<HttpFailureCode, true>> = {
  dns: true,
  connect: true,
  tls: true,
  timeout: true,
  reset: true,
  blocked: true,
  protocol: true,
  aborted: true,
};

/** Tells the class of whatever was thrown. The outermost error counts, not its causes. Total: never throws. */
export function classOf(error: unknown): ErrorClass {
  try {
    return knownClassOf(error) ?? 'bug';
  } catch {
    // A proxy or a getter that throws: nothing of ours.
    return 'bug';
  }
}

function knownClassOf(error: unknown): ErrorClass | undefined {
  if (error instanceof ObjectStoreError)
    return Object.hasOwn(STORE_CODES, error.code) ? `store-${error.code}` : undefined;
  if (error instanceof HttpFailure)
    return Object.hasOwn(HTTP_CODES, error.code) ? `http-${error.code}` : undefined;
  if (error instanceof DamagedObjectError) return 'damaged-object';
  if (error instanceof StoreUnusableError) return 'store-unusable';
  if (error instanceof LeaseLostError) return 'lease-lost';
  if (error instanceof CycleImpossibleError) return 'cycle-impossible';
  if (error instanceof RangeUnservedError) return 'range-unserved';
  if (error instanceof UnstorableError) return 'unstorable';
  if (error instanceof ProblemError) return classOfProblem(error);
  return undefined;
}

function classOfProblem({ problem }: ProblemError): ErrorClass | undefined {
  if (problem.code === 'misconfigured') return 'misconfigured';
  return problem.code === 'internal' ? undefined : 'request-refused';
}
