import { describeError } from '../lib/platform/logging.ts';
import { systemClock } from '../lib/platform/system-clock.ts';
import { processConsole } from './console/console.ts';
import { watchOutput } from './console/output-loss.ts';
import { HostStartError } from './host/host-start-error.ts';
import { runHost } from './host/run-host.ts';
import { listenForStop } from './host/stop-signal.ts';
import { ListenError } from './gateway/gateway-server.ts';
import { ScheduleError } from './scheduler/timer.ts';

/** Whatever hangs, the process ends before a supervisor loses patience. */
const STOP_MS_MAX = 9_500;

const hostConsole = processConsole(systemClock);
const { lost } = watchOutput({ stdout: process.stdout, stderr: process.stderr });
const stopRequested = Promise.race([listenForStop().received, lost]);
void stopRequested.then(() =>
  setTimeout(() => {
    hostConsole.say('Not everything came to an end in time.');
    process.exit(1);
  }, STOP_MS_MAX).unref(),
);

const env = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
);
try {
  process.exitCode = await runHost({ env, cwd: process.cwd(), hostConsole, stopRequested });
} catch (error) {
  const isExpected =
    error instanceof ListenError || error instanceof HostStartError || error instanceof ScheduleError;
  hostConsole.say(isExpected ? error.message : `The local host failed: ${describeError(error)}`);
  process.exitCode = 1;
}
// What is left, such as a kept connection, must not hold the process.
process.exit();
