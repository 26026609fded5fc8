import { beforeEach, describe, expect, it } from 'vitest';
import { ObjectStoreError } from '../object-store/object-store.ts';
import { LeaseLostError } from '../store/lease.ts';
import type { ErrorKernel } from './error-kernel.ts';
import { boom, down, throwing, watchKernel, type WatchedKernel } from './error-kernel-test-support.ts';

let lines: WatchedKernel['lines'];
let kernelOf: WatchedKernel['kernelOf'];

beforeEach(() => {
  ({ lines, kernelOf } = watchKernel());
});

describe('an error that is hostile', () => {
  const everything = (kernel: ErrorKernel): string =>
    JSON.stringify([lines, kernel.problems(), kernel.takeEvents()]);

  it.each<[string, () => unknown]>([
    [
      'has getters that throw',
      () => Object.defineProperties(new Error('x'), throwing('stack', 'message', 'name', 'cause', 'code')),
    ],
    [
      'is of ours and has getters that throw',
      () => Object.defineProperties(down(), throwing('code', 'message', 'cause')),
    ],
    ['is a proxy that throws', () => new Proxy({}, { get: boom, getPrototypeOf: boom })],
    ['is its own cause', selfCaused],
    ['has causes without end', endless],
    ['has no prototype', () => Object.create(null) as unknown],
    ['is a symbol', () => Symbol('x')],
    ['is null', () => null],
    ['is a function', () => boom],
    [
      'has texts that are none',
      () => Object.assign(new Error('x'), { name: 7, message: { a: 1 }, stack: 1, code: {} }),
    ],
  ])('is a bug like any other when it %s', (_, make) => {
    const kernel = kernelOf();
    expect(kernel.handle('wake-up', make(), { registration: 'r' })).toBe('skip');
    expect(kernel.counted()).toEqual({ 'error/wake-up/bug': 1 });
    expect(lines).toHaveLength(1);
    expect(kernel.problems()).toHaveLength(1);
    expect(kernel.takeEvents()).toHaveLength(1);
  });

  it('is cut where it is huge and made one line where it has many', () => {
    const kernel = kernelOf();
    kernel.handle('request', new ObjectStoreError('denied', `a\r\n\u202Eb\u0000c ${'é'.repeat(5_000_000)}`), {
      qmgr: 'Q'.repeat(1_000_000),
    });
    kernel.handle('request', new Error('x\n'.repeat(1_000_000)));
    expect(kernel.problems()[0]).toMatch(/^a call could not be served \(qmgr Q+…\): a b c é+…$/);
    expect(everything(kernel).length).toBeLessThan(6000);
  });

  it.each([
    ['quoted text', 'Unexpected token \'h\', "hunter2-body "and more" is not valid JSON'],
    ['a URL', 'cannot reach https://user:hunter2@example.com/?token=hunter2'],
    ['a token', 'refused Bearer hunter2'],
    ['what looks like a frame', 'no "\n    at read (hunter2.js:1:1)'],
    ['something long', 'key hunter2hunter2hunter2hunter2 is wrong'],
  ])('does not get %s of its message out', (_, message) => {
    const kernel = kernelOf();
    kernel.handle('wake-up', new Error(message, { cause: new Error('hunter2') }));
    expect(everything(kernel)).not.toContain('hunter2');
    expect(lines[0]?.fields['cause']).toMatch(
      /^an error of our own \(Error\) at .+:\d+:\d+: .*\[…\].* <- Error$/,
    );
  });

  it('says in reports and events of a bug only what kind it is', () => {
    const kernel = kernelOf();
    kernel.handle('wake-up', Object.assign(new TypeError('hunter2'), { code: 'ERR_X' }));
    expect(JSON.stringify([kernel.problems(), kernel.takeEvents()])).not.toContain('hunter2');
    expect(kernel.problems()).toEqual(['a wake-up was broken off: an error of our own (TypeError ERR_X)']);
  });

  it('does not get out of what a name was set to', () => {
    const kernel = kernelOf();
    kernel.handle('wake-up', Object.assign(new Error('x'), { name: 'hunter2 secret', code: 'hunter2' }));
    expect(everything(kernel)).not.toContain('hunter2');
  });
});

describe('a failure while an error is handled', () => {
  it('ends there: the error is decided, counted, reported and told all the same', () => {
    const kernel = kernelOf({ log: { debug: boom, info: boom, warn: boom, error: boom } });
    expect(kernel.handle('cycle-run', new LeaseLostError('overtaken'))).toBe('end-cycle');
    expect(kernel.problems()).toHaveLength(1);
    expect(kernel.takeEvents()).toHaveLength(1);
    expect(kernel.handle('cycle-run', new LeaseLostError('overtaken'))).toBe('end-cycle');
    expect(kernel.counted()).toEqual({ 'error/cycle-run/lease-lost': 2 });
  });

  it('does not come back for ever through a logger that reports its own failure', () => {
    const asks: string[] = [];
    const again = (message: string): void => {
      asks.push(message);
      kernel.handle('request', new Error('the log is full'));
    };
    const kernel = kernelOf({ log: { debug: again, info: again, warn: again, error: again } });
    kernel.handle('request', down());
    expect(asks).toHaveLength(1);
    expect(kernel.counted()).toEqual({ 'error/request/store-unavailable': 1, 'error/request/bug': 1 });
    kernel.handle('wake-up', down());
    expect(asks).toHaveLength(2);
  });

  it('costs no decision when the clock or the context fails', () => {
    const kernel = kernelOf({ clock: { nowMs: boom } });
    expect(kernel.handle('wake-up', down(), Object.defineProperties({}, throwing('qmgr')))).toBe('skip');
    expect(kernel.handle('wake-up', down())).toBe('skip');
    expect(kernel.counted()).toEqual({ 'error/wake-up/store-unavailable': 2 });
  });
});

function selfCaused(): Error {
  const error = new Error('x');
  return Object.assign(error, { cause: error });
}

function endless(): Error {
  return Object.defineProperty(new Error('x'), 'cause', { get: endless });
}
