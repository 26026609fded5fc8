import type { Clock } from '../../lib/platform/clock.ts';
import { listAt, textAt } from './answers.ts';
import type { Api } from './api.ts';
import type { Form } from './forms.ts';

/** A test wake-up that was asked for. */
export interface AskedTest {
  /** Where the decisions on its registration are. */
  readonly path: string;
  /** Its name, as the observer gave it. */
  readonly request: string;
}

const INTERVAL_MS = 1_000;
const CALL_MS_MAX = 10_000;
const BUSY = 503;
const TESTS: Form = ['tests', 'list'];

/**
 * Looks every second until a cycle has sent the test, and gives what the observer tells of it; `undefined` when none has
 * within `limitMs`.
 * @throws {ApiError}
 */
export async function awaitTest(
  api: Api,
  { path, request }: AskedTest,
  limitMs: number,
  clock: Clock,
): Promise<unknown> {
  const endMs = clock.nowMs() + limitMs;
  for (;;) {
    const timeoutMs = Math.min(CALL_MS_MAX, Math.max(INTERVAL_MS, endMs - clock.nowMs()));
    const { body } = await api.call({ method: 'GET', path, form: TESTS, timeoutMs, alsoTaken: BUSY });
    const found = listAt(body, 'tests').find((one) => textAt(one, 'test', 'request') === request);
    if (found !== undefined || clock.nowMs() + INTERVAL_MS > endMs) return found;
    await clock.sleep(INTERVAL_MS);
  }
}
