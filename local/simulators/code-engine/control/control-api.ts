import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from '../../shared/loopback-server.ts';
import { readBody } from '../../shared/request-body.ts';
import { decoded } from '../../mq/rest/rest-route.ts';
import { SimulatorError } from '../../shared/simulator-error.ts';
import type { CodeEngineControl } from './code-engine-control.ts';
import { CONTROL_ROUTES, type ControlRoute } from './control-routes.ts';

const ROOT = '/_emu';

/** The control API under `/_emu`: JSON out, `{"error": "…"}` with 400, 404, 405, 409 or 413 when something is wrong. */
export function createControlHandler(control: CodeEngineControl): RequestHandler {
  return async (request, response) => {
    try {
      send(response, 200, await run(control, request));
    } catch (error) {
      if (!(error instanceof SimulatorError)) throw error;
      // What is left of a body that is too long is not read.
      if (error.status === 413) response.setHeader('Connection', 'close');
      send(response, error.status, { error: error.message });
    }
  };
}

async function run(control: CodeEngineControl, request: IncomingMessage): Promise<unknown> {
  const [path = '', ...search] = (request.url ?? '').split('?');
  const { route, names } = find(request.method ?? '', path);
  const query = new URLSearchParams(search.join('?'));
  return route.run(control, { names, query, body: await readBody(request) });
}

function find(
  method: string,
  path: string,
): { readonly route: ControlRoute; readonly names: readonly string[] } {
  const matching = CONTROL_ROUTES.flatMap((route) => {
    const names = match(route.path, path);
    return names === undefined ? [] : [{ route, names }];
  });
  if (matching.length === 0)
    throw new SimulatorError(404, `nothing is at ${path}; GET ${ROOT} says what there is`);
  const chosen = matching.find(({ route }) => route.method === method);
  if (chosen !== undefined) return chosen;
  throw new SimulatorError(
    405,
    `${path} takes ${matching.map(({ route }) => route.method).join(' and ')} only`,
  );
}

/** The names in a path that fits the pattern, or undefined. A slash in a name comes percent-encoded. */
function match(pattern: string, path: string): readonly string[] | undefined {
  const wanted = `${ROOT}${pattern}`.split('/');
  const segments = path.replace(/\/$/, '').split('/');
  if (segments.length !== wanted.length) return undefined;
  if (!wanted.every((part, index) => part === '*' || part === segments[index])) return undefined;
  return segments.filter((_, index) => wanted[index] === '*').map(decoded);
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(`${JSON.stringify(value, null, 2)}\n`);
}
