import {
  connect,
  credsAuthenticator,
  wsconnect,
  type NatsConnection,
  type NodeConnectionOptions,
} from '@nats-io/transport-node';
import type { NatsSettings } from '../../platform/configuration/configuration.ts';

export interface ConnectOptions {
  /** Under which name the server lists the connection. */
  readonly name: string;
  /** For each server and address, until it has taken our credentials. */
  readonly timeoutMs: number;
  /** What happens to a connection that is lost: it is made again for as long as it takes, or it is over. */
  readonly reconnect: boolean;
}

const PING_INTERVAL_MS = 20_000;

/**
 * Connects to the first of the servers that can be reached. `tls://` and `wss://` never fall back to plain text.
 * @throws {ReferenceError} for `ws://` and `wss://` before Node 22, which has no WebSocket.
 * @throws {Error} the client library's, which may name addresses and hold what it was given.
 */
export async function connectNats(settings: NatsSettings, options: ConnectOptions): Promise<NatsConnection> {
  const servers = [...settings.servers];
  const given: NodeConnectionOptions = {
    servers,
    noRandomize: true,
    name: options.name,
    timeout: options.timeoutMs,
    reconnect: options.reconnect,
    maxReconnectAttempts: -1,
    // Who keeps a connection keeps on trying, and notices soon that the other side is gone.
    ...(options.reconnect ? { ignoreAuthErrorAbort: true, pingInterval: PING_INTERVAL_MS } : {}),
    noAsyncTraces: true,
    ...credentialsOf(settings.credentials),
  };
  if (servers.some((server) => /^wss?:/.test(server))) {
    // The library would wait for one until its time is up.
    if (!('WebSocket' in globalThis)) throw new ReferenceError('this Node has no WebSocket');
    return wsconnect(given);
  }
  // The library takes no notice of the scheme: without this it would speak plain text to whoever offers nothing else.
  const isTls = servers.some((server) => server.startsWith('tls:'));
  return connect(isTls ? { ...given, tls: {} } : given);
}

function credentialsOf(credentials: NatsSettings['credentials']): Partial<NodeConnectionOptions> {
  switch (credentials?.kind) {
    case 'creds':
      return { authenticator: credsAuthenticator(Buffer.from(credentials.text.reveal())) };
    case 'password':
      return { user: credentials.user, pass: credentials.password.reveal() };
    case 'token':
      return { token: credentials.token.reveal() };
    case undefined:
      return {};
  }
}
