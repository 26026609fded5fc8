import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/logging.ts';
import type { Finding, Indicator, IndicatorFamily } from './health.ts';
import { inTime } from './in-time.ts';
import { createShared } from './shared.ts';

/** Findings by the name of their component. */
export type Components = ReadonlyMap<string, Finding>;

/** Runs one indicator, or shares what it found just now. Never rejects. */
export type Check = () => Promise<Components>;

/** Longest time that an answer waits for one indicator. */
const CHECK_MS_MAX = 2_000;
/** So long a new instance may take to get its first connections before slow means `DOWN`. */
const START_UP_MS = 10_000;

/**
 * Makes the check of one indicator. It answers within two seconds and never rejects. One check at a time is under way,
 * however many ask. An indicator that is cut off is `DOWN`, or `INIT` while a new instance has not finished its first.
 */
export function createCheck(indicator: Indicator | IndicatorFamily, clock: Clock): Check {
  const bornMs = clock.nowMs();
  let ended = false;
  const shared = createShared(clock, async () => {
    const components = await componentsOf(indicator);
    ended = true;
    return components;
  });
  return async () => {
    const found = await inTime(shared(), clock, CHECK_MS_MAX);
    if (found !== 'timeout') return found;
    const isStarting = !ended && clock.nowMs() - bornMs < START_UP_MS;
    const details = { reason: `no result within ${CHECK_MS_MAX} ms` };
    return new Map([[indicator.name, { status: isStarting ? 'INIT' : 'DOWN', details }]]);
  };
}

async function componentsOf(indicator: Indicator | IndicatorFamily): Promise<Components> {
  const { name } = indicator;
  try {
    if ('check' in indicator) return new Map([[name, await indicator.check()]]);
    const members = await indicator.checkAll();
    return new Map([...members].map(([member, finding]) => [`${name}:${member}`, finding]));
  } catch (error) {
    return new Map([[name, { status: 'DOWN', details: { reason: describeError(error) } }]]);
  }
}
