import type { Clock } from '../../../lib/platform/clock.ts';

const LOOK_EVERY_MS = 25;

/** Signals a process and all it started that stayed in its group. Gives whether there was any. Never throws. */
export function killGroup(leaderPid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leaderPid, signal);
  } catch {
    return false;
  }
}

/** Asks a group to end, and kills what is left of it after `graceMs`. */
export async function stopGroup(leaderPid: number, graceMs: number, clock: Clock): Promise<void> {
  killGroup(leaderPid, 'SIGTERM');
  const killAtMs = clock.nowMs() + graceMs;
  while (killGroup(leaderPid, 0) && clock.nowMs() < killAtMs) await clock.sleep(LOOK_EVERY_MS);
  killGroup(leaderPid, 'SIGKILL');
}
