import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { RestAnswer } from '../rest/rest-answer.ts';
import type { RestTarget } from '../rest/rest-route.ts';
import type { Switches } from '../switches.ts';
import type { SimulatedUser } from '../users.ts';
import type { Directory } from './directory.ts';
import { csrfMissing, deadCookie, notAuthenticated, roleMissing, wrongCredentials } from './login-errors.ts';
import { COOKIE_PREFIX, type Tokens } from './tokens.ts';

/** A way to sign in. */
export const LOGINS = ['basic', 'ltpa', 'certificate'] as const;
export type Login = (typeof LOGINS)[number];

export interface SignInDeps {
  readonly directory: Directory;
  readonly tokens: Tokens;
  /** The ways that are open; what comes another way is not looked at. */
  readonly logins: readonly Login[];
  readonly switches: () => Switches;
}

export type SignIn =
  | { readonly kind: 'user'; readonly user: SimulatedUser }
  | { readonly kind: 'refused'; readonly answer: RestAnswer };

export type Gate = (request: IncomingMessage, target: RestTarget) => SignIn;

/** Decides who asks, as the web server does: certificate, cookie, password; then the CSRF header, then the role. */
export function createGate(deps: SignInDeps): Gate {
  return (request, { path, route }) => {
    const signIn = signInOf(deps, request, path);
    if (signIn.kind === 'refused') return signIn;
    const needsCsrf = ['POST', 'PATCH', 'DELETE'].includes(request.method ?? '');
    const switches = deps.switches();
    if (
      needsCsrf &&
      switches.csrfRequired === 'yes' &&
      request.headers['ibm-mq-rest-csrf-token'] === undefined
    )
      return refused(csrfMissing(switches));
    const { user } = signIn;
    return user.role === 'none' && route.kind !== 'login' ? refused(roleMissing(user.name)) : signIn;
  };
}

/** The cookie of a login that a request brings, by its prefix. */
export function loginCookieOf(
  request: IncomingMessage,
): { readonly name: string; readonly value: string } | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name = '', ...value] = pair.trim().split('=');
    if (name.startsWith(COOKIE_PREFIX)) return { name, value: value.join('=') };
  }
  return undefined;
}

function signInOf(
  { directory, tokens, logins, switches }: SignInDeps,
  request: IncomingMessage,
  path: string,
): SignIn {
  const certified = logins.includes('certificate') ? directory.named(commonNameOf(request)) : undefined;
  if (certified !== undefined) return { kind: 'user', user: certified };

  const cookie = logins.includes('ltpa') ? loginCookieOf(request) : undefined;
  const remembered = cookie && directory.named(tokens.userOf(cookie.name, cookie.value) ?? '');
  if (remembered !== undefined) return { kind: 'user', user: remembered };

  const sent = /^basic\s+([A-Za-z0-9+/=]+)\s*$/i.exec(request.headers.authorization ?? '')?.[1];
  const basic = logins.includes('basic') ? sent : undefined;
  const isCookieFinal = basic === undefined || switches().expiredCookieWithBasic === 'refuses';
  if (cookie !== undefined && isCookieFinal) return refused(deadCookie(cookie.name));
  if (basic === undefined) return refused(notAuthenticated(path));
  const [name = '', ...password] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  const user = directory.withPassword(name, password.join(':'));
  return user === undefined ? refused(wrongCredentials()) : { kind: 'user', user };
}

/** The common name of a client certificate that the server's authority vouches for; `''` without one. */
function commonNameOf({ socket }: IncomingMessage): string {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return '';
  const subject: unknown = socket.getPeerCertificate().subject;
  const name: unknown = typeof subject === 'object' && subject !== null && 'CN' in subject ? subject.CN : '';
  return typeof name === 'string' ? name : '';
}

function refused(answer: RestAnswer): SignIn {
  return { kind: 'refused', answer };
}
