import { describe, expect, it } from 'vitest';
import {
  afterFailure,
  afterSuccess,
  CLOSED,
  givenBack,
  held,
  isHeld,
  isOpen,
  isTripped,
  parseBreaker,
  type BreakerState,
} from './breaker.ts';

const POLICY = { threshold: 3, backoffMs: 1_000 };
const NOW = 1_700_000_000_000;

function failed(times: number, atMs = NOW): BreakerState {
  let state = CLOSED;
  for (let count = 0; count < times; count++) state = afterFailure(state, 'event', atMs);
  return state;
}

describe('a breaker', () => {
  it('stays closed below its threshold, and opens with the failure that reaches it', () => {
    expect(isOpen(failed(2), POLICY, NOW)).toBe(false);
    expect(isOpen(failed(3), POLICY, NOW)).toBe(true);
  });

  it('lets one through when its time is over, opens again with one failure, closes with one success', () => {
    expect(isOpen(failed(3), POLICY, NOW + 999)).toBe(true);
    expect(isOpen(failed(3), POLICY, NOW + 1_000)).toBe(false);
    const again = afterFailure(failed(3), 'event', NOW + 1_000);
    expect(isOpen(again, POLICY, NOW + 1_999)).toBe(true);
    const well = afterSuccess(again);
    expect(isTripped(well, POLICY)).toBe(false);
    expect(isOpen(afterFailure(well, 'event', NOW), POLICY, NOW)).toBe(false);
  });

  it('is not kept open by a clock that was ahead', () => {
    expect(isOpen(failed(3, NOW + 3_600_000), POLICY, NOW)).toBe(false);
  });

  it('counts the attempts of one event, and anew for the next', () => {
    const state = afterFailure(afterFailure(CLOSED, 'a', NOW), 'a', NOW);
    expect(state).toMatchObject({ failures: 2, head: 'a', attempts: 2 });
    expect(afterFailure(state, 'b', NOW)).toMatchObject({ failures: 3, head: 'b', attempts: 1 });
  });
});

describe('holding an endpoint', () => {
  const by = (holder: string, nowMs = NOW) => ({ holder, untilMs: nowMs + 60_000, nowMs });

  it('is for one, until it is given back or its time is over', () => {
    const mine = held(CLOSED, by('a'));
    expect(held(mine, by('b'))).toBe(mine);
    expect(held(givenBack(mine, mine), by('b')).holder).toBe('b');
    expect(held(mine, by('b', NOW + 60_001)).holder).toBe('b');
  });

  it('is given back with what was learned, and not by one who lost it', () => {
    const mine = held(CLOSED, by('a'));
    expect(givenBack(mine, afterFailure(mine, 'event', NOW))).toMatchObject({ failures: 1, holder: '' });
    const theirs = held(CLOSED, by('b'));
    expect(givenBack(theirs, mine)).toBe(theirs);
  });

  it('does not last as long as a wrong clock says', () => {
    expect(isHeld(held(CLOSED, { ...by('a'), untilMs: NOW + 86_400_000 }), NOW)).toBe(false);
  });
});

describe('parseBreaker', () => {
  it('gives back what was stored', () => {
    const state = held(failed(2), { holder: 'a', untilMs: NOW, nowMs: NOW });
    expect(parseBreaker(JSON.parse(JSON.stringify({ ...state, nonce: 'x' })))).toEqual(state);
  });

  it.each([null, [], 1, {}, { format: 2 }, { ...CLOSED, failures: -1 }, { ...CLOSED, holder: 1 }])(
    'refuses %j',
    (json) => {
      expect(parseBreaker(json)).toBeUndefined();
    },
  );
});
