/** Splits an HTTP request target into path and query, both as they came. `/` stands for an empty path. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  // A proxy sends the absolute form, `http://host/path?query`: what comes before the path says nothing here.
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(target)?.[0] ?? '';
  const rest = target.slice(origin.length);
  const mark = rest.indexOf('?');
  const path = mark < 0 ? rest : rest.slice(0, mark);
  return { path: path === '' ? '/' : path, query: mark < 0 ? '' : rest.slice(mark + 1) };
}
