import type { FunctionList } from '../function-list/function-list.ts';

/** Where a request goes. */
export type Route =
  /** To a function, by one of its HTTP triggers. */
  | { readonly kind: 'triggered'; readonly name: string; readonly path: string }
  /**
   * To a function by its name, `/functions/<name>/…`, as if by its own URL; `path` is what comes after the name. `signed`:
   * the function itself tells who may.
   */
  | { readonly kind: 'direct'; readonly name: string; readonly path: string; readonly signed: boolean }
  /** By a name that no function has. */
  | { readonly kind: 'no-such-function'; readonly name: string };

const DIRECT = /^\/functions\/([^/]*)(\/.*)?$/;

/** Makes the routing table: exact paths first, then prefixes (`/admin/*`), then whoever takes unknown paths. */
export function createRouter(list: FunctionList): (path: string) => Route {
  const claims = list.flatMap(({ name, triggers }) =>
    triggers.flatMap((trigger) =>
      trigger.kind === 'http' ? trigger.paths.map((path) => ({ name, path })) : [],
    ),
  );
  const exact = new Map(claims.map(({ name, path }) => [path, name]));
  const prefixes = claims
    .filter(({ path }) => path.endsWith('/*'))
    .map(({ name, path }) => ({ name, prefix: path.slice(0, -1) }))
    .toSorted((one, other) => other.prefix.length - one.prefix.length);
  const taker = list.find(({ triggers }) =>
    triggers.some((one) => one.kind === 'http' && one.takesUnknownPaths),
  );
  const names = new Set(list.map(({ name }) => name));
  const signed = new Set(
    list.flatMap(({ name, triggers }) =>
      triggers.flatMap((one) => (one.kind === 'signed' ? one.paths.map((path) => `${name}${path}`) : [])),
    ),
  );

  return (path) => {
    const direct = DIRECT.exec(path);
    if (direct !== null) return directRoute({ names, signed }, direct[1] ?? '', direct[2]);
    const prefix = prefixes.find((candidate) => path.startsWith(candidate.prefix));
    return { kind: 'triggered', name: exact.get(path) ?? prefix?.name ?? taker?.name ?? '', path };
  };
}

function directRoute(
  known: { readonly names: ReadonlySet<string>; readonly signed: ReadonlySet<string> },
  name: string,
  path = '/',
): Route {
  if (!known.names.has(name)) return { kind: 'no-such-function', name };
  return { kind: 'direct', name, path, signed: known.signed.has(`${name}${path}`) };
}
