import { describe, expect, it } from 'vitest';
import {
  createDeliveryCounters,
  createHostScopes,
  endpointScope,
  HOSTS_MAX,
  metricsOf,
  sumsByScope,
} from './delivery-counters.ts';

describe('the counters of an endpoint', () => {
  it('count attempts by their answer and events by their leaving, over all cycles', () => {
    const scope = endpointScope('audit');
    const counters = createDeliveryCounters();
    counters.answered(scope, 500, false);
    counters.unanswered(scope);
    counters.answered(scope, 200, true);
    counters.left(scope, 1);
    counters.left(scope, 0);
    counters.answered(endpointScope('audit2'), 200, true);
    const earlier = {
      [`${scope}Successes`]: 2,
      [`${scope}Statuses/200 OK`]: 2,
      [`${scope}Egress`]: 2,
      runs: 9,
    };
    expect(metricsOf(sumsByScope([earlier, counters.counted()]).get(scope), 4)).toEqual({
      Pending: 4,
      Events: 7,
      Successes: 3,
      Failures: 1,
      Errors: 1,
      Statuses: { '200 OK': 3, '500 Internal Server Error': 1 },
    });
  });

  it('are all there when nothing was counted', () => {
    const none = { Pending: 0, Events: 0, Successes: 0, Failures: 0, Errors: 0, Statuses: {} };
    expect(metricsOf(undefined, 0)).toEqual(none);
    expect(createDeliveryCounters().counted()).toEqual({});
  });

  it('have one name for all statuses that are none', () => {
    const counters = createDeliveryCounters();
    for (const status of [99, 600, 999]) counters.answered(endpointScope('audit'), status, false);
    counters.answered(endpointScope('audit'), 599, false);
    expect(counters.counted()).toEqual({
      'endpoint/audit/Statuses/other': 3,
      'endpoint/audit/Statuses/599 ': 1,
      'endpoint/audit/Failures': 4,
    });
  });
});

describe('the scopes of hosts', () => {
  it('are one for each host, whatever its case, and one for all that are too many', () => {
    const scopeOf = createHostScopes({});
    expect(scopeOf('App.Example')).toBe(scopeOf('app.example'));
    for (let count = 1; count < HOSTS_MAX; count++) scopeOf(`h${count}.example`);
    expect(scopeOf('late.example')).toBe('host/*other*/');
    expect(scopeOf('h1.example')).toBe('host/h1.example/');
  });

  it('stay with the hosts that were counted before', () => {
    const known = Object.fromEntries(
      Array.from({ length: HOSTS_MAX }, (_, index) => [`host/h${index}.example/Successes`, 1]),
    );
    const scopeOf = createHostScopes({ ...known, 'host/*other*/Errors': 1, 'endpoint/x/Errors': 1 });
    expect(scopeOf('h499.example')).toBe('host/h499.example/');
    expect(scopeOf('new.example')).toBe('host/*other*/');
    expect(scopeOf('a/b')).toBe('host/*other*/');
  });

  it('cannot be broken out of', () => {
    expect(createHostScopes({})('a/b*\ud800')).toBe('host/a%2Fb*%EF%BF%BD/');
  });
});
