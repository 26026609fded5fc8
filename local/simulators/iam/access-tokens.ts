import type { AccessRole } from './identities.ts';

/** A token just given. Times are epoch seconds, as in its claims. */
export interface AccessToken {
  readonly text: string;
  readonly issuedAtS: number;
  readonly expiresAtS: number;
}

/** The tokens that were given. */
export interface AccessTokens {
  readonly issue: (subject: string, role: AccessRole) => AccessToken;
  /** The role of a token that still counts; undefined for every other text. */
  readonly roleOf: (token: string) => AccessRole | undefined;
  /** Ends every token at once, whatever its claims say. */
  readonly expireAll: () => void;
  /** For tokens that are given from now on. */
  readonly setLifetime: (lifetimeMs: number) => void;
}

export interface AccessTokensDeps {
  readonly nowMs: () => number;
  readonly uuid: () => string;
  readonly lifetimeMs: number;
}

const TOKENS_MAX = 1_000;

/** Makes JSON Web Tokens that can be parsed and are signed by nobody; whether one counts is known here alone. */
export function createAccessTokens({ nowMs, uuid, lifetimeMs }: AccessTokensDeps): AccessTokens {
  const valid = new Map<string, { readonly role: AccessRole; readonly expiresAtS: number }>();
  let currentLifetimeMs = lifetimeMs;
  return {
    issue: (subject, role) => {
      const issuedAtS = Math.floor(nowMs() / 1000);
      const expiresAtS = issuedAtS + Math.ceil(currentLifetimeMs / 1000);
      const claims = { iam_id: subject, sub: subject, iat: issuedAtS, exp: expiresAtS, jti: uuid() };
      const text = [encoded({ alg: 'none', typ: 'JWT' }), encoded(claims), 'unsigned'].join('.');
      valid.set(text, { role, expiresAtS });
      const [oldest] = valid.keys();
      if (valid.size > TOKENS_MAX && oldest !== undefined) valid.delete(oldest);
      return { text, issuedAtS, expiresAtS };
    },
    roleOf: (token) => {
      const known = valid.get(token);
      return known !== undefined && nowMs() < known.expiresAtS * 1000 ? known.role : undefined;
    },
    expireAll: () => valid.clear(),
    setLifetime: (newLifetimeMs) => {
      currentLifetimeMs = newLifetimeMs;
    },
  };
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
