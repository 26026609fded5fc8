import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAccessCheck, type AccessCheck, type Scope } from './access.ts';
import { secret } from './secret.ts';

const checkWith = (given: {
  readonly register?: readonly string[];
  readonly admin?: readonly string[];
  readonly anonymous?: boolean;
}): AccessCheck =>
  createAccessCheck({
    registerTokens: (given.register ?? []).map(secret),
    adminTokens: (given.admin ?? []).map(secret),
    allowAnonymous: given.anonymous ?? false,
  });

/** The actor who is let in, or the code of the problem. */
const endOf = (check: AccessCheck, authorization: string | undefined, scope: Scope): string => {
  const decision = check(authorization, scope);
  return decision.allowed ? decision.actor : decision.problem.code;
};

const R1 = 'register-token-one';
const R2 = 'register-token-two';
const A1 = 'admin-token-number-one';
const check = checkWith({ register: [R1, R2], admin: [A1] });

describe('a call', () => {
  it.each<[string | undefined, Scope, string]>([
    [`Bearer ${R1}`, 'register', 'register-token-1'],
    [`Bearer ${R2}`, 'register', 'register-token-2'],
    [`Bearer ${A1}`, 'register', 'admin-token-1'],
    [`Bearer ${A1}`, 'admin', 'admin-token-1'],
    [`bearer ${R1}`, 'register', 'register-token-1'],
    [`BEARER   ${R1}  `, 'register', 'register-token-1'],
    [`Bearer ${R1}`, 'admin', 'forbidden'],
    [undefined, 'register', 'unauthenticated'],
    [undefined, 'admin', 'unauthenticated'],
    ['', 'register', 'unauthenticated'],
    ['Bearer', 'register', 'unauthenticated'],
    ['Bearer ', 'register', 'unauthenticated'],
    ['Bearer wrong', 'register', 'unauthenticated'],
    [R1, 'register', 'unauthenticated'],
    [`Basic ${R1}`, 'register', 'unauthenticated'],
    [`Token ${R1}`, 'register', 'unauthenticated'],
    [`XBearer ${R1}`, 'register', 'unauthenticated'],
    [`Bearer${R1}`, 'register', 'unauthenticated'],
    [`Bearer ${R1}x`, 'register', 'unauthenticated'],
    [`Bearer x${R1}`, 'register', 'unauthenticated'],
    [`Bearer ${R1.slice(0, -1)}`, 'register', 'unauthenticated'],
    [`Bearer ${R1.toUpperCase()}`, 'register', 'unauthenticated'],
    [`Bearer ${R1} ${R2}`, 'register', 'unauthenticated'],
    [`Bearer ${R1},${R2}`, 'register', 'unauthenticated'],
    [`Bearer "${R1}"`, 'register', 'unauthenticated'],
    [`Basic x, Bearer ${R1}`, 'register', 'unauthenticated'],
  ])('with %j for %s: %s', (authorization, scope, end) => {
    expect(endOf(check, authorization, scope)).toBe(end);
  });

  it('is told which scheme is wanted, and what is missing', () => {
    expect(check(undefined, 'register')).toMatchObject({
      problem: { headers: { 'www-authenticate': 'Bearer realm="mq-observer"' } },
    });
    expect(check(`Bearer ${R1}`, 'admin')).toMatchObject({
      problem: {
        detail: 'This token may register; an admin token is needed here.',
        headers: {
          'www-authenticate': 'Bearer realm="mq-observer", error="insufficient_scope", scope="admin"',
        },
      },
    });
  });

  it('with a token of both scopes is an admin', () => {
    expect(endOf(checkWith({ register: [A1], admin: [A1] }), `Bearer ${A1}`, 'admin')).toBe('admin-token-1');
  });

  it('is let in by a token and by nothing else, and no answer holds a token', () => {
    const tokens = [R1, R2, A1];
    const given = fc.oneof(
      fc.string(),
      fc.constantFrom(...tokens),
      fc.tuple(fc.constantFrom(...tokens), fc.string()).map(([token, more]) => token + more),
    );
    fc.assert(
      fc.property(given, fc.constantFrom<Scope>('register', 'admin'), (token, scope) => {
        const decision = check(`Bearer ${token}`, scope);
        const known = tokens.includes(token.trim()) && (scope === 'register' || token.trim() === A1);
        expect(decision.allowed).toBe(known);
        for (const one of tokens) expect(JSON.stringify(decision)).not.toContain(one);
      }),
    );
  });
});

describe('without tokens', () => {
  it('nobody is let in, and the operator reads what to set', () => {
    const closed = checkWith({});
    for (const scope of ['register', 'admin'] as const)
      expect(closed(`Bearer ${R1}`, scope)).toMatchObject({
        allowed: false,
        problem: {
          code: 'forbidden',
          detail: expect.stringMatching(/REGISTER_TOKENS.*ADMIN_TOKENS.*ALLOW_ANONYMOUS=1/) as string,
        },
      });
  });

  it('everybody is let in where the operator wants that', () => {
    const open = checkWith({ anonymous: true });
    for (const authorization of [undefined, 'Bearer x', 'nonsense'])
      expect(endOf(open, authorization, 'admin')).toBe('anonymous');
  });

  it('of one scope alone nothing is open: those of the other are needed', () => {
    const adminOnly = checkWith({ admin: [A1], anonymous: true });
    expect(endOf(adminOnly, undefined, 'register')).toBe('unauthenticated');
    expect(endOf(adminOnly, `Bearer ${A1}`, 'register')).toBe('admin-token-1');
    const registerOnly = checkWith({ register: [R1], anonymous: true });
    expect(endOf(registerOnly, undefined, 'admin')).toBe('unauthenticated');
    expect(endOf(registerOnly, `Bearer ${R1}`, 'admin')).toBe('forbidden');
  });

  it('is not what an empty token means', () => {
    const empty = checkWith({ admin: [''] });
    for (const authorization of [undefined, '', 'Bearer', 'Bearer '])
      expect(endOf(empty, authorization, 'admin')).toBe('unauthenticated');
  });
});
