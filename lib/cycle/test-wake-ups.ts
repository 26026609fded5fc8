import type { Outcome } from '../delivery/attempts.ts';
import type { ErrorKernel } from '../errors/error-kernel.ts';
import type { Logger } from '../platform/logging.ts';
import type { Registration } from '../registration/registration.ts';
import { eachOf } from '../store/registration-reader.ts';
import type { AllRegistrations } from '../store/registration-store.ts';
import type { TestRequest, TestRequests } from '../store/test-requests.ts';
import { decisionOf } from './notify-learning.ts';
import type { TestResult } from './report.ts';
import type { TaskGroup } from './task-group.ts';
import { wake, type WakeCycle, type WakeDeps } from './wake.ts';

export interface TestDeps extends WakeDeps {
  readonly store: { readonly testRequests: TestRequests };
  readonly log: Logger;
}

/** What the tests of one run share with its wake-ups. */
export interface TestRun {
  readonly cycle: WakeCycle;
  readonly wakeUps: TaskGroup;
  readonly errors: ErrorKernel;
  /** Told how each one ended. */
  readonly results: TestResult[];
}

/** Tests that one run serves; more wait for the next. */
const TESTS_MAX = 100;
const AT_ONCE = 16;

/**
 * Sends the test wake-ups that were asked for: one attempt each, whatever the queue holds and whatever is known of the
 * registration, of which nothing changes. Resolves when all have begun.
 */
export async function sendTests(deps: TestDeps, run: TestRun, all: AllRegistrations): Promise<void> {
  const keys = all.state.testRequests.slice(0, TESTS_MAX);
  if (keys.length === 0) return;
  const byId = new Map(all.stored.map(({ registration }) => [registration.record.id, registration]));
  const begin = async (key: string): Promise<void> => {
    const request = await deps.store.testRequests.read(key);
    if (request === undefined) return;
    const registration = byId.get(request.id);
    // Removed since then: there is nobody left to wake.
    if (registration === undefined) return deps.store.testRequests.served(request);
    send(deps, run, request, registration);
  };
  await eachOf(keys, AT_ONCE, (key) => orNoted(run, key, begin(key)));
}

function send(deps: TestDeps, run: TestRun, request: TestRequest, registration: Registration): void {
  const { queue } = registration.record;
  const ended = run.wakeUps.begin();
  wake(deps, { registration, queue, depth: 0, test: request.request }, run.cycle, (outcome) =>
    ended(
      orNoted(
        run,
        request.key,
        outcome.then((known) => learn(deps, run, request, registration, known)),
      ),
    ),
  );
}

async function learn(
  deps: TestDeps,
  { results }: TestRun,
  request: TestRequest,
  registration: Registration,
  outcome: Outcome,
): Promise<void> {
  // No time was left: the next run sends it.
  if (outcome.kind === 'unstarted') return;
  const result = { ...decisionOf(registration, { depth: 0 }, outcome, undefined), request: request.request };
  results.push(result);
  deps.log.info('test wake-up sent', { id: request.id, reason: result.reason, request: request.request });
  await deps.store.testRequests.served(request);
}

async function orNoted({ errors }: TestRun, key: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    errors.handle('test-request', error, { key });
  }
}
