import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { NO_LOOK, reportsOf } from '../../lib/health/health-test-support.ts';
import { gatherMetrics } from '../../lib/health/metrics/gather-metrics.ts';
import { missingPromtool, promtool } from '../support/promtool.ts';

const pathOf = (name: string): string =>
  fileURLToPath(new URL(`../../infra/monitoring/${name}`, import.meta.url));

const exposed = new Set(
  gatherMetrics({
    nowMs: 0,
    version: '1',
    reports: reportsOf({ notify: NO_LOOK }),
    backlogs: [],
    endpoints: [],
  }).map(({ name }) => name),
);

describe.each([
  ['alert-rules.yml', 8],
  ['alert-rules-test.yml', 8],
  ['grafana-dashboard.json', 12],
])('%s', (name, least) => {
  it('uses metrics that are exposed', () => {
    const used = new Set(readFileSync(pathOf(name), 'utf8').match(/\bmq_observer_\w+/g));
    expect(used.size).toBeGreaterThanOrEqual(least);
    expect([...used].filter((metric) => !exposed.has(metric))).toEqual([]);
  });
});

it('every panel of the dashboard has a query, a place and a title of its own', () => {
  const { panels } = JSON.parse(readFileSync(pathOf('grafana-dashboard.json'), 'utf8')) as {
    readonly panels: readonly {
      readonly id: number;
      readonly title: string;
      readonly gridPos: { readonly x: number; readonly y: number };
      readonly targets: readonly { readonly expr: string }[];
    }[];
  };
  for (const distinct of [
    panels.map(({ id }) => String(id)),
    panels.map(({ title }) => title),
    panels.map(({ gridPos: { x, y } }) => `${x} ${y}`),
  ])
    expect(new Set(distinct).size).toBe(panels.length);
  for (const { targets } of panels) expect(targets.map(({ expr }) => expr)).not.toHaveLength(0);
});

describe.skipIf(missingPromtool !== undefined)('the alerts', () => {
  it('are valid rules', () => {
    expect(promtool(['check', 'rules', pathOf('alert-rules.yml')])).toBe('');
  });

  it('fire when they are to, and are quiet when all is well', () => {
    expect(promtool(['test', 'rules', pathOf('alert-rules-test.yml')])).toBe('');
  });
});
