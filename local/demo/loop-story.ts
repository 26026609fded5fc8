import type { NotifyReport } from '../../lib/cycle/report.ts';
import type { HttpClient } from '../../lib/platform/http-client.ts';
import { DEMO_QUEUE_MANAGER as QM, ORDERS } from './demo-settings.ts';
import { APP_USER, JOB, PROJECT, type LoopWorld } from './loop-world.ts';

export interface LoopStoryDeps {
  readonly world: Pick<LoopWorld, 'url' | 'mq' | 'engine'>;
  readonly client: HttpClient;
  readonly say: (line: string) => void;
  readonly sleep: (ms: number) => Promise<void>;
}

const MESSAGES = ['3 lamps', '1 chair', '12 candles'];
const JOB_MS_MAX = 20_000;
const LOOK_EVERY_MS = 100;

/**
 * Tells how messages are put, the job is started, the queue is emptied, and nothing more happens; looks at each step.
 * @throws an error that says which step did not go as it should.
 */
export async function tellLoopStory(deps: LoopStoryDeps): Promise<void> {
  const { say, world } = deps;
  const depth = (): number => world.mq.depth(QM, ORDERS);
  const started = (): number => world.engine.journal('createJobRun').length;

  await send(deps, `${world.url}/register`, 200, {
    body: JSON.stringify({ id: 'orders', qmgr: QM, queue: ORDERS, notify: JOB }),
    type: 'application/json',
  });
  say(`REGISTERED  the job ${JOB} is to run when the queue ${QM}/${ORDERS} holds messages`);

  await quietCycle(deps, 1);

  for (const text of MESSAGES) {
    const path = `/ibmmq/rest/v2/messaging/qmgr/${QM}/queue/${ORDERS}/message`;
    await send(deps, `${world.mq.restBaseUrl}${path}`, 201, { body: text, type: 'text/plain' });
    say(`PUT         a message on ${ORDERS}; its depth is ${depth()} now`);
  }
  expectThat(depth() === MESSAGES.length, `the depth should be ${MESSAGES.length}, and is ${depth()}`);

  const [decision] = (await cycle(deps)).decisions;
  expectThat(
    decision?.reason === 'woken' && decision.run !== undefined,
    `the second cycle should start the job, and decided ${JSON.stringify(decision)}`,
  );
  say(`CYCLE 2     mq-observer finds ${decision.depth} messages and starts the job: run ${decision.run}`);

  const [held] = (await cycle(deps)).decisions;
  expectThat(
    held?.reason === 'job_running',
    `a cycle should leave a job alone that runs, and decided ${JSON.stringify(held)}`,
  );
  say('CYCLE 3     mq-observer sees that the job is not over and starts no second one');

  await jobEnds(deps, decision.run);
  say(`JOB ENDED   with exit code 0; the depth of ${ORDERS} is ${depth()}`);
  expectThat(depth() === 0, `the queue should be empty, and holds ${depth()}`);

  for (const number of [4, 5, 6]) await quietCycle(deps, number);
  expectThat(started() === 1, `the job should have been started once, and was ${started()} times`);
  say(`DONE        ${MESSAGES.length} messages, ${started()} job run, and an empty queue`);
}

/** A cycle that is to find an empty queue and start nothing. */
async function quietCycle(deps: LoopStoryDeps, number: number): Promise<void> {
  const before = deps.world.engine.journal('createJobRun').length;
  const { decisions } = await cycle(deps);
  const isQuiet = deps.world.engine.journal('createJobRun').length === before;
  expectThat(
    isQuiet && decisions.every(({ depth = 0 }) => depth === 0),
    `cycle ${number} should start nothing, and decided ${JSON.stringify(decisions)}`,
  );
  deps.say(`CYCLE ${number}     mq-observer finds ${ORDERS} empty and starts nothing`);
}

/** Lets mq-observer look at its queues, as its timer would. */
async function cycle(deps: LoopStoryDeps): Promise<NotifyReport> {
  const report = JSON.parse(
    await send(deps, `${deps.world.url}/functions/notify-cycle`, 200),
  ) as NotifyReport;
  expectThat(report.outcome === 'completed', `a cycle should complete: ${JSON.stringify(report)}`);
  return report;
}

async function jobEnds({ world, sleep }: LoopStoryDeps, run: string): Promise<void> {
  const status = (): string | undefined =>
    world.engine.runs(PROJECT).find(({ name }) => name === run)?.status;
  for (let waitedMs = 0; waitedMs < JOB_MS_MAX; waitedMs += LOOK_EVERY_MS) {
    if (status() === 'completed') return;
    expectThat(status() !== 'failed', 'the job ended with another exit code than 0');
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`the job should end within ${JOB_MS_MAX / 1_000} seconds, and is ${status()}`);
}

async function send(
  { client }: LoopStoryDeps,
  url: string,
  expected: number,
  content?: { readonly body: string; readonly type: string },
): Promise<string> {
  const credentials = Buffer.from(`${APP_USER.name}:${APP_USER.password}`).toString('base64');
  const isMq = url.includes('/ibmmq/');
  const answer = await client.send({
    method: 'POST',
    url,
    headers: {
      ...(content === undefined ? {} : { 'content-type': content.type }),
      ...(isMq ? { authorization: `Basic ${credentials}`, 'ibm-mq-rest-csrf-token': 'demo' } : {}),
    },
    body: content?.body ?? '',
    timeoutMs: 10_000,
    answerBytesMax: 256 * 1024,
  });
  const text = answer.body.toString('utf8');
  expectThat(answer.status === expected, `POST ${url} should answer ${expected}: ${answer.status} ${text}`);
  return text;
}

function expectThat(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new Error(otherwise);
}
