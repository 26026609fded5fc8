import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { startProgram } from './programs.ts';

/** A request to a function, its body read. */
export interface FunctionRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface FunctionReply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One instance of notify-cycle, in a process of its own. */
export interface Instance {
  /** Rejects when the instance is gone before it has answered. */
  readonly serve: (request: FunctionRequest) => Promise<FunctionReply>;
  readonly isBusy: () => boolean;
  /** Ends it as `kill -9` does. */
  readonly kill: () => void;
  readonly stop: () => Promise<void>;
}

/** What the platform gives one call. */
const CALL_MS_MAX = 120_000;

/** @param env all settings of the function */
export async function startInstance(env: Readonly<Record<string, string>>): Promise<Instance> {
  const bundle = fileURLToPath(new URL('../notify-cycle/main.js', import.meta.url));
  const program = await startProgram<{ readonly port: number; readonly pid: number }>(
    'instance',
    { bundle },
    { env },
  );
  const { port, pid } = program.told;
  const kill = (): void => void process.kill(pid, 'SIGKILL');
  let isBusy = false;
  return {
    isBusy: () => isBusy,
    kill,
    stop: program.stop,
    serve: async (request) => {
      isBusy = true;
      const limit = setTimeout(kill, CALL_MS_MAX);
      try {
        return await exchange(port, request);
      } finally {
        clearTimeout(limit);
        isBusy = false;
      }
    },
  };
}

/** One request to a server on loopback, without any limit of time. */
export function exchange(
  port: number,
  { method, path, headers, body }: FunctionRequest,
): Promise<FunctionReply> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port, method, path, headers, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', reject);
        answer.once('end', () =>
          resolve({
            ...{ status: answer.statusCode ?? 502, headers: answer.headers },
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}

/** The body of a request that comes in. */
export async function bodyOf(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
