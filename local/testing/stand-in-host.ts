import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../lib/platform/logging.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import type { FunctionList } from '../function-list/function-list.ts';
import { planHost } from '../host/host-plan.ts';
import { startLocalHost, type LocalHost } from '../host/local-host.ts';
import { compileRunner } from '../instances/runner-source.ts';
import { writeBundles } from './stand-in-bundles.ts';

/** A local host with stand-ins for functions, on a free port. */
export interface StandInHost extends LocalHost {
  /** Log lines of the host. */
  readonly logged: string[];
  /** Lines that the functions wrote. */
  readonly lines: string[];
}

/** Starts a host whose bundles are the given sources. */
export async function startStandInHost(given: {
  readonly functions: FunctionList;
  readonly sources: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<StandInHost> {
  const dir = mkdtempSync(join(tmpdir(), 'host-'));
  writeBundles(join(dir, 'dist'), given.sources);
  const env = { PORT: '0', EnvFile: join(dir, 'env.json'), ...given.env };
  const planned = planHost({ env, readText: () => '{}', cwd: dir });
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
  const logged: string[] = [];
  const lines: string[] = [];
  const host = await startLocalHost({
    plan: planned.plan,
    bundles: {
      functions: given.functions,
      distDir: join(dir, 'dist'),
      runnerSource: await compileRunner(),
    },
    log: createLogger({
      level: 'debug',
      constant: {},
      clock: systemClock,
      write: (line) => logged.push(line),
    }),
    onLine: (_name, line) => lines.push(line),
    clock: systemClock,
    randomness: systemRandomness,
  });
  const stop = async (): Promise<void> => {
    await host.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  return { ...host, stop, logged, lines };
}
