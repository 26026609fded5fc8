import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { isSystemError } from './file-errors.ts';

/**
 * Names one thread of one process for ever: ids are used again, so the times of their starts belong to them, and they
 * mean nothing in another container or on another machine, so `host` (running kernel and pid namespace) does, too.
 */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks from boot to the process's start; empty where the system does not tell. */
  readonly startTicks: string;
  /** `<id>.<clock ticks from boot to its start>`; empty where the system does not tell. A worker can end by itself. */
  readonly thread: string;
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

/** The mark of the calling thread of this process. */
export async function ownProcessMark(): Promise<ProcessMark> {
  const stat = await readStat('self');
  const thread = await ownThread();
  const host = createHash('sha256')
    .update(await hostText())
    .digest('hex')
    .slice(0, 12);
  return { pid: process.pid, startTicks: stat?.startTicks ?? '', thread, host };
}

/**
 * Tells whether the thread of `mark` still runs. `dead` is certain: nothing that it began is still going on.
 *
 * A worker's thread ends after the last file operation that it has begun (Node waits for those), so in a living process
 * a thread that is gone is dead. Whoever looks from another process may be looking at a process that is just being
 * killed, though, where another thread is still in the middle of a rename: from there it is `unknown`.
 */
export async function livenessOf(mark: ProcessMark, own: ProcessMark): Promise<Liveness> {
  if (mark.host !== own.host) return 'unknown';
  if (!exists(mark.pid)) return 'dead';
  const stat = await readStat(String(mark.pid));
  if (stat === undefined || mark.startTicks === '') return exists(mark.pid) ? 'unknown' : 'dead';
  if (stat.startTicks !== mark.startTicks) return 'dead';
  // Killed, but its parent has not asked for it yet. Its other threads may still be in the middle of a rename.
  if (/[ZX]/.test(stat.state)) return stat.threads <= 1 ? 'dead' : 'alive';
  if (await hasThread(mark)) return 'alive';
  return mark.pid === own.pid ? 'dead' : 'unknown';
}

/** True, too, where nobody can tell: a thread that is taken for gone loses its locks. */
async function hasThread({ pid, thread }: ProcessMark): Promise<boolean> {
  if (thread === '') return true;
  const [id = '', startTicks] = thread.split('.');
  try {
    const stat = statOf(await readFile(`/proc/${pid}/task/${id}/stat`, 'latin1'));
    return stat === undefined || stat.startTicks === startTicks;
  } catch (error) {
    return !isSystemError(error, 'ENOENT', 'ESRCH');
  }
}

async function ownThread(): Promise<string> {
  try {
    // Not asynchronously: another thread would do it then, and name itself.
    const path = readlinkSync('/proc/thread-self');
    const startTicks = (await readStat(path))?.startTicks;
    return startTicks === undefined ? '' : `${basename(path)}.${startTicks}`;
  } catch {
    return '';
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isSystemError(error, 'ESRCH');
  }
}

/** Undefined where there is no `/proc/<id>/stat`. */
async function readStat(id: string): Promise<ProcessStat | undefined> {
  return statOf(await readFile(`/proc/${id}/stat`, 'latin1').catch(() => ''));
}

/** Fields 3, 20 and 22 of a `stat` file. The name in field 2 may hold anything. */
function statOf(text: string): ProcessStat | undefined {
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
