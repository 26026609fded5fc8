import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isSystemError } from './file-errors.ts';

/**
 * Names one process for ever: process ids are used again, so the time of its start belongs to it, and they mean
 * nothing in another container or on another machine, so `host` (running kernel and pid namespace) does, too.
 */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks from boot to the process's start; empty where the system does not tell. */
  readonly startTicks: string;
  /** 12 hexadecimal digits. */
  readonly host: string;
}

/** `unknown`: the process runs, if at all, where we cannot look. */
export type Liveness = 'alive' | 'dead' | 'unknown';

interface ProcessStat {
  readonly state: string;
  readonly threads: number;
  readonly startTicks: string;
}

/** The mark of this process. */
export async function ownProcessMark(): Promise<ProcessMark> {
  const stat = await readStat('self');
  const host = createHash('sha256')
    .update(await hostText())
    .digest('hex')
    .slice(0, 12);
  return { pid: process.pid, startTicks: stat?.startTicks ?? '', host };
}

/** Tells whether the process of `mark` still runs. `dead` is certain: nothing that it began is still going on. */
export async function livenessOf(mark: ProcessMark, own: ProcessMark): Promise<Liveness> {
  if (mark.host !== own.host) return 'unknown';
  if (!exists(mark.pid)) return 'dead';
  const stat = await readStat(String(mark.pid));
  if (stat === undefined || mark.startTicks === '') return exists(mark.pid) ? 'unknown' : 'dead';
  if (stat.startTicks !== mark.startTicks) return 'dead';
  // Killed, but its parent has not asked for it yet. Its other threads may still be in the middle of a rename.
  return /[ZX]/.test(stat.state) && stat.threads <= 1 ? 'dead' : 'alive';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isSystemError(error, 'ESRCH');
  }
}

/** Fields 3, 20 and 22 of `/proc/<pid>/stat`; undefined where there is none. The name in field 2 may hold anything. */
async function readStat(pid: string): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', threads, startTicks] = [fields[0], fields[17], fields[19]];
  return startTicks === undefined ? undefined : { state, threads: Number(threads), startTicks };
}

async function hostText(): Promise<string> {
  try {
    const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${bootId.trim()} ${await readlink('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
