import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../gateway/read-body.ts';
import { listenOnLoopback, type LoopbackServer } from '../simulators/shared/loopback-server.ts';
import { readWakeUp, type WakeUp } from './wake-up.ts';

export interface SampleTargetDeps {
  readonly port: number;
  /** Called with each wake-up, before it is answered; takes the messages. Throws when there is no such queue. */
  readonly onWakeUp: (wakeUp: WakeUp) => void;
}

const WAKE_UP_BYTES_MAX = 64 * 1024;

/** An application as a user would write it, in small: an HTTP server that is told of messages and takes them. */
export function startSampleTarget(deps: SampleTargetDeps): Promise<LoopbackServer> {
  return listenOnLoopback((request, response) => answer(deps, request, response), deps.port);
}

async function answer(
  deps: SampleTargetDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reading = await readBody(request, WAKE_UP_BYTES_MAX);
  const wakeUp = reading.kind === 'read' ? readWakeUp(reading.body.toString('utf8')) : undefined;
  if (wakeUp === undefined) return void response.writeHead(400).end();
  try {
    deps.onWakeUp(wakeUp);
    response.writeHead(204).end();
  } catch {
    response.writeHead(404).end();
  }
}
