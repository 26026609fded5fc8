import { readdirSync, readlinkSync } from 'node:fs';

/** How large this process is. Descriptors and sockets are counted on Linux only, and `0` elsewhere. */
export interface ProcessSize {
  readonly residentMb: number;
  /** The largest so far. */
  readonly residentMaxMb: number;
  readonly heapMb: number;
  /** That are no sockets: those are kept for a while, and counted apart. */
  readonly descriptors: number;
  readonly sockets: number;
}

const MB = 1024 * 1024;

/** After everything that can be let go was let go, where Node was started with `--expose-gc`. */
export function processSize(): ProcessSize {
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const links = openDescriptors();
  const sockets = links.filter((link) => link.startsWith('socket:')).length;
  return {
    residentMb: rss / MB,
    residentMaxMb: process.resourceUsage().maxRSS / 1024,
    heapMb: heapUsed / MB,
    descriptors: links.length - sockets,
    sockets,
  };
}

function openDescriptors(): readonly string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/self/fd/${descriptor}`)];
    } catch {
      // The one that lists the folder is gone by now.
      return [];
    }
  });
}
