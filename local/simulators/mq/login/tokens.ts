import type { Randomness } from '../../../../lib/platform/clock.ts';

/** The LTPA cookies of a web server. */
export interface Tokens {
  /** The name of the cookie: `LtpaToken2` and a suffix that changes with `rename`. */
  readonly cookieName: () => string;
  /** Makes a cookie for a user; answers its value. */
  readonly issue: (user: string) => string;
  /** The user of a cookie that is current. */
  readonly userOf: (name: string, value: string) => string | undefined;
  readonly revoke: (value: string) => void;
  /** The cookie gets another name, as after a restart; every one of before is dead. */
  readonly rename: () => void;
  readonly expireAll: () => void;
}

export interface TokensDeps {
  readonly nowMs: () => number;
  readonly randomness: Randomness;
  readonly lifetimeMs: number;
  /** Of the name; `''` for the MQ Appliance, which has none. */
  readonly suffix: string;
}

export const COOKIE_PREFIX = 'LtpaToken2';
const TOKENS_MAX = 10_000;

export function createTokens({ nowMs, randomness, lifetimeMs, suffix }: TokensDeps): Tokens {
  const issued = new Map<string, { readonly user: string; readonly expiresAtMs: number }>();
  let cookieName = `${COOKIE_PREFIX}${suffix}`;
  return {
    cookieName: () => cookieName,
    issue: (user) => {
      const [oldest] = issued.keys();
      if (issued.size >= TOKENS_MAX && oldest !== undefined) issued.delete(oldest);
      const value = Buffer.from(randomness.uuid()).toString('base64');
      issued.set(value, { user, expiresAtMs: nowMs() + lifetimeMs });
      return value;
    },
    userOf: (name, value) => {
      const token = issued.get(value);
      return name === cookieName && token !== undefined && token.expiresAtMs > nowMs()
        ? token.user
        : undefined;
    },
    revoke: (value) => void issued.delete(value),
    rename: () => {
      cookieName = `${COOKIE_PREFIX}_${Math.floor(randomness.fraction() * 1e15)}`;
      issued.clear();
    },
    expireAll: () => issued.clear(),
  };
}
