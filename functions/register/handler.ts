import type { Scope } from '../../lib/platform/access.ts';
import type { HttpAnswer } from '../../lib/platform/function-call/http-call.ts';
import type { Handler } from '../../lib/platform/function-call/serve.ts';
import type { Action, RegisterDeps } from './action.ts';
import { exportAll, flush, importDocument } from './administration.ts';
import { listBackups, restoreBackup } from './backups.ts';
import { countDeadLetters, replayDeadLetters } from './dead-letters.ts';
import { listDecisions } from './decisions.ts';
import { listRegistrations } from './list.ts';
import { readOne, register, unregister } from './registrations.ts';
import { restore } from './restore.ts';
import { askForTest } from './test-wake-up.ts';

interface Route {
  readonly path: RegExp;
  /** `undefined`: open to everybody. */
  readonly scope: Scope | undefined;
  readonly bodyBytesMax: number;
  readonly methods: Readonly<Record<string, Action>>;
}

const BODY_BYTES_MAX = 64 * 1024;
const IMPORT_BYTES_MAX = 5 * 1024 * 1024;

const ROUTES: readonly Route[] = [
  {
    path: /^\/register$/,
    scope: 'register',
    bodyBytesMax: BODY_BYTES_MAX,
    methods: { GET: listRegistrations, POST: register, DELETE: unregister },
  },
  {
    path: /^\/register\/([^/]+)$/,
    scope: 'register',
    bodyBytesMax: BODY_BYTES_MAX,
    methods: { GET: readOne, DELETE: unregister },
  },
  {
    path: /^\/register\/([^/]+)\/decisions$/,
    scope: 'register',
    bodyBytesMax: BODY_BYTES_MAX,
    methods: { GET: listDecisions },
  },
  {
    path: /^\/register\/([^/]+)\/restore$/,
    scope: 'register',
    bodyBytesMax: BODY_BYTES_MAX,
    methods: { POST: restore },
  },
  {
    path: /^\/register\/([^/]+)\/test$/,
    scope: 'register',
    bodyBytesMax: BODY_BYTES_MAX,
    methods: { POST: askForTest },
  },
  { path: /^\/admin\/flush$/, scope: 'admin', bodyBytesMax: BODY_BYTES_MAX, methods: { DELETE: flush } },
  { path: /^\/admin\/export$/, scope: 'admin', bodyBytesMax: BODY_BYTES_MAX, methods: { GET: exportAll } },
  {
    path: /^\/admin\/dead-letters$/,
    scope: 'admin',
    bodyBytesMax: BODY_BYTES_MAX,
    methods: { GET: countDeadLetters },
  },
  {
    path: /^\/admin\/dead-letters\/replay$/,
    scope: 'admin',
    bodyBytesMax: BODY_BYTES_MAX,
    methods: { POST: replayDeadLetters },
  },
  {
    path: /^\/admin\/backups$/,
    scope: 'admin',
    bodyBytesMax: BODY_BYTES_MAX,
    methods: { GET: listBackups },
  },
  {
    path: /^\/admin\/backups\/([^/]+)\/restore$/,
    scope: 'admin',
    bodyBytesMax: BODY_BYTES_MAX,
    methods: { POST: restoreBackup },
  },
  {
    path: /^\/admin\/import$/,
    scope: 'admin',
    bodyBytesMax: IMPORT_BYTES_MAX,
    methods: { POST: importDocument },
  },
  {
    path: /^\/notify$/,
    scope: undefined,
    bodyBytesMax: BODY_BYTES_MAX,
    methods: { POST: async () => ({ status: 200, body: { message: 'Received' } }) },
  },
];

/** The HTTP API: finds the route, lets the caller in, and makes sure that the store is ready. */
export function createRegisterHandler(deps: RegisterDeps): Handler {
  return async (call) => {
    const route = deps.mode === 'notifications' ? undefined : ROUTES.find(({ path }) => path.test(call.path));
    if (route === undefined) return { problem: { code: 'not-found', detail: 'Page not found' } };
    const action = Object.hasOwn(route.methods, call.method) ? route.methods[call.method] : undefined;
    if (action === undefined) return methodNotAllowed(route);
    const decision =
      route.scope === undefined
        ? { allowed: true as const, actor: 'anybody' }
        : deps.access(call.headers['authorization'], route.scope);
    if (!decision.allowed) return { problem: decision.problem };
    if (call.body.length > route.bodyBytesMax) return tooLarge(route.bodyBytesMax);
    const id = decodedId(route.path.exec(call.path)?.[1]);
    if (id === null)
      return { problem: { code: 'invalid-request', detail: 'The id in the path is not valid.' } };
    if (route.scope !== undefined) await deps.store.merge.ready();
    return action(deps, { call, actor: decision.actor, id });
  };
}

function methodNotAllowed(route: Route): HttpAnswer {
  const allow = Object.keys(route.methods).join(', ');
  return {
    problem: { code: 'method-not-allowed', detail: `This path takes ${allow}.`, headers: { allow } },
  };
}

function tooLarge(bytesMax: number): HttpAnswer {
  return { problem: { code: 'too-large', detail: `The body may have ${bytesMax} bytes at most.` } };
}

/** The text of a path segment; `null` when its percent-encoding is broken. */
function decodedId(segment: string | undefined): string | undefined | null {
  try {
    return segment === undefined ? undefined : decodeURIComponent(segment);
  } catch {
    return null;
  }
}
