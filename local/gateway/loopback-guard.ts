import { isLoopbackHost } from '../host/loopback.ts';

/** The headers that tell from where a browser sends a request. Names in lower case. */
export type GuardedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Why a request must not reach a host that is open because it listens on loopback only; `undefined` lets it pass.
 *
 * A web page in the user's own browser reaches loopback, too: by DNS rebinding (then `Host` is the page's name), by a
 * form or a request across origins (then `Origin` is not ours), or by a link (then `Sec-Fetch-Site` says so).
 */
export function refusalOfForeignPage(headers: GuardedHeaders): string | undefined {
  const { host, origin } = headers;
  const site = headers['sec-fetch-site'];
  if (typeof host !== 'string' || !isLoopbackHost(hostnameOf(host)))
    return 'Without tokens this host answers to loopback names only, such as 127.0.0.1 or localhost.';
  if (origin !== undefined && origin !== `http://${host}`)
    return 'Without tokens this host does not answer to pages of another origin.';
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return 'Without tokens this host does not answer to requests that another site starts.';
  return undefined;
}

/** `[::1]:8080` gives `::1`, `localhost:8080` gives `localhost`. */
function hostnameOf(host: string): string {
  return host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
}
