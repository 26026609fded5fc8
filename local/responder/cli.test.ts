import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { missingNatsServer, startNatsServer, type NatsServer } from '../../test/support/nats-server.ts';
import { createAsker, respond, startRespond, type Asker } from './responder-test-support.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe.skipIf(missingNatsServer)('respond', () => {
  const EXEC = ['--subject', 'orders.wake', '--exec'];

  async function start(configuration?: string) {
    const server = await startNatsServer(configuration);
    onTestFinished(server.close);
    return server;
  }

  async function askerOf({ address }: NatsServer): Promise<Asker> {
    const asker = await createAsker(address);
    onTestFinished(() => asker.connection.close());
    return asker;
  }

  it('cannot start without a server, and says so', async () => {
    const { exit, said } = startRespond('u:geheim@127.0.0.1:1', ...EXEC, 'true');
    expect(await exit).toBe(1);
    expect(said()).toMatch(/^cannot connect to nats:\/\/127\.0\.0\.1:1: /);
  });

  it('needs to be let in, with a password that it never shows', async () => {
    const { address } = await start('authorization { user: me, password: geheim }');
    const { exit, said } = startRespond(`me:wrong-one@${address}`, ...EXEC, 'true');
    expect(await exit).toBe(1);
    expect(said()).toMatch(/^cannot connect to .*Authorization Violation/i);
    const running = await respond(`me:geheim@${address}`, ...EXEC, 'true');
    expect(said() + running.said()).not.toMatch(/geheim|wrong-one/);
  });

  it('needs to be allowed to listen', async () => {
    const { address } = await start(
      'authorization { users: [{ user: me, password: pw, permissions: { subscribe: "_INBOX.>" } }] }',
    );
    const { exit, said } = startRespond(`me:pw@${address}`, ...EXEC, 'true');
    expect(await exit).toBe(1);
    expect(said()).toContain('the server does not let us subscribe to orders.wake');
  });

  it('goes on when the server was away', async () => {
    const server = await start();
    const { said } = await respond(server.address, ...EXEC, 'true');
    await server.kill();
    await expect.poll(said).toContain('is lost');
    await server.start();
    await expect.poll(said, { timeout: 10_000 }).toContain('again');
    expect(await (await askerOf(server)).ask({ to: 'orders.wake' })).toEqual({ kind: 'acknowledged' });
  });

  it('ends also when the server is away', async () => {
    const server = await start();
    const { said, exit, stop } = await respond(server.address, ...EXEC, 'true');
    await server.kill();
    await expect.poll(said).toContain('is lost');
    stop();
    expect(await exit).toBe(0);
  });

  it('finishes what runs when it is told to stop, refuses what waits, and ends with 0', async () => {
    const server = await start();
    const asker = await askerOf(server);
    const child = startProcess(server, ...EXEC, 'sleep 0.7; echo finished');
    await expect.poll(child.said, { timeout: 10_000 }).toContain('answering');
    const [first, second] = [asker.ask({ to: 'orders.wake' }), asker.ask({ to: 'orders.wake' })];
    // This is answered at once, and after those two were taken.
    await asker.ask({ to: 'orders.wake', headers: { serial: 'xml' } });
    child.kill('SIGTERM');
    expect(await first).toEqual({ kind: 'acknowledged', data: 'finished' });
    expect(await second).toMatchObject({ kind: 'refused', mayPass: true });
    expect(await child.ended).toEqual([0, null]);
  });

  it('takes its handlers along when it is told to stop once more', async () => {
    const server = await start();
    const folder = await mkdtemp(join(tmpdir(), 'responder-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const signsOfLife = join(folder, 'signs-of-life');
    const lines = (): number => (existsSync(signsOfLife) ? readFileSync(signsOfLife, 'utf8').length : 0);
    const child = startProcess(server, ...EXEC, `while :; do echo >> ${signsOfLife}; sleep 0.02; done`);
    await expect.poll(child.said, { timeout: 10_000 }).toContain('answering');
    (await askerOf(server)).tell({ to: 'orders.wake' });
    await expect.poll(lines).toBeGreaterThan(0);
    child.kill('SIGTERM');
    await expect.poll(child.said).toContain('stopping');
    // One that comes at once counts as an echo of the first.
    await sleep(600);
    child.kill('SIGTERM');
    expect(await child.ended).toEqual([143, null]);
    const before = lines();
    await sleep(200);
    expect(lines()).toBe(before);
  });
});

/** Starts `respond` as a process of its own. */
function startProcess({ address }: NatsServer, ...argv: readonly string[]) {
  const script = `import { runRespond } from './local/responder/cli.ts';
    process.exitCode = await runRespond(process.argv.slice(1), process);`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script, '--', ...argv];
  const child = spawn(process.execPath, [...args, '--server', `nats://${address}`], { cwd: ROOT });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said += String(text)));
  return {
    said: () => said,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
    ended: once(child, 'close'),
  };
}
