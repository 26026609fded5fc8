import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithParent, tell } from '../support/told.ts';
import { queueListOf } from '../support/queue-list.ts';

/**
 * Targets and queue managers, a process of its own. Targets answer every POST with 204 at once; hosts whose name begins
 * with `late` after 20 ms, with `hang` never. Queue managers answer REST v1, those whose name begins with `FAIL` 500, with
 * `HANG` never, with `IDLE` that no queue holds messages. Tells its port, and when asked how often each queue manager was
 * asked for its depths since the last time.
 */
const LATE_MS = 20;
const QUEUE_MANAGER = /^\/ibmmq\/rest\/v[123]\/admin\/(?:action\/)?qmgr\/([^/?]+)\//;

let asked: Record<string, number> = {};
/** How often each one was read in all: depths change each time. */
const readings = new Map<string, number>();

function answerQueueManager(name: string, isForDepths: boolean, response: http.ServerResponse): void {
  // A few names may be looked up besides.
  if (isForDepths) asked[name] = (asked[name] ?? 0) + 1;
  if (name.startsWith('HANG')) return;
  const json = { 'content-type': 'application/json' };
  if (name.startsWith('FAIL')) return void response.writeHead(500, json).end('{"error":[]}');
  const times = (readings.get(name) ?? 0) + (isForDepths ? 1 : 0);
  readings.set(name, times);
  const list = name.startsWith('IDLE') ? queueListOf(0, 0) : queueListOf(100, 1 + (times % 2));
  response.writeHead(200, json).end(list);
}

const server = http.createServer((request, response) => {
  const { url = '' } = request;
  const qmgr = QUEUE_MANAGER.exec(url)?.[1];
  request.resume();
  if (qmgr !== undefined)
    return answerQueueManager(decodeURIComponent(qmgr), url.includes('currentDepth'), response);
  const { host = '' } = request.headers;
  if (host.startsWith('hang')) return;
  request.on('end', () => {
    if (host.startsWith('late')) void sleep(LATE_MS).then(() => response.writeHead(204).end());
    else response.writeHead(204).end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', 4_096, () => {
  const address = server.address();
  tell(typeof address === 'object' && address !== null ? address.port : 0);
});
process.on('message', () => {
  tell(asked);
  asked = {};
});
endWithParent();
