import { spawn } from 'node:child_process';

/** Ends processes and removes their folder, also when we end without having said so. */
export interface Keeper {
  /** Takes a process into its care. */
  readonly keep: (pid: number) => void;
  /** Ends what it keeps and removes the folder. Resolves when all that is done. */
  readonly end: () => Promise<void>;
}

/**
 * Reads process ids until its input ends, which it does when its parent is gone, however that came about. Then it ends
 * them at once, for what they hold is in memory and worth nothing, and removes the folder when they are gone.
 */
const SCRIPT = `
trap '' INT TERM HUP
pids=
while read -r pid; do pids="$pid $pids"; done
for pid in $pids; do kill -9 "$pid"; done
for pid in $pids; do
  tries=0
  while kill -0 "$pid" && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
done
rm -rf "$1"
`;

/** Starts a keeper for `folder`: a shell in a session of its own, so that no signal for us reaches it. */
export function startKeeper(folder: string): Keeper {
  const shell = spawn('sh', ['-c', SCRIPT, 'keeper', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((resolve, reject) => {
    shell.once('error', reject);
    shell.once('exit', () => resolve());
  });
  // Whoever ends it looks at this.
  ended.catch(() => undefined);
  return {
    keep: (pid) => void shell.stdin.write(`${pid}\n`),
    end: async () => {
      shell.stdin.end();
      await ended;
    },
  };
}
