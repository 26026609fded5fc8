import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A URL of its own for a part of an observer, as each function has one where a platform runs them. */
export interface OwnUrl {
  readonly url: string;
  /** Where requests go, path and query appended. Until it is called they are answered 503. */
  readonly passTo: (base: string) => void;
  readonly close: () => Promise<void>;
}

/** Starts it; it passes on everything as it comes, `Host` and `Origin` too. */
export async function startOwnUrl(): Promise<OwnUrl> {
  let base: string | undefined;
  const server = http.createServer((request, response) => {
    if (base === undefined) return void response.writeHead(503).end();
    const { method, url, headers } = request;
    const onward = http.request(`${base}${url ?? '/'}`, { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passTo: (given) => void (base = given),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
