import type { IncomingMessage } from 'node:http';
import { emptyAnswer, listAnswer, type RestAnswer } from '../rest/rest-answer.ts';
import { badRequest, unknownResource } from '../rest/rest-errors.ts';
import type { RestTarget } from '../rest/rest-route.ts';
import { parseJsonObject } from '../mqsc/command-body.ts';
import { notAuthenticated, wrongCredentials } from './login-errors.ts';
import { loginCookieOf, type Gate, type SignInDeps } from './sign-in.ts';

/** Answers `POST`, `GET` and `DELETE …/login`. */
export function answerLogin(
  deps: SignInDeps & { readonly gate: Gate },
  request: IncomingMessage,
  target: RestTarget,
  body: Buffer,
): RestAnswer {
  if (!deps.logins.includes('ltpa')) return unknownResource(target.path);
  if (request.method === 'POST') return logIn(deps, target, body);
  const signIn = deps.gate(request, target);
  if (signIn.kind === 'refused') return signIn.answer;
  const { name, role = 'MQWebAdminRO' } = signIn.user;
  switch (request.method) {
    case 'GET':
      return listAnswer(200, 'user', [{ name, role: role === 'none' ? [] : [role] }]);
    case 'DELETE':
      deps.tokens.revoke(loginCookieOf(request)?.value ?? '');
      return emptyAnswer(204);
    default:
      return emptyAnswer(405, { Allow: 'GET, POST, DELETE' });
  }
}

function logIn({ directory, tokens, switches }: SignInDeps, { path }: RestTarget, body: Buffer): RestAnswer {
  const { username, password } = parseJsonObject(body) ?? {};
  if (typeof username !== 'string' || typeof password !== 'string')
    return badRequest("The body is an object with 'username' and 'password'.");
  const user = directory.withPassword(username, password);
  if (user === undefined)
    return switches().badLoginAs === 'MQWB0104E' ? notAuthenticated(path) : wrongCredentials();
  const cookie = `${tokens.cookieName()}=${tokens.issue(user.name)}`;
  return emptyAnswer(204, {
    'Set-Cookie': `${cookie}; Path=/; Secure; HttpOnly; SameSite=Strict`,
    Expires: 'Thu, 01 Dec 1994 16:00:00 GMT',
  });
}
