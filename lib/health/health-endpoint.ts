import type { Clock } from '../platform/clock.ts';
import type { HttpAnswer } from '../platform/function-call/http-call.ts';
import { createCheck, type Check, type Components } from './check.ts';
import type { Endpoint } from './endpoint.ts';
import { worstOf, type Indicator, type IndicatorFamily, type Status } from './health.ts';

/** Named groups and their indicators. An indicator may be in several. */
export type HealthGroups = Readonly<Record<string, readonly (Indicator | IndicatorFamily)[]>>;

/**
 * `health`: all components together; `health/{group}`; `health/{component}` and `health/{group}/{component}` for one.
 * Answers 200 when all is `UP`, else 503. All indicators run at once, and only those of the group that is asked for.
 * Callers without an admin token are told no details, and of a family no members.
 */
export function createHealthEndpoint(groups: HealthGroups, clock: Clock): Endpoint {
  const checks = new Map<Indicator | IndicatorFamily, Check>();
  for (const indicator of Object.values(groups).flat())
    checks.set(indicator, checks.get(indicator) ?? createCheck(indicator, clock));

  const runAll = async (group: HealthGroups[string], isAdmin: boolean): Promise<Components> => {
    const chosen = [...checks].filter(([indicator]) => group.includes(indicator));
    const found = await Promise.all(
      chosen.map(async ([indicator, check]) => {
        const components = await check();
        return isAdmin ? components : forEverybody(indicator, components);
      }),
    );
    return new Map(found.flatMap((components) => [...components]));
  };

  return {
    isOpen: true,
    answer: async ({ params, isAdmin }) => {
      const [first, ...rest] = params;
      const group = first !== undefined && Object.hasOwn(groups, first) ? groups[first] : undefined;
      const names = group === undefined ? params : rest;
      if (names.length > 1) return undefined;
      const components = await runAll(group ?? [...checks.keys()], isAdmin);
      const [name] = names;
      if (name === undefined) return answerAll(components);
      // Of a family that could not be checked no member is known: it answers for all of them.
      const family = isAdmin ? components.get(name.replace(/:.*/s, '')) : undefined;
      const finding = components.get(name) ?? family;
      return finding === undefined ? undefined : answer(finding.status, finding);
    },
  };
}

/** What may be told without a token: no details, and no name of a member of a family. */
function forEverybody(indicator: Indicator | IndicatorFamily, components: Components): Components {
  if ('together' in indicator) return new Map([[indicator.together, { status: worstIn(components) }]]);
  return new Map([...components].map(([name, { status }]) => [name, { status }]));
}

function answerAll(components: Components): HttpAnswer {
  const status = worstIn(components);
  return answer(status, { status, components: Object.fromEntries(components) });
}

function worstIn(components: Components): Status {
  return worstOf([...components.values()].map(({ status }) => status));
}

function answer(status: Status, body: object): HttpAnswer {
  return { status: status === 'UP' ? 200 : 503, body, headers: { 'cache-control': 'no-store' } };
}
