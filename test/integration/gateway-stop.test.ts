import net from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { aFunction } from '../../local/testing/functions.ts';
import { ECHO, PUPPET } from '../../local/testing/stand-in-bundles.ts';
import { startStandInHost } from '../../local/testing/stand-in-host.ts';
import type { CronTrigger } from '../../local/function-list/function-list.ts';

const COUNTING = `
let running = 0;
exports.main = async (params) => {
  console.log(JSON.stringify({ id: params.__ce_headers['Ce-Id'], source: params.__ce_headers['Ce-Source'] }));
  if (require('node:worker_threads').threadId && params.__ce_headers['Ce-Id'] && ++running === 1)
    return { statusCode: 503, body: '' };
  return { statusCode: 200, body: '' };
};`;
const every = (cycle: 'notify'): CronTrigger => ({
  kind: 'cron',
  cycle,
  scheduleSetting: 'NOTIFY_SCHEDULE',
  intervalSetting: 'NOTIFY_INTERVAL',
  modes: ['all'],
});
const call = (url: string, what: string): Promise<Response> =>
  fetch(`${url}/puppet`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ do: what }),
  });
const isListening = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

describe('the end of the local host', () => {
  it('lets a call in flight come to its end, and answers it', async () => {
    const host = await startStandInHost({
      functions: [aFunction({ name: 'puppet' })],
      sources: { puppet: PUPPET },
    });
    const inFlight = call(host.url, 'until-sigterm');
    await call(host.url, 'count');
    await host.stop();
    expect(await (await inFlight).text()).toBe('wound down');
    expect(await isListening(host.url)).toBe(false);
  });

  it('does not wait for callers that say nothing', async () => {
    const host = await startStandInHost({
      functions: [aFunction({ name: 'puppet' })],
      sources: { puppet: PUPPET },
    });
    const silent = net.connect(Number(new URL(host.url).port), '127.0.0.1');
    await new Promise((resolve) => silent.once('connect', resolve));
    silent.on('error', () => undefined);
    silent.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n');
    const startedMs = performance.now();
    await host.stop();
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });
});

describe('the timers of the local host', () => {
  it('call a function as cron does, and again when it asks for it', async () => {
    const host = await startStandInHost({
      functions: [
        aFunction({ name: 'echo' }),
        aFunction({ name: 'cycle', triggers: [every('notify')], concurrency: 1 }),
      ],
      sources: { echo: ECHO, cycle: COUNTING },
      env: { NOTIFY_SCHEDULE: '* * * * * *' },
    });
    await vi.waitFor(() => expect(host.lines.length).toBeGreaterThanOrEqual(3), { timeout: 5_000 });
    await host.stop();
    const ticks = host.lines.map((line) => JSON.parse(line) as { id: string; source: string });
    expect(ticks[0]?.source).toBe('/apis/v1/namespaces/local/pingsources/cycle');
    // The first delivery was refused: the second has its id, the third another.
    expect(ticks[1]?.id).toBe(ticks[0]?.id);
    expect(ticks[2]?.id).not.toBe(ticks[0]?.id);
    const after = host.lines.length;
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(host.lines.length).toBe(after);
  });

  it('do not start a host whose bundle does not load', async () => {
    const sources = { puppet: `throw new Error('no such setting')` };
    await expect(startStandInHost({ functions: [aFunction({ name: 'puppet' })], sources })).rejects.toThrow(
      'puppet: the bundle could not be loaded: Error: no such setting',
    );
  });

  it('nor one whose port is taken', async () => {
    const functions = [aFunction({ name: 'puppet' })];
    const host = await startStandInHost({ functions, sources: { puppet: PUPPET } });
    const { port } = new URL(host.url);
    await expect(
      startStandInHost({ functions, sources: { puppet: PUPPET }, env: { PORT: port } }),
    ).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is taken. Stop what listens there, or set PORT to another one.`,
    );
    await host.stop();
  });
});
