import { describe, expect, it } from 'vitest';
import { createTaskGroup } from './task-group.ts';

describe('a group of tasks', () => {
  it('has ended when the last of them has', async () => {
    const group = createTaskGroup();
    const [first, second] = [group.begin(), group.begin()];
    let ended = false;
    const waiting = group.ended().then(() => (ended = true));
    second(Promise.resolve());
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(false);
    first(Promise.resolve());
    await waiting;
  });

  it('has ended at once when there is none, or none is left', async () => {
    await createTaskGroup().ended();
    const group = createTaskGroup();
    group.begin()(Promise.resolve());
    await new Promise((resolve) => setImmediate(resolve));
    await group.ended();
  });

  it('fails as the first of them failed, and not before all have ended', async () => {
    const group = createTaskGroup();
    const [first, second, third] = [group.begin(), group.begin(), group.begin()];
    first(Promise.reject(new Error('the first')));
    second(Promise.reject(new Error('the second')));
    let ended = false;
    const waiting = group.ended().catch((error: unknown) => {
      ended = true;
      return error;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(false);
    third(Promise.resolve());
    expect(await waiting).toMatchObject({ message: 'the first' });
  });
});
