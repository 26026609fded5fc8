import { HttpFailure } from '../../../platform/http-client.ts';

/** A login that is kept while the instance is warm, for one web server. */
export interface LtpaSession {
  /**
   * The cookie to send. Signs in when there is none; those who ask meanwhile share that login, unless it fails for want of
   * its own caller's time.
   * @param signIn gives the cookie as `name=value`, or rejects
   */
  readonly cookie: (signIn: () => Promise<string>) => Promise<LtpaCookie>;
  /** The server did not accept it any more: the next one who asks signs in, unless somebody has already. */
  readonly forget: (refused: LtpaCookie) => void;
}

export interface LtpaCookie {
  readonly text: string;
  /** It was there before it was asked for, and may have run out. */
  readonly isKept: boolean;
}

export function createLtpaSession(): LtpaSession {
  let login: Promise<string> | undefined;
  let kept: string | undefined;

  const begin = (signIn: () => Promise<string>): Promise<string> => {
    const begun = signIn().then(
      (text) => (kept = text),
      (error: unknown) => {
        // The next reading tries again, and nobody who waited for this login does.
        login = undefined;
        throw error;
      },
    );
    return begun;
  };

  return {
    cookie: async (signIn) => {
      const isKept = kept !== undefined;
      while (login !== undefined) {
        const text = await login.catch(passingOver);
        if (text !== undefined) return { text, isKept };
      }
      return { text: await (login = begin(signIn)), isKept };
    },
    forget: ({ text }) => {
      if (text !== kept) return;
      kept = undefined;
      login = undefined;
    },
  };
}

/** A login that was called off or ran out of time says nothing to those who have time left. */
function passingOver(error: unknown): undefined {
  if (error instanceof HttpFailure && (error.code === 'aborted' || error.code === 'timeout')) return;
  throw error;
}

/** The cookie's name has a suffix that differs from server to server, and changes when one is started anew. */
const LTPA_COOKIE = /(?:^|[,;]\s*)(LtpaToken2[^=;,\s]*)=([^;,\s]+)/;

/** Reads the cookie from the header `set-cookie`, repeated ones joined by commas. */
export function readLtpaCookie(setCookie: string | undefined): string | undefined {
  const found = LTPA_COOKIE.exec(setCookie ?? '');
  return found === null ? undefined : `${found[1]}=${found[2]}`;
}
