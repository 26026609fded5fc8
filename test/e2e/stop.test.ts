import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createFileObjectStore } from '../../lib/object-store/file/file-object-store.ts';
import { systemClock, systemRandomness } from '../../lib/platform/system-clock.ts';
import { startMqSimulator, type MqSimulator } from '../../local/simulators/mq/mq-simulator.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let mq: MqSimulator;
let dataDir = '';
let host: ChildProcess;
let said = '';
let complained = '';
let exited: Promise<readonly unknown[]>;

beforeAll(async () => {
  mq = await startMqSimulator({ queueManagers: [{ name: 'QM1', queues: { 'DEV.QUEUE.1': 1 } }] });
  // So that a cycle is always in the middle of something.
  mq.setFault('QM1', 'slow:2000');
});
afterEach(async () => {
  host.kill('SIGKILL');
  await exited;
  rmSync(dataDir, { recursive: true });
});
afterAll(() => mq.close());

/** Starts the local host, registers once, and resolves when a cycle is at work. */
const startWorking = async (): Promise<void> => {
  dataDir = mkdtempSync(join(tmpdir(), 'stop-'));
  said = complained = '';
  const env = {
    PATH: process.env['PATH'],
    DATA_DIR: dataDir,
    PORT: '0',
    NOTIFY_SCHEDULE: '* * * * * *',
    QMGR: 'QM1',
    MQ_REST_HOST: mq.restUrl,
    MQ_REST_PORT: String(mq.restPort),
    ADMIN_USER: 'mqreader',
    ADMIN_PASSWORD: 'mqreader',
    // A slip that stops nothing, and is remarked upon.
    QMGR25: 'QM2',
  };
  host = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  exited = once(host, 'exit');
  host.stdout?.on('data', (chunk: Buffer) => (said += String(chunk)));
  host.stderr?.on('data', (chunk: Buffer) => (complained += String(chunk)));
  await vi.waitFor(() => expect(said).toContain('"message":"ready"'), { timeout: 40_000, interval: 50 });
  const url = /"message":"ready".*?"url":"([^"]+)"/.exec(said)?.[1] ?? '';
  const answer = await fetch(`${url}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ qmgr: 'QM1', queue: 'DEV.QUEUE.1', notify: 'http://127.0.0.1:1/' }),
  });
  expect(answer.status).toBe(200);
  await vi.waitFor(async () => expect(await isLeaseFree()).toBe(false), { timeout: 10_000, interval: 20 });
};
const isLeaseFree = async (): Promise<unknown> => {
  const objects = createFileObjectStore({ folder: dataDir, clock: systemClock, random: systemRandomness });
  const found = await objects.get('mq-observer/leases/notify.json');
  if (found.kind !== 'found') throw new Error('there is no lease yet');
  return (JSON.parse(Buffer.from(found.body).toString()) as { readonly free: unknown }).free;
};

describe('the local host in the middle of a cycle', { timeout: 70_000 }, () => {
  it('winds down when its terminal is closed, and gives the lease back', async () => {
    await startWorking();
    host.kill('SIGHUP');
    expect(await exited).toEqual([0, null]);
    expect(await isLeaseFree()).toBe(true);
    expect(said).toContain('"because":"SIGHUP"');
    expect(said.match(/"configuration remark".*QMGR25/g)).toHaveLength(1);
    expect(complained).toBe('');
  });

  it('winds down when nobody reads its output any more, and gives the lease back', async () => {
    await startWorking();
    host.stdout?.destroy();
    expect(await exited).toEqual([0, null]);
    expect(await isLeaseFree()).toBe(true);
    expect(complained).toBe('');
  });
});
