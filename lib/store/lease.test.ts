import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../object-store/memory/memory-object-store.ts';
import { seededRandomness } from '../../test/support/seeded-randomness.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { CLOCK_SKEW_MS, createLeases, LeaseLostError, type Lease, type LeaseAnswer } from './lease.ts';

const TTL_MS = 60_000;

function twoInstances() {
  const objects = createMemoryObjectStore();
  const clock = createVirtualClock();
  const instance = (seed: number) =>
    createLeases({ objects, clock, random: seededRandomness(seed), patienceMs: 1_000 });
  return { clock, a: instance(1), b: instance(2) };
}

function leaseOf(answer: LeaseAnswer): Lease {
  if (answer.kind !== 'taken') throw new Error(`not taken: ${answer.kind}`);
  return answer.lease;
}

describe('leases', () => {
  it('are held by one at a time, and taken again after they were given back', async () => {
    const { a, b } = twoInstances();
    const first = leaseOf(await a.take('notify', TTL_MS));
    expect((await b.take('notify', TTL_MS)).kind).toBe('held');
    expect((await b.take('restore', TTL_MS)).kind).toBe('taken');
    await first.release();
    const second = leaseOf(await b.take('notify', TTL_MS));
    expect(second.fence).toBeGreaterThan(first.fence);
    expect(second.takenOver).toBe(false);
  });

  it('have one winner when many try at once', async () => {
    const { a, b } = twoInstances();
    const answers = await Promise.all([a, b, a, b, a, b].map((leases) => leases.take('notify', TTL_MS)));
    expect(answers.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
  });

  it('run out, but only after the clocks may differ no more', async () => {
    const { clock, a, b } = twoInstances();
    const first = leaseOf(await a.take('notify', TTL_MS));
    clock.advance(TTL_MS + CLOCK_SKEW_MS);
    expect((await b.take('notify', TTL_MS)).kind).toBe('held');
    clock.advance(1);
    const second = leaseOf(await b.take('notify', TTL_MS));
    expect(second.takenOver).toBe(true);
    expect(first.assertHeld).toThrow(LeaseLostError);
    expect(second.assertHeld).not.toThrow();
  });

  it('are not given back by a holder that lost them', async () => {
    const { clock, a, b } = twoInstances();
    const first = leaseOf(await a.take('notify', TTL_MS));
    clock.advance(TTL_MS + CLOCK_SKEW_MS + 1);
    leaseOf(await b.take('notify', TTL_MS));
    await first.release();
    expect((await a.take('notify', TTL_MS)).kind).toBe('held');
  });

  it('answer a repeated event without being taken, also while somebody else runs', async () => {
    const { a, b } = twoInstances();
    const first = leaseOf(await a.take('notify', TTL_MS, 'tick#1'));
    expect((await b.take('notify', TTL_MS, 'tick#1')).kind).toBe('repeated');
    await first.release();
    expect((await b.take('notify', TTL_MS, 'tick#1')).kind).toBe('repeated');
    expect((await b.take('notify', TTL_MS, 'tick#2')).kind).toBe('taken');
  });

  it('let the same event come again when nothing was done for it', async () => {
    const { a, b } = twoInstances();
    const first = leaseOf(await a.take('notify', TTL_MS, 'tick#1'));
    await first.release({ forgetEvent: true });
    expect((await b.take('notify', TTL_MS, 'tick#1')).kind).toBe('taken');
  });

  it('cannot be taken while their object is damaged', async () => {
    const objects = createMemoryObjectStore();
    await objects.put('leases/notify.json', '{"fence":"x"}');
    const leases = createLeases({
      objects,
      clock: createVirtualClock(),
      random: seededRandomness(1),
      patienceMs: 1,
    });
    await expect(leases.take('notify', TTL_MS)).rejects.toThrow('leases/notify.json is damaged');
  });

  it('have growing fences even when their object was deleted and made anew', async () => {
    const objects = createMemoryObjectStore();
    const clock = createVirtualClock();
    const leases = (seed: number) =>
      createLeases({ objects, clock, random: seededRandomness(seed), patienceMs: 1_000 });
    let fence = 0;
    for (let seed = 1; seed <= 3; seed++) {
      clock.advance(1_000);
      const lease = leaseOf(await leases(seed).take('notify', TTL_MS));
      expect(lease.fence).toBeGreaterThan(fence);
      fence = lease.fence;
      await objects.delete(['leases/notify.json']);
    }
  });

  it('do not believe an expiry that no lease can have', async () => {
    const { clock, a, b } = twoInstances();
    clock.advance(365 * 86_400_000);
    leaseOf(await a.take('notify', TTL_MS));
    clock.advance(-365 * 86_400_000);
    expect((await b.take('notify', TTL_MS)).kind).toBe('taken');
  });
});
