import { describe, expect, it } from 'vitest';
import { HttpFailure, type HttpFailureCode } from '../../../platform/http-client.ts';
import { createLtpaSession } from './ltpa-session.ts';

/** A login that ends when it is told to. */
function aLogin() {
  let count = 0;
  let end: (how: Error | string) => void = () => undefined;
  const signIn = () => {
    count += 1;
    return new Promise<string>((resolve, reject) => {
      end = (how) => (typeof how === 'string' ? resolve(how) : reject(how));
    });
  };
  return { signIn, end: (how: Error | string) => end(how), count: () => count };
}

describe('a login that several wait for', () => {
  it('is one, and is kept', async () => {
    const session = createLtpaSession();
    const login = aLogin();
    const cookies = [session.cookie(login.signIn), session.cookie(login.signIn)];
    login.end('c=1');
    expect(await Promise.all(cookies)).toEqual([
      { text: 'c=1', isKept: false },
      { text: 'c=1', isKept: false },
    ]);
    expect(await session.cookie(login.signIn)).toEqual({ text: 'c=1', isKept: true });
    expect(login.count()).toBe(1);
  });

  it.each<HttpFailureCode>(['aborted', 'timeout'])(
    'is made anew, once for all of them, when the first one ends as "%s"',
    async (code) => {
      const session = createLtpaSession();
      const [own, other] = [aLogin(), aLogin()];
      const first = session.cookie(own.signIn);
      const waiting = [session.cookie(other.signIn), session.cookie(other.signIn)];
      own.end(new HttpFailure(code, 'no time'));
      await expect(first).rejects.toThrow('no time');
      await expect.poll(other.count).toBe(1);
      other.end('c=2');
      expect((await Promise.all(waiting)).map(({ text }) => text)).toEqual(['c=2', 'c=2']);
      expect(other.count()).toBe(1);
    },
  );

  it('fails for all of them when it was refused', async () => {
    const session = createLtpaSession();
    const login = aLogin();
    const all = Promise.allSettled([session.cookie(login.signIn), session.cookie(login.signIn)]);
    login.end(new Error('wrong password'));
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(login.count()).toBe(1);
  });
});
