import http from 'node:http';
import { createRequire } from 'node:module';
import { toCallParams } from '../../local/gateway/call-params.ts';
import { cpuMs } from '../support/cpu.ts';
import { bodyOf } from '../support/instance.ts';
import { endWithParent, given, tell } from '../support/told.ts';

/**
 * An instance of a function: its bundle behind HTTP on loopback, in a process of its own. Each answer says in its headers
 * what CPU the call took and how large the process was at most. Tells its port and its process id.
 */
const { bundle } = given() as { readonly bundle: string };
const { main } = createRequire(import.meta.url)(bundle) as {
  readonly main: (params: unknown) => Promise<{
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  }>;
};

async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const call = toCallParams({ method, path: url, query: '', headers, body: await bodyOf(request) });
  const before = cpuMs();
  const { statusCode, headers: own, body } = await main(call.kind === 'params' ? call.params : {});
  response.writeHead(statusCode, {
    ...own,
    'x-cpu-ms': String(cpuMs() - before),
    'x-resident-max-mb': String(process.resourceUsage().maxRSS / 1024),
  });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

const server = http.createServer((request, response) => void answer(request, response));
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  tell({ port: typeof address === 'object' && address !== null ? address.port : 0, pid: process.pid });
});
endWithParent();
