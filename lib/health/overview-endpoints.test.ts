import { describe, expect, it } from 'vitest';
import { CLOSED, type BreakerState } from '../events/breaker.ts';
import type { EventEndpointSettings } from '../platform/configuration/configuration.ts';
import { endpointLook } from './overview-endpoints.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const BACKOFF_MS = 60_000;
const settings: EventEndpointSettings = {
  name: 'audit',
  url: 'https://audit.example/events?key=secret',
  headers: {},
  timeoutMs: 1_000,
  threshold: 3,
  backoffMs: BACKOFF_MS,
  ignoredTypes: [],
  disabled: false,
};
const look = (breaker: Partial<BreakerState>, known: Partial<Parameters<typeof endpointLook>[1]> = {}) =>
  endpointLook(settings, {
    ...{ breaker: { ...CLOSED, ...breaker }, counts: new Map(), backlogs: [], nowMs: NOW_MS },
    ...known,
  });

describe('the look of an event endpoint', () => {
  it.each<[string, Partial<BreakerState>, string, number | null]>([
    ['nothing failed', {}, 'closed', null],
    ['less failed than the threshold', { failures: 2, lastFailureMs: NOW_MS - 1 }, 'closed', null],
    ['the threshold is reached', { failures: 3, lastFailureMs: NOW_MS - 1 }, 'open', NOW_MS - 1 + BACKOFF_MS],
    ['the backoff is over', { failures: 3, lastFailureMs: NOW_MS - BACKOFF_MS }, 'half-open', null],
  ])('where %s', (_, state, breaker, openUntilMs) => {
    const expected = openUntilMs === null ? null : new Date(openUntilMs).toISOString();
    expect(look(state)).toMatchObject({ breaker, open_until: expected });
  });

  it('of which nothing was counted has counters that are 0, and nothing that waits', () => {
    expect(look({})).toMatchObject({
      url: 'https://audit.example/events?***',
      oldest: null,
      metrics: { Pending: 0, Events: 0, Successes: 0, Failures: 0, Errors: 0 },
    });
  });

  it('has its own counters and its own backlog', () => {
    const metrics = { Pending: 1, Events: 5, Successes: 3, Failures: 1, Errors: 0, Statuses: {} };
    const counts = new Map([
      ['other', { ...metrics, Events: 9 }],
      ['audit', metrics],
    ]);
    const backlogs = [
      { endpoint: 'other', pending: 7, oldestMs: 1 },
      { endpoint: 'audit', pending: 1, oldestMs: NOW_MS },
    ];
    expect(look({}, { counts, backlogs })).toMatchObject({ metrics, oldest: new Date(NOW_MS).toISOString() });
  });
});
