import { createHttpClient } from '../../lib/platform/http-client.ts';
import { describeError } from '../../lib/platform/logging.ts';
import { systemClock } from '../../lib/platform/system-clock.ts';
import { listenForStop } from '../host/stop-signal.ts';
import { tellLoopStory } from './loop-story.ts';
import { startLoopWorld } from './loop-world.ts';

const DEMO_MS_MAX = 60_000;

const { nowMs, sleep } = systemClock;
const startedMs = nowMs();
const say = (line: string): void => {
  const seconds = ((nowMs() - startedMs) / 1_000).toFixed(1);
  process.stdout.write(`${seconds.padStart(5)} s  ${line}\n`);
};
const client = createHttpClient();
const interrupted = listenForStop().received.then((signal) => {
  throw new Error(`${signal} came`);
});
// It may come before anybody waits for it.
interrupted.catch(() => undefined);

async function demonstrate(): Promise<void> {
  say('STARTING    mq-observer, and simulations of a queue manager and of Code Engine, on this machine');
  const world = await startLoopWorld({
    onJobLine: (line) => say(`  job       ${inWords(line)}`),
    onError: (line) => say(`  observer  ${line}`),
  });
  try {
    await Promise.race([tellLoopStory({ world, client, say, sleep }), interrupted, tooLong()]);
  } finally {
    await world.stop();
  }
}

/** A line of the consumer's log, for people where it is one that is to be expected. */
function inWords(line: string): string {
  const [, done] = /"message":"message handled",.*"done":"([^"]*)"/.exec(line) ?? [];
  const [, handled] = /"message":"run ended","end":"empty","handled":(\d+)/.exec(line) ?? [];
  if (done !== undefined) return `handled: ${done}`;
  return handled === undefined ? line : `the queue is empty; ${handled} messages handled and confirmed`;
}

async function tooLong(): Promise<never> {
  await sleep(DEMO_MS_MAX);
  throw new Error(`it took longer than ${DEMO_MS_MAX / 1_000} seconds`);
}

const code = await demonstrate().then(
  () => 0,
  (error: unknown) => {
    say(`FAILED      ${describeError(error)}`);
    return 1;
  },
);
client.close();
// What is left, such as a timer, must not hold the process.
process.exit(code);
