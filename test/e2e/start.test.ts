import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readCurlLine } from './curl-line.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'start-'));

let port = 0;
let host: ChildProcess;
let output = '';
let exited: Promise<{ code: number | null; afterMs: number }>;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
const isListening = (onPort: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(onPort, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
/** The environment of a newcomer: nothing about this project in it. */
const newcomersEnv = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  PORT: String(port),
  DATA_DIR: dataDir,
});
const seen = async (what: RegExp, timeout: number): Promise<void> => {
  await vi.waitFor(() => expect(output).toMatch(what), { timeout, interval: 50 });
};
/** The printed curl line that matches. */
const printed = (what: RegExp): string => {
  const line = output.split('\n').find((one) => one.trim().startsWith('curl ') && what.test(one));
  if (line === undefined) throw new Error(`no curl line like ${String(what)} in:\n${output}`);
  return line;
};
const runCurl = async (what: RegExp): Promise<{ status: number; json: Record<string, unknown> }> => {
  const { method, url, headers, body } = readCurlLine(printed(what));
  const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
};

beforeAll(async () => {
  port = await freePort();
  host = spawn('npm', ['start'], {
    cwd: root,
    env: newcomersEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [host.stdout, host.stderr])
    stream?.on('data', (chunk: Buffer) => (output += String(chunk)));
  exited = new Promise((resolve) => {
    host.on('exit', (code) => resolve({ code, afterMs: performance.now() }));
  });
});

afterAll(() => {
  // The whole group, in case that something of it is still there.
  if (host.pid !== undefined)
    try {
      process.kill(-host.pid, 'SIGKILL');
    } catch {
      // Nothing is left: as it should be.
    }
  rmSync(dataDir, { recursive: true, force: true });
});

describe('npm start, as a newcomer runs it', { timeout: 70_000 }, () => {
  it('says that all is simulated, and wakes the sample application', async () => {
    await seen(/Ready on http:\/\/127\.0\.0\.1:\d+/, 60_000);
    expect(output).toContain('SIMULATED');
    await seen(/WAKE-UP {2}QM1\/ORDERS holds \d+: the sample application was woken, took \d+/, 15_000);
  });

  it('takes registrations by form and by JSON, as printed', async () => {
    expect(await runCurl(/QUEUE=PAYMENTS/)).toMatchObject({
      status: 200,
      json: { qmgr: 'QM1', queue: 'PAYMENTS' },
    });
    expect(await runCurl(/"queue":"INVOICES"/)).toMatchObject({
      status: 200,
      json: { id: 'my-app', failcount: 0 },
    });
  });

  it('lists them', async () => {
    const { json } = await runCurl(/-s http\S*\/register$/);
    const listed = json['mq_requests'] as readonly { readonly queue: string }[];
    expect(listed.map(({ queue }) => queue).toSorted()).toEqual(['INVOICES', 'ORDERS', 'PAYMENTS']);
  });

  it('wakes for messages that were put on a simulated queue', async () => {
    expect(await runCurl(/INVOICES\/put\?n=3/)).toMatchObject({ status: 200, json: { put: 3 } });
    await seen(/WAKE-UP {2}QM1\/INVOICES holds 3: the sample application was woken, took 3, left 0/, 20_000);
  });

  it('runs a cycle when asked, and says what it decided', async () => {
    const { status, json } = await runCurl(/functions\/notify-cycle/);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      cycle: 'notify',
      outcome: expect.stringMatching(/completed|skipped/) as string,
    });
  });

  it('unregisters and flushes', async () => {
    expect(await runCurl(/register\/my-app/)).toMatchObject({ status: 200, json: { id: 'my-app' } });
    expect(await runCurl(/admin\/flush/)).toMatchObject({
      status: 200,
      json: { message: '2 registrations dropped' },
    });
  });

  it('ends with 0 within ten seconds of a SIGTERM, and leaves nothing behind', async () => {
    const signalledMs = performance.now();
    host.kill('SIGTERM');
    const { code, afterMs } = await exited;
    expect(code).toBe(0);
    expect(afterMs - signalledMs).toBeLessThan(10_000);
    const ports = [...new Set([...output.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, one]) => Number(one)))];
    expect(ports).toContain(port);
    expect(await Promise.all(ports.map(isListening))).toEqual(ports.map(() => false));
  });
});
