import { expect } from 'vitest';
import type { CycleReport } from '../../lib/cycle/report.ts';
import type { CycleName } from '../../lib/store/keys.ts';
import type { FailureModel } from './model-failures.ts';
import type { Ending } from './model-presence.ts';
import { answerOf, type Answer } from './simulation-owner.ts';
import type { Instance, SeenWakeUp } from './simulation-world.ts';

/** Runs cycles and keeps the model informed of what they may have stored. */
export interface CycleRunner {
  /** Answers the outcome, or how the call ended without one. */
  readonly run: (instance: Instance, cycle: CycleName, eventId?: string) => Promise<Answer<CycleReport>>;
}

export function createCycleRunner(model: FailureModel, registrationsMax: number): CycleRunner {
  const eventsServed = new Set<string>();

  const countWakeUps = (wakeUps: readonly SeenWakeUp[], how: Ending, isReportStored: Ending): void => {
    for (const { revision, succeeded } of wakeUps) model.woken(revision, succeeded, how);
    const succeeded = wakeUps.filter((one) => one.succeeded).length;
    model.counted('notify.succeeded', succeeded, isReportStored);
    model.counted('notify.failed', wakeUps.length - succeeded, isReportStored);
  };

  const countRestored = (report: CycleReport | undefined, isReportStored: Ending): void => {
    const restored = report !== undefined && 'restored' in report ? report.restored : undefined;
    const count = Array.isArray(restored) ? restored.length : registrationsMax;
    if (count > 0) model.mayBeLifted();
    model.counted('restore.restored', count, isReportStored);
  };

  const run: CycleRunner['run'] = async (instance, cycle, eventId) => {
    const before = instance.wakeUps.length;
    const answer = await answerOf(instance, instance[cycle](eventId));
    await instance.rangesEnded();
    const wakeUps = instance.wakeUps.slice(before);
    const report = answer.kind === 'answered' ? answer.value : undefined;
    if (report?.outcome === 'skipped') expect(wakeUps).toEqual([]);
    if (eventId !== undefined && wakeUps.length > 0) {
      expect(eventsServed).not.toContain(eventId);
      eventsServed.add(eventId);
    }
    if (report?.outcome === 'skipped') return answer;
    const isReportStored = reportStored(report);
    model.counted(`${cycle}.cycles`, 1, isReportStored);
    if (cycle === 'notify')
      countWakeUps(wakeUps, report?.outcome === 'completed' ? 'certain' : 'possible', isReportStored);
    if (cycle === 'restore') countRestored(report, isReportStored);
    return answer;
  };
  return { run };
}

function reportStored(report: CycleReport | undefined): Ending {
  if (report === undefined || report.outcome === 'failed') return 'possible';
  // What a range did that was not heard of is in no count.
  return report.problems?.some((problem) =>
    /^(the report was not stored|a range of the cycle)/.test(problem),
  ) === true
    ? 'possible'
    : 'certain';
}
