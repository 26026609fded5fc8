import { connect as connectSocket } from 'node:net';
import { connect, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { expect, onTestFinished } from 'vitest';
import { encodeMessage, type NatsEncoding } from '../../lib/delivery/nats/message-codec.ts';
import { readReply, type Reply } from '../../lib/delivery/nats/protocol.ts';
import { runRespond } from './cli.ts';

/** A wake-up as it comes over NATS. */
export const PAYLOAD = {
  CE_QMGR: 'QM1',
  CE_QUEUE: 'APP.1',
  CE_DEPTH: '3',
  ID: 'me',
  notification: 'messages found on queue',
};

/** What is sent, and where to. */
export interface Question {
  readonly to: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly encoding?: NatsEncoding;
  /** In place of the payload. */
  readonly data?: Uint8Array;
}

/** What asks as the observer does. */
export interface Asker {
  readonly connection: NatsConnection;
  /** The reply as it comes. */
  readonly request: (question: Question) => Promise<Msg>;
  /** The reply as the observer understands it. */
  readonly ask: (question: Question) => Promise<Reply>;
  /** Sends, and waits for nothing. */
  readonly tell: (question: Question) => void;
}

const TIMEOUT_MS = 10_000;
const JSON_ONLY: NatsEncoding = { serialization: 'json', compression: 'none' };

/** Connects; whoever asks for it closes the connection. */
export async function createAsker(address: string): Promise<Asker> {
  const connection = await connect({ servers: address });
  const request = (question: Question): Promise<Msg> => {
    const { header, data } = messageOf(question);
    return connection.request(question.to, data, { headers: header, timeout: TIMEOUT_MS });
  };
  return {
    connection,
    request,
    ask: async (question) => {
      const reply = await request(question);
      const { headers: header } = reply;
      return readReply((name) => (header?.has(name) ? header.get(name) : undefined), reply.data);
    },
    tell: (question) => {
      const { header, data } = messageOf(question);
      connection.publish(question.to, data, { headers: header });
    },
  };
}

function messageOf({ headers: more = {}, encoding = JSON_ONLY, data }: Question) {
  const encoded = encodeMessage(PAYLOAD, encoding);
  const header = headers();
  for (const [name, value] of Object.entries({ ...encoded.headers, ...more })) header.set(name, value);
  return { header, data: data ?? encoded.data };
}

/** What `respond` says, and how it ends. */
export interface RunningRespond {
  readonly said: () => string;
  readonly exit: Promise<number>;
  readonly stop: () => void;
}

/** Starts `respond` in this process. It is stopped when the test ends. */
export function startRespond(address: string, ...argv: readonly string[]): RunningRespond {
  const said: string[] = [];
  const into = { write: (text: string | Uint8Array) => said.push(String(text)) > 0 };
  let stop = (): void => undefined;
  const stopRequested = new Promise<void>((resolve) => (stop = resolve));
  const io = { stdout: into, stderr: into, stopRequested };
  const exit = runRespond([...argv, '--server', `nats://${address}`], io);
  onTestFinished(async () => {
    stop();
    await exit;
  });
  return { said: () => said.join(''), exit, stop: () => stop() };
}

/** The same, and waits until it listens. */
export async function respond(address: string, ...argv: readonly string[]): Promise<RunningRespond> {
  const running = startRespond(address, ...argv);
  await expect.poll(running.said).toMatch(/answering|passing on/);
  return running;
}

/** Answers each message with headers that no client would write, and no data. Give it up by calling what it resolves to. */
export async function respondRaw(address: string, subject: string, headerText: string): Promise<() => void> {
  const [host = '', port = ''] = address.split(':');
  const socket = connectSocket(Number(port), host);
  socket.write(`CONNECT {"verbose":false,"headers":true}\r\nSUB ${subject} 1\r\nPING\r\n`);
  await new Promise<void>((resolve) => {
    socket.on('data', (data) => {
      const text = data.toString();
      if (text.includes('PONG')) resolve();
      const inbox = /HMSG \S+ 1 (\S+)/.exec(text)?.[1];
      if (inbox !== undefined)
        socket.write(`HPUB ${inbox} ${headerText.length} ${headerText.length}\r\n${headerText}\r\n`);
    });
  });
  return () => socket.destroy();
}
