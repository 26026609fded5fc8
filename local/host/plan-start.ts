import { refusalOfDemo } from '../demo/demo-permission.ts';
import { planHost, type PlanResult, type PlanSources } from './host-plan.ts';

/** The plan of the local host as it is asked for, or what keeps it from starting, as far as that is told without touching anything. */
export function planStart(sources: PlanSources): PlanResult {
  const asGiven = planHost(sources);
  if (!asGiven.ok || asGiven.plan.configuration.queueManagers.length > 0) return asGiven;
  const refusal = refusalOfDemo(sources);
  return refusal === undefined ? asGiven : { ok: false, problems: [refusal] };
}
