import { describe, expect, it } from 'vitest';
import { ObjectStoreError } from '../object-store/object-store.ts';
import { HttpFailure } from '../platform/http-client.ts';
import { ProblemError } from '../platform/problem.ts';
import { LeaseLostError } from '../store/lease.ts';
import { UnstorableError } from '../store/registration-store.ts';
import { DamagedObjectError, StoreContendedError, StoreUnusableError } from '../store/store-context.ts';
import { CycleImpossibleError } from './cycle-impossible-error.ts';
import { classOf } from './error-class.ts';

const down = (): ObjectStoreError => new ObjectStoreError('unavailable', 'no answer');

describe('the class of an error', () => {
  it.each<[unknown, string]>([
    [down(), 'store-unavailable'],
    [new ObjectStoreError('no-bucket', 'x'), 'store-no-bucket'],
    [new StoreContendedError('k'), 'store-unavailable'],
    [new HttpFailure('tls', 'x'), 'http-tls'],
    [new StoreUnusableError({ code: 'misconfigured', detail: 'x' }), 'store-unusable'],
    [new DamagedObjectError('meta.json', 'not JSON'), 'damaged-object'],
    [new LeaseLostError('x'), 'lease-lost'],
    [new CycleImpossibleError('x'), 'cycle-impossible'],
    [new UnstorableError('x'), 'unstorable'],
    [new ProblemError({ code: 'misconfigured', detail: 'x' }), 'misconfigured'],
    [new ProblemError({ code: 'not-found', detail: 'x' }), 'request-refused'],
    [new ProblemError({ code: 'internal', detail: 'x' }), 'bug'],
    [new TypeError('x', { cause: down() }), 'bug'],
    [undefined, 'bug'],
    ['a text', 'bug'],
    [{ name: 'ObjectStoreError', code: 'unavailable' }, 'bug'],
    [Object.assign(down(), { code: 'toString' }), 'bug'],
  ])('of %o is %s', (error, expected) => {
    expect(classOf(error)).toBe(expected);
  });
});
