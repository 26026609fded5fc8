import { HttpFailure } from '../../../platform/http-client.ts';

/** How long something may take, and what else calls it off. */
export interface TimeLimit {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Does `work` until `timeoutMs` have passed or `signal` is aborted: then it ends at once, whether or not `work` heeds
 * the signal that it is given. A limit within a limit fails as the one that came first.
 * @throws {HttpFailure} `timeout` or `aborted`; and whatever `work` rejects with.
 */
export function within<T>(limit: TimeLimit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { timeoutMs, signal: outer } = limit;
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', callOff);
      finish();
    };
    const fail = (failure: HttpFailure): void =>
      settle(() => {
        controller.abort(failure);
        reject(failure);
      });
    const callOff = (): void =>
      fail(
        outer?.reason instanceof HttpFailure
          ? outer.reason
          : new HttpFailure('aborted', 'the call was called off'),
      );
    const timer = setTimeout(
      () => fail(new HttpFailure('timeout', `no complete answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    if (outer?.aborted === true) return callOff();
    outer?.addEventListener('abort', callOff, { once: true });
    work(controller.signal).then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error instanceof Error ? error : new Error(String(error)))),
    );
  });
}
