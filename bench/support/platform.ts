import http from 'node:http';
import { bodyOf, exchange, startInstance, type FunctionReply, type Instance } from './instance.ts';

/** One call that reached an instance. */
export interface Call {
  /** The label of the range that it asked for; `undefined` for a whole cycle. */
  readonly range: string | undefined;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly residentMaxMb: number;
}

/** A platform with one function: one URL, behind it instances in processes of their own, each with one call at a time. */
export interface Platform {
  /** Calls the function, and gives what it answered. */
  readonly call: () => Promise<unknown>;
  /** The calls that were answered since the last time that somebody asked. */
  readonly takeCalls: () => readonly Call[];
  /** Ends the instance that serves the next request for this range, so long after it got it, as `kill -9` does. */
  readonly killServing: (range: string, afterMs: number) => void;
  readonly stop: () => Promise<void>;
}

/**
 * Starts it with so many instances of notify-cycle; one that is gone is replaced.
 * @param envOf settings of the function, from the URL of the platform
 */
export async function startPlatform(
  count: number,
  envOf: (url: string) => Readonly<Record<string, string>>,
): Promise<Platform> {
  let calls: Call[] = [];
  let toKill: { readonly range: string; readonly afterMs: number } | undefined;
  const instances: Instance[] = [];

  const pass = async (request: http.IncomingMessage): Promise<FunctionReply> => {
    const { method, url: path, headers } = request;
    const body = await bodyOf(request);
    const range = path === '/range' ? rangeIn(body) : undefined;
    const instance = instances.find(({ isBusy }) => !isBusy());
    if (instance === undefined) return { status: 503, headers: {}, body: Buffer.alloc(0) };
    if (range !== undefined && range === toKill?.range) {
      setTimeout(instance.kill, toKill.afterMs);
      toKill = undefined;
    }
    const beganMs = performance.now();
    try {
      const reply = await instance.serve({ method, path, headers, body });
      calls.push({
        ...{ range, wallMs: performance.now() - beganMs, cpuMs: Number(reply.headers['x-cpu-ms']) },
        residentMaxMb: Number(reply.headers['x-resident-max-mb']),
      });
      return reply;
    } catch (error) {
      instances.splice(instances.indexOf(instance), 1);
      instances.push(await startInstance(envOf(url)));
      throw error;
    }
  };
  const server = http.createServer((request, response) => {
    void pass(request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.destroy(),
    );
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  for (let started = 0; started < count; started++) instances.push(await startInstance(envOf(url)));

  return {
    call: async () => {
      const reply = await exchange(port, { method: 'POST', path: '/', headers: {}, body: Buffer.alloc(0) });
      return JSON.parse(reply.body.toString('utf8')) as unknown;
    },
    takeCalls: () => {
      const taken = calls;
      calls = [];
      return taken;
    },
    killServing: (range, afterMs) => {
      toKill = { range, afterMs };
    },
    stop: async () => {
      await Promise.all(instances.map((instance) => instance.stop()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function rangeIn(body: Buffer): string | undefined {
  const { range } = JSON.parse(body.toString('utf8')) as { readonly range?: string };
  return range;
}
