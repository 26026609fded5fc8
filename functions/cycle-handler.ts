import type { ErrorKernel } from '../lib/errors/error-kernel.ts';
import type { CycleReport } from '../lib/cycle/report.ts';
import type { CycleCall } from '../lib/cycle/run-cycle.ts';
import type { ExecutionMode } from '../lib/platform/configuration/configuration.ts';
import type { Handler } from '../lib/platform/function-call/serve.ts';
import { stoppable } from '../lib/platform/stopping.ts';

/** What a cycle function has besides its cycle. */
export interface CycleHandlerDeps {
  readonly errors: Pick<ErrorKernel, 'handle'>;
  readonly mode: ExecutionMode;
}

/** What the three cycle functions have in common: any POST runs the cycle and answers its report. */
export function createCycleHandler(
  deps: CycleHandlerDeps & {
    readonly run: (call: CycleCall) => Promise<CycleReport>;
    readonly cycle: CycleReport['cycle'];
    /** Modes in which this cycle has nothing to do. */
    readonly idleIn: readonly ExecutionMode[];
  },
): Handler {
  return async (call) => {
    if (call.method !== 'POST')
      return {
        problem: {
          code: 'method-not-allowed',
          detail: 'A cycle is run by POST.',
          headers: { allow: 'POST' },
        },
      };
    if (deps.idleIn.includes(deps.mode))
      return {
        status: 200,
        body: { cycle: deps.cycle, outcome: 'skipped', reason: `this deployment runs ${deps.mode} only` },
      };
    const eventId = eventIdOf(call.headers);
    try {
      return { status: 200, body: await stoppable(process, (stopping) => deps.run({ eventId, stopping })) };
    } catch (error) {
      // Redelivery would not mend what ends here: the caller is told, and somebody has to act.
      const { cycle, errors } = deps;
      if (errors.handle('cycle-start', error, { cycle }) === 'refuse') throw error;
      const problems = [error instanceof Error ? error.message : 'the cycle could not start'];
      return { status: 200, body: { cycle, outcome: 'failed', problems } };
    }
  };
}

/** Names the event across redeliveries: its source and id together. Absent when called by hand. */
function eventIdOf(headers: Readonly<Record<string, string>>): string | undefined {
  const id = headers['ce-id'];
  if (id === undefined || id === '' || id.length > 256) return undefined;
  return `${(headers['ce-source'] ?? '').slice(0, 256)}#${id}`;
}
