import { describe, expect, it } from 'vitest';
import { secret } from '../../platform/secret.ts';
import { aRun, NO_LOOK, reportsOf, START_MS } from '../health-test-support.ts';
import { endpointCounts, hostCounts } from './delivery-counts.ts';
import { expositionOf } from './exposition.ts';
import { gatherMetrics, type Observed } from './gather-metrics.ts';
import { counter, gauge } from './metric.ts';
import { createMetricsEndpoint, createPrometheusEndpoint } from './metrics-endpoints.ts';
import { createVarsEndpoint } from './vars-endpoint.ts';

const COUNTED = {
  cycles: 3,
  'endpoint/audit/Egress': 4,
  'endpoint/audit/Successes': 3,
  'endpoint/audit/Failures': 2,
  'endpoint/audit/Errors': 1,
  'endpoint/audit/Statuses/200 OK': 3,
  'host/app.example%3A8443/Successes': 7,
  'host/*other*/Errors': 5,
  'error/wake-up/bug': 2,
};

const OBSERVED: Observed = {
  nowMs: START_MS,
  version: '1.2.3',
  reports: reportsOf({
    notify: {
      ...NO_LOOK,
      counters: { ...COUNTED, due: 9, succeeded: 7, failed: 2, attempts: 11 },
      last: aRun({
        registrations: { total: 3, active: 2, quarantined: 1 },
        queueManagers: [{ qmgr: 'QM1', isUp: false, durationMs: 250, error: 'x' }],
      }),
    },
    persist: {
      ...NO_LOOK,
      counters: { cycles: 1, 'endpoint/audit/Egress': 1, 'endpoint/audit/Statuses/299 ': 1 },
    },
  }),
  backlogs: [
    { endpoint: 'audit', pending: 2, oldestMs: START_MS - 90_000 },
    { endpoint: 'quiet', pending: 0, oldestMs: undefined },
  ],
  endpoints: ['audit', 'quiet'],
};

const ask = (path: string, query = '') => ({
  params: path === '' ? [] : path.split('/'),
  query: new URLSearchParams(query),
  isAdmin: true,
});

describe('the exposition', () => {
  const lines = expositionOf(gatherMetrics(OBSERVED)).split('\n');

  it.each([
    'mq_observer_build_info{version="1.2.3"} 1',
    'mq_observer_cycles_total{cycle="notify"} 3',
    'mq_observer_cycles_total{cycle="restore"} 0',
    'mq_observer_cycle_last_start_timestamp_seconds{cycle="notify"} 1795348800',
    'mq_observer_cycle_last_duration_seconds{cycle="notify"} 1.5',
    'mq_observer_cycle_last_outcome{cycle="notify",outcome="completed"} 1',
    'mq_observer_cycle_last_outcome{cycle="notify",outcome="failed"} 0',
    'mq_observer_notifications_total{outcome="succeeded"} 7',
    'mq_observer_notification_attempts_total 11',
    'mq_observer_registrations{state="quarantined"} 1',
    'mq_observer_damaged_objects 0',
    'mq_observer_queue_manager_up{queue_manager="QM1"} 0',
    'mq_observer_queue_manager_read_duration_seconds{queue_manager="QM1"} 0.25',
    'mq_observer_endpoint_events_total{endpoint="audit"} 5',
    'mq_observer_endpoint_pending{endpoint="audit"} 2',
    'mq_observer_endpoint_pending{endpoint="quiet"} 0',
    'mq_observer_endpoint_oldest_pending_age_seconds{endpoint="audit"} 90',
    'mq_observer_endpoint_oldest_pending_age_seconds{endpoint="quiet"} 0',
    'mq_observer_endpoint_failures_total{endpoint="audit"} 2',
    'mq_observer_endpoint_responses_total{endpoint="audit",status="200 OK"} 3',
    'mq_observer_endpoint_responses_total{endpoint="audit",status="299 "} 1',
    'mq_observer_target_successes_total{host="app.example:8443"} 7',
    'mq_observer_target_errors_total{host="*other*"} 5',
    'mq_observer_errors_total{cycle="notify",place="wake-up",class="bug"} 2',
  ])('says %s', (line) => {
    expect(lines).toContain(line);
  });

  it('counts an event of an endpoint when it has left, so that a drain makes no counter go down', () => {
    const before = gatherMetrics({ ...OBSERVED, reports: reportsOf() });
    const during = gatherMetrics({ ...OBSERVED, reports: reportsOf(), backlogs: [] });
    const eventsOf = (metrics: typeof before) =>
      metrics.find(({ name }) => name === 'mq_observer_endpoint_events_total')?.samples;
    expect(eventsOf(before)).toEqual(
      ['audit', 'quiet'].map((endpoint) => ({ labels: { endpoint }, value: 0 })),
    );
    expect(eventsOf(during)).toEqual(eventsOf(before));
  });

  it('names what nothing is known of, and gives no value to it', () => {
    const text = expositionOf(gatherMetrics({ ...OBSERVED, reports: reportsOf() }));
    expect(text).toContain('# TYPE mq_observer_registrations gauge\n# HELP');
    expect(text).not.toContain('mq_observer_cycle_last_start_timestamp_seconds{');
  });

  it('escapes what would end a label or a line', () => {
    const hostile = String.raw`a"b\c` + '\nd\ud800';
    const text = expositionOf([gauge('x', 'One\nline.', [{ labels: { host: hostile }, value: 1 }])]);
    expect(text).toBe(
      String.raw`# HELP mq_observer_x One\nline.` +
        '\n# TYPE mq_observer_x gauge\n' +
        String.raw`mq_observer_x{host="a\"b\\c\nd` +
        '\ufffd"} 1\n',
    );
  });

  it('has a thousand samples of one metric at most', () => {
    const samples = Array.from({ length: 1_001 }, (_, index) => ({
      labels: { host: `h${index}` },
      value: 1,
    }));
    expect(counter('x', 'X.', samples).samples).toHaveLength(1_000);
  });

  it('is given by its endpoint as text', async () => {
    const endpoint = createPrometheusEndpoint(async () => gatherMetrics(OBSERVED));
    expect(await endpoint.answer(ask(''))).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      body: lines.join('\n'),
    });
    expect(await endpoint.answer(ask('x'))).toBeUndefined();
  });
});

describe('the metrics endpoint', () => {
  const endpoint = createMetricsEndpoint(async () => gatherMetrics(OBSERVED));

  it('lists the names', async () => {
    const names = gatherMetrics(OBSERVED).map(({ name }) => name);
    expect(await endpoint.answer(ask(''))).toEqual({ status: 200, body: { names } });
    expect(new Set(names).size).toBe(names.length);
  });

  it('adds the samples of one metric up and names its tags', async () => {
    expect(await endpoint.answer(ask('mq_observer_notifications_total'))).toEqual({
      status: 200,
      body: {
        name: 'mq_observer_notifications_total',
        description: 'Wake-ups by how they ended; skipped are those that a rule held back.',
        measurements: [{ statistic: 'COUNT', value: 9 }],
        availableTags: [{ tag: 'outcome', values: ['deferred', 'failed', 'skipped', 'succeeded'] }],
      },
    });
  });

  it('keeps to the samples with the tags that are asked for', async () => {
    const name = 'mq_observer_cycle_last_outcome';
    const answer = await endpoint.answer(ask(name, 'tag=cycle:notify&tag=outcome:completed'));
    expect(answer).toMatchObject({
      body: { measurements: [{ statistic: 'VALUE', value: 1 }], availableTags: [] },
    });
    expect(await endpoint.answer(ask(name, 'tag=cycle:notify'))).toMatchObject({
      body: { availableTags: [{ tag: 'outcome', values: ['completed', 'failed', 'partial'] }] },
    });
    expect(await endpoint.answer(ask(name, 'tag=cycle:nope'))).toBeUndefined();
  });

  it('says the unit where there is one', async () => {
    const answer = await endpoint.answer(ask('mq_observer_cycle_last_duration_seconds'));
    expect(answer).toMatchObject({ body: { baseUnit: 'seconds', measurements: [{ value: 1.5 }] } });
  });

  it.each(['nope', 'mq_observer_cycles_total/x'])('knows nothing at %s', async (path) => {
    expect(await endpoint.answer(ask(path))).toBeUndefined();
  });
});

describe('/debug/vars', () => {
  const settings = {
    name: 'audit',
    url: 'https://audit.example/events?token=hidden',
    headers: { authorization: secret('Bearer hidden') },
    timeoutMs: 5_000,
    threshold: 10,
    backoffMs: 1_000,
    ignoredTypes: ['cycle.*'],
    disabled: false,
  };
  const counters = async () => endpointCounts(OBSERVED.reports, OBSERVED.backlogs, ['audit', 'new']);

  it('has the shape of a registry, and no secret', async () => {
    expect(await createVarsEndpoint([settings], counters).answer(ask(''))).toEqual({
      status: 200,
      body: {
        registry: {
          notifications: {
            endpoints: [
              {
                name: 'audit',
                url: 'https://audit.example/events?***',
                Headers: { authorization: ['***'] },
                Timeout: 5_000_000_000,
                Threshold: 10,
                Backoff: 1_000_000_000,
                Ignore: { Types: ['cycle.*'] },
                Metrics: {
                  Pending: 2,
                  Events: 7,
                  Successes: 3,
                  Failures: 2,
                  Errors: 1,
                  Statuses: { '200 OK': 3, '299 ': 1 },
                },
              },
            ],
          },
        },
      },
    });
  });

  it('is zero for an endpoint that nothing was sent to', async () => {
    const answer = await createVarsEndpoint([{ ...settings, name: 'new' }], counters).answer(ask(''));
    expect(JSON.stringify(answer)).toContain(
      '"Metrics":{"Pending":0,"Events":0,"Successes":0,"Failures":0,"Errors":0,"Statuses":{}}',
    );
  });

  it('is null without endpoints', async () => {
    const answer = await createVarsEndpoint([], counters).answer(ask(''));
    expect(answer).toEqual({ status: 200, body: { registry: { notifications: { endpoints: null } } } });
  });
});

it('counters of an endpoint that is configured no more, or of a host with a strange name, are kept', () => {
  const counters = { 'endpoint/gone/Egress': 2, 'host/%/Errors': 1, 'host/x': 5, endpoint: 1 };
  const reports = reportsOf({ persist: { ...NO_LOOK, counters } });
  expect([...endpointCounts(reports, [], ['audit'])].map(([name, { Events }]) => [name, Events])).toEqual([
    ['audit', 0],
    ['gone', 2],
  ]);
  expect([...hostCounts(reports).keys()]).toEqual(['%']);
});

it('each counter of a host is looked at once, however many hosts there are', () => {
  const looks = { count: 0 };
  const counters: Record<string, number> = {};
  for (let index = 0; index < 500; index++)
    Object.defineProperty(counters, `host/h${index}.example/Successes`, {
      enumerable: true,
      get: () => {
        looks.count++;
        return 1;
      },
    });
  const counts = hostCounts(reportsOf({ notify: { ...NO_LOOK, counters } }));
  expect([counts.size, counts.get('h499.example')?.Successes]).toEqual([500, 1]);
  expect(looks.count).toBe(500);
});
