import http from 'node:http';
import { Agent, request } from 'undici';
import { eachOf } from '../../lib/store/registration-reader.ts';

/** Requests to targets by a client alone: what no cycle can beat. */
export interface BarePosts {
  /** Posts to so many targets, so many at the same time. */
  readonly post: (count: number, atOnce: number) => Promise<void>;
  readonly close: () => void;
}

/** What a wake-up has on the wire. */
const BODY = JSON.stringify({
  ...{ CE_QMGR: 'QM1', CE_QUEUE: 'APP.QUEUE.10', CE_DEPTH: '10', ID: 'r1000' },
  notification: 'messages found on queue',
});
const HEADERS = {
  ...{ 'user-agent': 'mq-observer', 'content-type': 'application/json' },
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  ...{ 'ce-specversion': '1.0', 'ce-type': 'queue-messages', 'ce-source': 'mq-observer' },
  ...{ 'ce-id': '0af76519-16cd-43dd-8448-eb211c80319c', 'ce-subject': 'QM1/APP.QUEUE.10' },
  ...{ 'ce-time': '2026-01-01T00:00:00.000Z', 'content-length': String(BODY.length) },
};

const pathsOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `/wake/${index}`);

/** By the client that is said to be the fastest. */
export function undiciPosts(port: number, host: string, connections: number): BarePosts {
  const dispatcher = new Agent({ connections, pipelining: 1 });
  const post = async (path: string): Promise<void> => {
    const { body } = await request(`http://127.0.0.1:${port}${path}`, {
      ...{ method: 'POST', headers: { ...HEADERS, host }, body: BODY, dispatcher },
    });
    await body.dump();
  };
  return {
    post: (count, atOnce) => eachOf(pathsOf(count), atOnce, post),
    close: () => void dispatcher.close(),
  };
}

/** By Node's own client, as the channels do. */
export function nodePosts(port: number, host: string, connections: number): BarePosts {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections, scheduling: 'lifo' });
  const post = (path: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const outgoing = http.request({
        host: '127.0.0.1',
        ...{ port, path, method: 'POST', agent, headers: { ...HEADERS, host } },
      });
      outgoing.on('error', reject);
      outgoing.on('response', (response) => response.resume().on('end', resolve));
      outgoing.end(BODY);
    });
  return { post: (count, atOnce) => eachOf(pathsOf(count), atOnce, post), close: () => agent.destroy() };
}
