import net, { type Socket } from 'node:net';

/** One request as it came over the wire. */
export interface SeenRequest {
  /** The request line and the headers, as they were sent. */
  readonly head: string;
  readonly body: string;
  /** Which connection it came on, counted from 1, and which request of that connection it is. */
  readonly connection: number;
  readonly nth: number;
}

/** A server on 127.0.0.1 that does to its callers whatever a test wants, byte by byte. */
export interface ScriptedServer {
  readonly port: number;
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

/** What to do with one complete request on its raw socket. */
export type Script = (socket: Socket, request: SeenRequest) => void;

/** Answers 200 with a text and keeps the connection. */
export const answerOk: Script = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
};

/** Writes one whole answer. */
export function respond(
  socket: Socket,
  statusLine: string,
  headers: readonly string[] = [],
  body = '',
): void {
  const all = [`HTTP/1.1 ${statusLine}`, `content-length: ${Buffer.byteLength(body)}`, ...headers];
  socket.write(`${all.join('\r\n')}\r\n\r\n${body}`);
}

export async function startScriptedServer(script: Script, host = '127.0.0.1'): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = net.createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A peer that breaks off is part of the play.
    socket.on('error', () => undefined);
    readRequests(socket, connections, (request) => {
      requests.push(request);
      script(socket, request);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    requests,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Cuts what comes in into requests with `content-length` bodies; nothing else is understood here. */
function readRequests(socket: Socket, connection: number, on: (request: SeenRequest) => void): void {
  let pending = '';
  let nth = 0;
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    pending += text;
    for (;;) {
      const end = pending.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = pending.slice(0, end);
      const length = Number(/^content-length: *(\d+)$/im.exec(head)?.[1] ?? 0);
      if (pending.length < end + 4 + length) return;
      const body = Buffer.from(pending.slice(end + 4, end + 4 + length), 'latin1').toString('utf8');
      pending = pending.slice(end + 4 + length);
      nth += 1;
      on({ head, body, connection, nth });
    }
  });
}
