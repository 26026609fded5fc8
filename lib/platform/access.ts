import { createHash, timingSafeEqual } from 'node:crypto';
import type { AccessSettings } from './configuration/configuration.ts';
import type { Problem } from './problem.ts';
import type { Secret } from './secret.ts';

/** `admin` includes `register`. */
export type Scope = 'register' | 'admin';

export type AccessDecision =
  /** `actor` names the token for the audit line, never its value. */
  { readonly allowed: true; readonly actor: string } | { readonly allowed: false; readonly problem: Problem };

export type AccessCheck = (authorization: string | undefined, scope: Scope) => AccessDecision;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const refuse = (problem: Problem): AccessDecision => ({ allowed: false, problem });

/**
 * Checks bearer tokens: every token is compared, in constant time, so that timing tells nothing. Where tokens are
 * configured, of either scope, they are needed everywhere; `allowAnonymous` opens only a deployment that has none.
 */
export function createAccessCheck(settings: AccessSettings): AccessCheck {
  const known = (tokens: readonly Secret[], scope: Scope) =>
    tokens.map((token, index) => ({
      scope,
      name: `${scope}-token-${index + 1}`,
      digest: digest(token.reveal()),
    }));
  const tokens = [...known(settings.registerTokens, 'register'), ...known(settings.adminTokens, 'admin')];

  return (authorization, scope) => {
    if (tokens.length === 0)
      return settings.allowAnonymous ? { allowed: true, actor: 'anonymous' } : refuse(CLOSED);
    const presented = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    const presentedDigest = digest(presented ?? '');
    const matches = tokens.filter((token) => timingSafeEqual(token.digest, presentedDigest));
    const match = matches.find((token) => token.scope === 'admin') ?? matches[0];
    if (presented === undefined || match === undefined) return refuse(UNKNOWN);
    if (scope === 'admin' && match.scope !== 'admin') return refuse(TOO_WEAK);
    return { allowed: true, actor: match.name };
  };
}

const CLOSED: Problem = {
  code: 'forbidden',
  detail:
    'No tokens are configured, so nobody is let in. Set REGISTER_TOKENS and ADMIN_TOKENS, or ALLOW_ANONYMOUS=1 to open it knowingly.',
};

const UNKNOWN: Problem = {
  code: 'unauthenticated',
  detail: 'Send a valid token: Authorization: Bearer <token>.',
  headers: { 'www-authenticate': 'Bearer realm="mq-observer"' },
};

const TOO_WEAK: Problem = {
  code: 'forbidden',
  detail: 'This token may register; an admin token is needed here.',
  headers: { 'www-authenticate': 'Bearer realm="mq-observer", error="insufficient_scope", scope="admin"' },
};
