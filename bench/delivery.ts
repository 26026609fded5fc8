import { fork, type ChildProcess } from 'node:child_process';
import http from 'node:http';
import { Agent, request } from 'undici';
import { createSigner } from '../lib/delivery/signing/standard-webhooks.ts';
import type { Stamp } from '../lib/delivery/channels/post-to.ts';
import { secret } from '../lib/platform/secret.ts';
import { eachOf } from '../lib/store/registration-reader.ts';
import { createFleet, type Fleet, type FleetMode } from './delivery-fleet.ts';
import { markdownTable, median, ms, times } from './table.ts';

const REGISTRATIONS = 10_000;
const HOSTS = 16;
const IN_FLIGHT = 64;
const PER_HOST = 8;
const ROUNDS = 3;

/** Wake-ups per second of whole cycles beside bare POSTs, and how long healthy targets wait when others hang. */
export async function benchDelivery(): Promise<string> {
  const { sink, port } = await startSink();
  try {
    const speed = await benchSpeed(port);
    const hanging = await benchHanging(port);
    return `${speed}\n\n${hanging}`;
  } finally {
    sink.kill();
  }
}

async function startSink(): Promise<{ readonly sink: ChildProcess; readonly port: number }> {
  const sink = fork(new URL('sink.js', import.meta.url));
  const port = await new Promise<number>((resolve, reject) => {
    sink.once('message', (message) => resolve(Number(message)));
    sink.once('exit', () => reject(new Error('the sink did not start')));
  });
  return { sink, port };
}

const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}.test`);

const signer = createSigner([secret(`whsec_${Buffer.alloc(32, 1).toString('base64')}`)]);
const signed: Stamp = (id, body) => signer(id, Date.now(), body);

async function benchSpeed(port: number): Promise<string> {
  const fleetOf = (mode: FleetMode, stamp?: Stamp): Promise<Fleet> =>
    createFleet({
      ...{ registrations: REGISTRATIONS, hosts: names('h', HOSTS), port, atOnce: IN_FLIGHT, mode },
      ...{ perHost: PER_HOST, ...(stamp === undefined ? {} : { stamp }) },
    });
  const rssMb = await rssOfOne(await fleetOf('cloudevents'));
  const undici = bareUndici(port);
  const node = bareNodeHttp(port);
  const ways: readonly (readonly [string, () => Promise<void>, () => void])[] = [
    ['bare undici', undici.round, undici.close],
    ['bare node:http', node.round, node.close],
    ...(await Promise.all(
      (
        [
          ['whole cycle, plain POST', 'http', undefined],
          ['whole cycle, CloudEvents', 'cloudevents', undefined],
          ['whole cycle, CloudEvents, signed', 'cloudevents', signed],
        ] as const
      ).map(async ([name, mode, stamp]) => {
        const fleet = await fleetOf(mode, stamp);
        return [name, () => wholeCycle(fleet), fleet.close] as const;
      }),
    )),
  ];
  const perSecond = ways.map((): number[] => []);
  const cpuUs = ways.map((): number[] => []);
  for (let round = -1; round < ROUNDS; round++)
    for (const [index, [, run]] of ways.entries()) {
      const [beganMs, cpuBefore] = [performance.now(), process.cpuUsage()];
      await run();
      const rate = (REGISTRATIONS * 1000) / (performance.now() - beganMs);
      // The round before the first one warms up: code, connections, the store's cache.
      if (round < 0) continue;
      const { user, system } = process.cpuUsage(cpuBefore);
      perSecond[index]?.push(rate);
      cpuUs[index]?.push((user + system) / REGISTRATIONS);
    }
  for (const [, , close] of ways) close();
  const rates = perSecond.map(median);
  const rows = ways.map(([name], index) => {
    const rate = rates[index] ?? Number.NaN;
    return [
      name,
      rate.toFixed(0),
      `${((100 * rate) / (rates[0] ?? Number.NaN)).toFixed(0)} %`,
      median(cpuUs[index] ?? []).toFixed(0),
    ];
  });
  return [
    markdownTable([['way', 'wake-ups/s', 'of bare', 'CPU µs each'], ...rows]),
    `${REGISTRATIONS} registrations, 10 queue managers, ${HOSTS} hosts, ${IN_FLIGHT} in flight, medians of ${ROUNDS} rounds in turns.`,
    `Largest resident memory after three cycles of one fleet, its store in memory and the loader included: ${rssMb.toFixed(0)} MB.`,
  ].join('\n');
}

async function rssOfOne(fleet: Fleet): Promise<number> {
  for (let count = 0; count < 3; count++) await wholeCycle(fleet);
  fleet.close();
  return process.resourceUsage().maxRSS / 1024;
}

async function wholeCycle(fleet: Fleet): Promise<void> {
  const { report } = await fleet.cycle();
  if (report.notifications.succeeded !== REGISTRATIONS)
    throw new Error(`woke ${report.notifications.succeeded} of ${REGISTRATIONS}`);
}

interface Bare {
  readonly round: () => Promise<void>;
  readonly close: () => void;
}

/** What a CloudEvents wake-up has on the wire. */
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
const PATHS = Array.from({ length: REGISTRATIONS }, (_, index) => `/wake/${index}`);

/** The same requests by the same means, and nothing around them. */
function bareNodeHttp(port: number): Bare {
  const agent = new http.Agent({ keepAlive: true, maxSockets: IN_FLIGHT, scheduling: 'lifo' });
  const post = (path: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const outgoing = http.request({
        host: '127.0.0.1',
        ...{ port, path, method: 'POST', agent, headers: HEADERS },
      });
      outgoing.on('error', reject);
      outgoing.on('response', (response) => response.resume().on('end', resolve));
      outgoing.end(BODY);
    });
  return { round: () => eachOf(PATHS, IN_FLIGHT, post), close: () => agent.destroy() };
}

/** The same requests by the client that is said to be the fastest. */
function bareUndici(port: number): Bare {
  const dispatcher = new Agent({ connections: IN_FLIGHT, pipelining: 1 });
  const post = async (path: string): Promise<void> => {
    const { body } = await request(`http://127.0.0.1:${port}${path}`, {
      ...{ method: 'POST', headers: HEADERS, body: BODY, dispatcher },
    });
    await body.dump();
  };
  return { round: () => eachOf(PATHS, IN_FLIGHT, post), close: () => void dispatcher.close() };
}

const MANY_HOSTS = 1_000;
const LEARN_MS = 300;

/** When the last healthy target was woken, of as many hosts as registrations, some of which hang. */
async function benchHanging(port: number): Promise<string> {
  const scenes = await Promise.all(
    [0, 0.01, 0.2].map(async (part) => {
      const healthy = Math.round(MANY_HOSTS * (1 - part));
      const hosts = [...names('h', healthy), ...names('hang', MANY_HOSTS - healthy)];
      const fleet = await createFleet({
        ...{ registrations: MANY_HOSTS, hosts, port, atOnce: 128, perHost: PER_HOST, mode: 'cloudevents' },
      });
      return { part, healthy, fleet, lastMs: [] as number[] };
    }),
  );
  // In the first cycle those that hang time out, and so become known; healthy hosts get their connections.
  for (const { fleet } of scenes) {
    fleet.waitForHanging(LEARN_MS);
    await fleet.cycle();
    fleet.waitForHanging(60_000);
  }
  for (let round = 0; round < 2 * ROUNDS + 1; round++)
    for (const { fleet, healthy, lastMs } of scenes) lastMs.push((await fleet.cycle(healthy)).lastWokenMs);
  for (const { fleet } of scenes) fleet.close();
  const base = median(scenes[0]?.lastMs ?? []);
  const rows = scenes.map(({ part, lastMs, healthy }) => [
    `${part * 100} %`,
    String(healthy),
    ms(median(lastMs)),
    ms((median(lastMs) * 1000) / healthy),
    times(median(lastMs) / base),
  ]);
  const head = ['hanging', 'healthy', 'last one woken after ms', 'per 1,000 healthy ms', 'of none hanging'];
  return markdownTable([head, ...rows]);
}
