import { beforeEach, describe, expect, it } from 'vitest';
import { HttpFailure } from '../platform/http-client.ts';
import { ProblemError } from '../platform/problem.ts';
import { LeaseLostError } from '../store/lease.ts';
import { DamagedObjectError } from '../store/store-context.ts';
import { down, watchKernel, type WatchedKernel } from './error-kernel-test-support.ts';
import { ERROR_TABLE } from './error-table.ts';
import { parseToldCauses, WINDOW_MS } from './told-causes.ts';

let lines: WatchedKernel['lines'];
let kernelOf: WatchedKernel['kernelOf'];
let wait: WatchedKernel['wait'];

beforeEach(() => {
  ({ lines, kernelOf, wait } = watchKernel());
});

describe('the error kernel', () => {
  it('decides by the table and counts by place and class', () => {
    const kernel = kernelOf();
    expect(kernel.handle('state-write', down())).toBe('skip');
    expect(kernel.handle('state-write', down())).toBe('skip');
    expect(kernel.handle('cycle-run', new LeaseLostError('overtaken'))).toBe('end-cycle');
    expect(kernel.handle('memory-read', new DamagedObjectError('reports/notify.json', 'cut'))).toBe('go-on');
    expect(kernel.handle('request', new RangeError('a bug'))).toBe('refuse');
    expect(kernel.counted()).toEqual({
      'error/state-write/store-unavailable': 2,
      'error/cycle-run/lease-lost': 1,
      'error/memory-read/damaged-object': 1,
      'error/request/bug': 1,
    });
  });

  it('goes by the table that it is given', () => {
    const table = {
      ...ERROR_TABLE,
      places: {
        ...ERROR_TABLE.places,
        'wake-up': {
          ...ERROR_TABLE.places['wake-up'],
          otherwise: { decision: 'end-cycle', happens: 'it stops' },
        },
      },
    } as const;
    expect(kernelOf({ table }).handle('wake-up', new Error('x'))).toBe('end-cycle');
  });

  it('tells the log and the endpoints once per cause and window, and the report each text once', () => {
    const kernel = kernelOf();
    for (const shard of ['1', '2', '2']) kernel.handle('state-write', down(), { shard });
    expect(lines).toEqual([
      {
        level: 'warn',
        message: 'what was learned was not stored',
        fields: {
          place: 'state-write',
          class: 'store-unavailable',
          decision: 'skip',
          shard: '1',
          cause: 'put state/3.json: no answer',
          toDo: ERROR_TABLE.classes['store-unavailable'].toDo,
        },
      },
    ]);
    expect(kernel.problems()).toEqual([
      'what was learned was not stored (shard 1): put state/3.json: no answer',
      'what was learned was not stored (shard 2): put state/3.json: no answer',
    ]);
    expect(kernel.takeEvents()).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        type: 'observer.error',
        timeMs: 100 * WINDOW_MS,
        subject: 'state-write/store-unavailable',
        data: {
          place: 'state-write',
          class: 'store-unavailable',
          decision: 'skip',
          severity: 'warn',
          shard: '1',
          problem: 'put state/3.json: no answer',
          what_to_do: ERROR_TABLE.classes['store-unavailable'].toDo,
        },
      },
    ]);
    expect(kernel.takeEvents()).toEqual([]);
    wait(WINDOW_MS);
    kernel.handle('state-write', down());
    expect(kernel.takeEvents()).toHaveLength(1);
    expect(lines).toHaveLength(2);
  });

  it('makes the same event wherever the same cause is met in a window, and keeps still after a run that told it', () => {
    const [first, second] = [kernelOf(), kernelOf()];
    const damaged = new DamagedObjectError('state/3.json', 'not JSON');
    first.handle('state-read', damaged);
    wait(1000);
    second.handle('state-read', damaged);
    expect(second.takeEvents()).toEqual(first.takeEvents());
    const later = kernelOf({ told: parseToldCauses(JSON.parse(JSON.stringify(first.told()))) });
    later.handle('state-read', damaged);
    expect(later.takeEvents()).toEqual([]);
    expect(later.problems()).toEqual([expect.stringContaining('key state/3.json')]);
  });

  it('tells damaged objects, endpoints, queue managers and bugs of different origin apart', () => {
    const kernel = kernelOf();
    kernel.handle('state-read', new DamagedObjectError('state/3.json', 'x'));
    kernel.handle('state-read', new DamagedObjectError('state/4.json', 'x'));
    kernel.handle('cycle-run', down(), { qmgr: 'QM1' });
    kernel.handle('cycle-run', down(), { qmgr: 'QM2' });
    for (const registration of ['a', 'b']) kernel.handle('wake-up', new TypeError('x'), { registration });
    kernel.handle('wake-up', new TypeError('x'));
    expect(kernel.takeEvents()).toHaveLength(6);
  });

  it('only counts what no one has to hear of', () => {
    const kernel = kernelOf();
    kernel.handle('request', new ProblemError({ code: 'not-found', detail: 'no such id' }));
    kernel.handle('event-delivery', new HttpFailure('aborted', 'called off'));
    expect(lines).toEqual([]);
    expect(kernel.problems()).toEqual([]);
    expect(kernel.takeEvents()).toEqual([]);
    expect(Object.keys(kernel.counted())).toHaveLength(2);
  });

  it('makes no event of a failed event', () => {
    const kernel = kernelOf();
    kernel.handle('event-delivery', new HttpFailure('reset', 'closed'), { endpoint: 'audit' });
    kernel.handle('event-write', new Error('a bug'), { endpoint: 'audit' });
    expect(kernel.takeEvents()).toEqual([]);
    expect(lines).toHaveLength(2);
    expect(kernel.problems()).toHaveLength(2);
  });

  it('keeps what it gathers within bounds', () => {
    const kernel = kernelOf();
    for (let n = 0; n < 3000; n++) kernel.handle('state-read', new DamagedObjectError(`state/${n}`, 'x'));
    expect(kernel.problems()).toHaveLength(501);
    expect(kernel.problems().at(-1)).toBe('2500 more; the counters have all');
    expect(kernel.takeEvents()).toHaveLength(201);
    expect(kernel.counted()).toEqual({ 'error/state-read/damaged-object': 3000 });
  });
});
