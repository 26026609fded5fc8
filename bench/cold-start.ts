import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startS3StandIn } from '../test/support/s3-server-stand-in.ts';
import { atMost, figureOf, type Figure } from './form/figure.ts';
import type { Findings, Section } from './section.ts';

const EMPTY = 'empty';

const get = (path: string): object => ({ __ce_method: 'GET', __ce_path: path, __ce_headers: {} });
const registration = {
  id: 'one',
  qmgr: 'QM1',
  queue: 'DEV.QUEUE.1',
  notify: 'https://app.example/hook',
};

/** The first call of each function, and how many times as long as that of an empty function it is to take at most. */
const FUNCTIONS = [
  { name: EMPTY, params: {}, target: 1 },
  {
    name: 'register',
    params: {
      __ce_method: 'POST',
      __ce_path: '/register',
      __ce_headers: { 'content-type': 'application/json' },
      __ce_body: Buffer.from(JSON.stringify(registration)).toString('base64'),
    },
    target: 1.5,
  },
  { name: 'restore-cycle', params: {}, target: 1.5 },
  { name: 'persist', params: {}, target: 1.5 },
  { name: 'actuator', params: get('/metrics'), target: 1.5 },
  { name: 'notify-cycle', params: {}, target: 1.7 },
] as const;

/**
 * Does what the platform's own host does: serves HTTP, loads the bundle, and calls it. Says how long loading and the call
 * took and what CPU the process had by then, in milliseconds, and what the answer's status was.
 */
const CALLER = `
const { writeSync } = require('node:fs');
require('node:http').createServer().listen(0, '127.0.0.1', async () => {
  const beganMs = performance.now();
  const { main } = require(process.argv[1]);
  const { statusCode } = await main(JSON.parse(process.argv[2]));
  const loadMs = performance.now() - beganMs;
  const { user, system } = process.cpuUsage();
  writeSync(3, JSON.stringify({ loadMs, cpuMs: (user + system) / 1000, statusCode }));
  process.exit();
});
`;

interface Took {
  /** From the start of the process to the answer. */
  readonly allMs: number;
  /** Of it, to load the bundle and to answer. */
  readonly loadMs: number;
  /** CPU of the whole process: what decides on a fraction of a processor. */
  readonly cpuMs: number;
}

interface Store {
  readonly name: string;
  /** Settings of a store that is empty. */
  readonly fresh: () => Readonly<Record<string, string>>;
}

/**
 * Process start to first answer of each function beside that of an empty one, which is bundled in the same way: over
 * memory, where there is nothing to wait for, and over a bucket on loopback, whose client is loaded, too.
 */
export const coldStart: Section = {
  name: 'cold-start',
  title: 'Starting cold: from the start of the process to the first answer',
  measure: async ({ quick }): Promise<Findings> => {
    const rounds = quick ? 5 : 25;
    const s3 = await startS3StandIn();
    let buckets = 0;
    const bucket = (): Readonly<Record<string, string>> => ({
      ...{ bucket: `bucket-${buckets++}`, endpoints: s3.url, COS_ETAG_QUOTES: 'keep' },
      ...{ COS_ACCESS_KEY_ID: 'id', COS_SECRET_ACCESS_KEY: 'secret' },
    });
    try {
      return {
        figures: [
          ...(await benchStore({ name: 'memory', fresh: () => ({ STORE: 'memory' }) }, rounds)),
          ...(await benchStore({ name: 'a bucket', fresh: bucket }, rounds)),
        ],
      };
    } finally {
      await s3.close();
    }
  },
};

async function benchStore(store: Store, rounds: number): Promise<readonly Figure[]> {
  const took = FUNCTIONS.map((): Took[] => []);
  for (let round = -1; round < rounds; round++)
    for (const [index, { name, params }] of FUNCTIONS.entries()) {
      const one = await startAndCall(name, params, store.fresh());
      // The round before the first one brings the files into memory.
      if (round >= 0) took[index]?.push(one);
    }
  const [base = []] = took;
  return FUNCTIONS.flatMap(({ name, target }, index) => {
    const own = took[index] ?? [];
    if (name === EMPTY) return [];
    return [
      figureOf({
        ...{
          name: `first answer of ${name} over ${store.name}`,
          unit: 'ms',
          ours: own.map(({ allMs }) => allMs),
        },
        ...{
          baseline: { name: 'an empty function', values: base.map(({ allMs }) => allMs) },
          target: atMost(target),
        },
      }),
      figureOf({
        ...{
          name: `CPU until then of ${name} over ${store.name}`,
          unit: 'ms',
          ours: own.map(({ cpuMs }) => cpuMs),
        },
        baseline: { name: 'an empty function', values: base.map(({ cpuMs }) => cpuMs) },
      }),
    ];
  });
}

function startAndCall(name: string, params: object, env: Readonly<Record<string, string>>): Promise<Took> {
  const path = name === EMPTY ? 'empty.cjs' : `../${name}/main.js`;
  const bundle = fileURLToPath(new URL(path, import.meta.url));
  const beganMs = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', CALLER, bundle, JSON.stringify(params)], {
      env: { ALLOW_ANONYMOUS: '1', ...env },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    child.once('error', reject);
    let said = '';
    let allMs = 0;
    child.stdio[3]?.on('data', (chunk) => {
      allMs = performance.now() - beganMs;
      said += String(chunk);
    });
    child.once('close', () => {
      const told = JSON.parse(said || '{}') as Partial<Took & { readonly statusCode: number }>;
      const { loadMs, cpuMs, statusCode } = told;
      if (loadMs === undefined || cpuMs === undefined || statusCode !== 200)
        reject(new Error(`${name} answered ${statusCode}: ${said}`));
      else resolve({ allMs, loadMs, cpuMs });
    });
  });
}
