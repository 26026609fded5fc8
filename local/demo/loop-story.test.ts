import { afterEach, describe, expect, it } from 'vitest';
import type { HttpClient } from '../../lib/platform/http-client.ts';
import {
  startCodeEngineSimulator,
  type CodeEngineSimulator,
} from '../simulators/code-engine/code-engine-simulator.ts';
import { startMqSimulator, type MqSimulator } from '../simulators/mq/mq-simulator.ts';
import { tellLoopStory } from './loop-story.ts';

let servers: readonly (MqSimulator | CodeEngineSimulator)[] = [];
afterEach(() => Promise.all(servers.map((server) => server.close())));

/** Tells the story over answers that are made up, by the last part of the path. Resolves with what was said. */
async function tell(
  answers: Readonly<Record<string, readonly [number, object]>>,
): Promise<readonly string[]> {
  const mq = await startMqSimulator({ queueManagers: [{ name: 'QM1', queues: { ORDERS: 0 } }] });
  const engine = await startCodeEngineSimulator({
    projects: [{ id: 'demo-project', name: 'demo', region: 'eu-de', jobs: { 'order-consumer': {} } }],
  });
  servers = [mq, engine];
  const client: HttpClient = {
    send: ({ url }) => {
      const [status, body] = answers[String(url).split('/').at(-1) ?? ''] ?? [200, {}];
      return Promise.resolve({
        status,
        headers: {},
        body: Buffer.from(JSON.stringify(body)),
        truncated: false,
      });
    },
    close: () => undefined,
  };
  const said: string[] = [];
  await tellLoopStory({
    world: { url: 'http://observer', mq, engine },
    client,
    say: (line) => said.push(line),
    sleep: () => Promise.resolve(),
  });
  return said;
}

describe('the story of the whole loop ends with what went wrong', () => {
  const quiet = [200, { outcome: 'completed', decisions: [] }] as const;

  it.each([
    [
      'a registration that is refused',
      { register: [400, { title: 'no' }] },
      /register should answer 200: 400/,
    ],
    ['a cycle that fails', { 'notify-cycle': [200, { outcome: 'failed' }] }, /a cycle should complete/],
    [
      'a wake-up too many',
      {
        'notify-cycle': [
          200,
          { outcome: 'completed', decisions: [{ id: 'orders', reason: 'woken', depth: 1 }] },
        ],
      },
      /cycle 1 should start nothing/,
    ],
    ['a message that is not put', { 'notify-cycle': quiet, message: [403, {}] }, /should answer 201: 403/],
    [
      'a message that does not count',
      { 'notify-cycle': quiet, message: [201, {}] },
      /depth should be 3, and is 0/,
    ],
  ] as const)('%s', async (_what, answers, why) => {
    await expect(tell(answers)).rejects.toThrow(why);
  });
});
