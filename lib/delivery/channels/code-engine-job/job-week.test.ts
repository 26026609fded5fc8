import { expect, it } from 'vitest';
import {
  aChannel,
  aLog,
  aProject,
  attempt,
  aWakeUp,
  createFakeCodeEngine,
} from './code-engine-test-support.ts';

const HOUR_MS = 3_600_000;
const HOURS = 7 * 24;
const TICK_HOURS = 6;

it('a week of 150 jobs never jams a project, and leaves the runs of others alone', async () => {
  const jobs = Array.from({ length: 150 }, (_, n) => `job-${n}`);
  const others = Array.from({ length: 30 }, (_, n) => ({
    name: `by-hand-${n}`,
    job_name: `job-${n}`,
    status: 'completed',
  }));
  const full = aProject({ jobs: jobs.slice(0, 100), runs: [...others] });
  const rest = aProject({ id: 'rest-id', name: 'rest', jobs: jobs.slice(100) });
  const fake = createFakeCodeEngine([full, rest]);
  const log = aLog();
  const channel = aChannel(fake, { regions: ['eu-de'] }, log);
  const lastWoken = new Map<string, number>();
  let started = 0;

  for (let hour = 0; hour < HOURS; hour += TICK_HOURS) {
    // Runs end before the next tick, but for every tenth.
    for (const { runs } of fake.projects)
      for (const [n, run] of runs.entries()) if ((n + hour) % 10 !== 0) run.status = 'completed';
    const results = await Promise.all(
      jobs.map(async (notify) => {
        const lastWokenAtMs = lastWoken.get(notify);
        const result = await attempt(
          channel,
          aWakeUp({ notify, id: notify, ...(lastWokenAtMs === undefined ? {} : { lastWokenAtMs }) }),
        );
        if (result.kind === 'accepted') lastWoken.set(notify, fake.clock.nowMs());
        return result;
      }),
    );
    started += results.filter(({ kind }) => kind === 'accepted').length;
    // A hundred jobs that all run at once have no room beside thirty runs of others: those alone may wait for a tick.
    expect(results.filter(({ kind }) => kind !== 'accepted' && kind !== 'held')).toEqual([]);
    fake.clock.advance(TICK_HOURS * HOUR_MS);
  }

  expect(full.runs.filter(({ name }) => name.startsWith('by-hand-'))).toHaveLength(30);
  expect(started).toBeGreaterThan(0.5 * 150 * (HOURS / TICK_HOURS));
  expect(log.warnings).toEqual([]);
});
