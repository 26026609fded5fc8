import http from 'node:http';

/** A server on the loopback interface. */
export interface LoopbackServer {
  readonly port: number;
  /** Ends every connection at once, and resolves when the port is free again. */
  readonly close: () => Promise<void>;
}

/** The handler's promise may reject: the request is then answered 500. */
export type RequestHandler = (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>;

export const LOOPBACK = '127.0.0.1';

/** Listens on 127.0.0.1, on the preferred port when it is free and on any other when not. */
export async function listenOnLoopback(handle: RequestHandler, preferredPort = 0): Promise<LoopbackServer> {
  const server = http.createServer((request, response) => {
    // A peer that goes away in the middle ends its own exchange only.
    request.on('error', () => response.destroy());
    response.on('error', () => undefined);
    handle(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
  await listen(server, preferredPort).catch((error: unknown) => {
    if (preferredPort === 0) throw error;
    return listen(server, 0);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { port: address.port, close: () => close(server) };
}

function listen(server: http.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
