import http from 'node:http';
import https from 'node:https';
import type { Certificate } from '../mq/tls/certificate.ts';
import type { TlsMaterial } from '../mq/tls/tls-material.ts';

/** A server on the loopback interface. */
export interface LoopbackServer {
  readonly port: number;
  /** Serves another certificate on connections from now on. Nothing happens without TLS. */
  readonly present: (certificate: Certificate) => void;
  /** Ends every connection at once, and resolves when the port is free again. */
  readonly close: () => Promise<void>;
}

/** The handler's promise may reject: the request is then answered 500. */
export type RequestHandler = (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>;

export const LOOPBACK = '127.0.0.1';

/**
 * Listens on 127.0.0.1, on the preferred port when it is free and on any other when not; over HTTPS when `tls` is given.
 */
export async function listenOnLoopback(
  handle: RequestHandler,
  preferredPort = 0,
  tls?: TlsMaterial,
): Promise<LoopbackServer> {
  const listener: http.RequestListener = (request, response) => {
    // A peer that goes away in the middle ends its own exchange only.
    request.on('error', () => response.destroy());
    response.on('error', () => undefined);
    handle(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  };
  const secure = tls && https.createServer(secureOptions(tls), listener);
  const server = secure ?? http.createServer(listener);
  await listen(server, preferredPort).catch((error: unknown) => {
    if (preferredPort === 0) throw error;
    return listen(server, 0);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    port: address.port,
    present: ({ cert, key }) => {
      if (tls !== undefined) secure?.setSecureContext({ ...contextOptions(tls), cert, key });
    },
    close: () => close(server),
  };
}

function secureOptions(tls: TlsMaterial): https.ServerOptions {
  const { clientAuthority, requireClientCert = false } = tls;
  const isAsked = clientAuthority !== undefined;
  return { ...contextOptions(tls), requestCert: isAsked, rejectUnauthorized: isAsked && requireClientCert };
}

function contextOptions({ cert, key, clientAuthority }: TlsMaterial): https.ServerOptions {
  return clientAuthority === undefined ? { cert, key } : { cert, key, ca: clientAuthority };
}

function listen(server: http.Server | https.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: http.Server | https.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
