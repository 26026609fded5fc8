import { judgeFailedExchange } from './failed-exchange.ts';
import { failed, type Answered } from './verdict.ts';
import { LoginFailedError } from './web-server.ts';

/** Whatever an exchange throws is an answer, too. */
export async function asAnswer<T>(ask: () => Promise<Answered<T>>): Promise<Answered<T>> {
  try {
    return await ask();
  } catch (error) {
    return failed(error instanceof LoginFailedError ? error.verdict : judgeFailedExchange(error));
  }
}
