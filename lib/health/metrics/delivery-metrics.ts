import type { EndpointMetrics } from '../../events/delivery-counters.ts';
import type { EndpointBacklog } from '../../events/events.ts';
import type { DeliveryCounts } from './delivery-counts.ts';
import { counter, gauge, type Metric, type Sample } from './metric.ts';

/** What happened to lifecycle events, by endpoint. */
export function endpointMetrics(
  counts: DeliveryCounts,
  backlogs: readonly EndpointBacklog[],
  nowMs: number,
): readonly Metric[] {
  const ages = backlogs.map(({ endpoint, oldestMs = nowMs }) => ({
    labels: { endpoint },
    value: Math.max(0, nowMs - oldestMs) / 1_000,
  }));
  const samplesOf = samplesBy('endpoint', counts);
  return [
    counter(
      'endpoint_events',
      'Lifecycle events that left the outbox of an endpoint: delivered, given up or dropped.',
      // Without what waits: that is gone from the outbox before a report counts it as left, and a counter never goes down.
      samplesOf(({ Events, Pending }) => Events - Pending),
    ),
    gauge(
      'endpoint_pending',
      'Lifecycle events that wait in the outbox of an endpoint.',
      samplesOf(({ Pending }) => Pending),
    ),
    gauge(
      'endpoint_oldest_pending_age_seconds',
      'How long the oldest lifecycle event has waited in the outbox of an endpoint; 0 when none waits.',
      ages,
    ),
    ...attemptMetrics({ prefix: 'endpoint', label: 'endpoint', what: 'an endpoint' }, counts),
  ];
}

/** What happened to wake-ups, by the host of their targets. */
export function targetMetrics(counts: DeliveryCounts): readonly Metric[] {
  return attemptMetrics({ prefix: 'target', label: 'host', what: 'targets of wake-ups' }, counts);
}

function attemptMetrics(
  about: { readonly prefix: string; readonly label: string; readonly what: string },
  counts: DeliveryCounts,
): readonly Metric[] {
  const { prefix, label, what } = about;
  const samplesOf = samplesBy(label, counts);
  const responses = [...counts].flatMap(([name, { Statuses }]) =>
    Object.entries(Statuses).map(([status, value]) => ({ labels: { [label]: name, status }, value })),
  );
  return [
    counter(
      `${prefix}_successes`,
      `Deliveries to ${what} that were accepted.`,
      samplesOf(({ Successes }) => Successes),
    ),
    counter(
      `${prefix}_failures`,
      `Attempts to reach ${what} that were answered and not accepted.`,
      samplesOf(({ Failures }) => Failures),
    ),
    counter(
      `${prefix}_errors`,
      `Attempts to reach ${what} that got no answer.`,
      samplesOf(({ Errors }) => Errors),
    ),
    counter(`${prefix}_responses`, `Answers of ${what} by status.`, responses),
  ];
}

function samplesBy(
  label: string,
  counts: DeliveryCounts,
): (valueOf: (one: EndpointMetrics) => number) => readonly Sample[] {
  return (valueOf) => [...counts].map(([name, one]) => ({ labels: { [label]: name }, value: valueOf(one) }));
}
