import type { Clock } from '../platform/clock.ts';
import type { HttpAnswer } from '../platform/function-call/http-call.ts';
import { createCheck, type Check, type Components } from './check.ts';
import type { Endpoint } from './endpoint.ts';
import { worstOf, type Finding, type Indicator, type IndicatorFamily, type Status } from './health.ts';

/** Named groups and their indicators. An indicator may be in several. */
export type HealthGroups = Readonly<Record<string, readonly (Indicator | IndicatorFamily)[]>>;

/**
 * `health`: all components together; `health/{group}`; `health/{component}` and `health/{group}/{component}` for one.
 * Answers 200 when all is `UP`, else 503. All indicators run at once, and only those of the group that is asked for.
 */
export function createHealthEndpoint(groups: HealthGroups, clock: Clock): Endpoint {
  const checks = new Map<Indicator | IndicatorFamily, Check>();
  for (const indicator of Object.values(groups).flat())
    checks.set(indicator, checks.get(indicator) ?? createCheck(indicator, clock));
  const checksOf = (group: HealthGroups[string]): readonly Check[] =>
    [...checks].flatMap(([indicator, check]) => (group.includes(indicator) ? [check] : []));

  return {
    isOpen: true,
    answer: async ({ params, isAdmin }) => {
      const [first, ...rest] = params;
      const group = first !== undefined && Object.hasOwn(groups, first) ? groups[first] : undefined;
      const names = group === undefined ? params : rest;
      if (names.length > 1) return undefined;
      const components = await runAll(group === undefined ? [...checks.values()] : checksOf(group));
      const [name] = names;
      if (name === undefined) return answerAll(components, isAdmin);
      // Of a family that could not be checked no member is known: it answers for all of them.
      const finding = components.get(name) ?? components.get(name.replace(/:.*/s, ''));
      return finding === undefined ? undefined : answer(finding.status, shown(finding, isAdmin));
    },
  };
}

async function runAll(checks: readonly Check[]): Promise<Components> {
  const found = await Promise.all(checks.map((check) => check()));
  return new Map(found.flatMap((components) => [...components]));
}

function answerAll(components: Components, isAdmin: boolean): HttpAnswer {
  const status = worstOf([...components.values()].map((finding) => finding.status));
  const entries = [...components].map(([name, finding]) => [name, shown(finding, isAdmin)]);
  return answer(status, { status, components: Object.fromEntries(entries) });
}

function answer(status: Status, body: object): HttpAnswer {
  return { status: status === 'UP' ? 200 : 503, body, headers: { 'cache-control': 'no-store' } };
}

function shown(finding: Finding, isAdmin: boolean): Finding {
  return isAdmin ? finding : { status: finding.status };
}
