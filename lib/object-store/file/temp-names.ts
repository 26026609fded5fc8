import type { ProcessMark } from './process-mark.ts';

const TEMP_NAME = /^(\d+)-(\d*)-(?:(\d+\.\d+)?-)?([0-9a-f]{12})-[0-9a-f-]+$/;

/** The name of a temporary file tells whose it is, so that others can remove what a dead thread left. */
export function tempFileName(owner: ProcessMark, id: string): string {
  return `${owner.pid}-${owner.startTicks}-${owner.thread}-${owner.host}-${id}`;
}

/** The owner of a temporary file; undefined for a file that is not ours. */
export function parseTempFileName(name: string): ProcessMark | undefined {
  const [, pid, startTicks, thread = '', host] = TEMP_NAME.exec(name) ?? [];
  if (startTicks === undefined || host === undefined) return undefined;
  return { pid: Number(pid), startTicks, thread, host };
}
