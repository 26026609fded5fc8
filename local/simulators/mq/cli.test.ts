import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runSimulateMq } from './cli.ts';
import { createCertificateAuthority } from './tls/authority.ts';

function terminal() {
  const said: string[] = [];
  const complaints: string[] = [];
  let stop = (): void => undefined;
  const stopRequested = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const into = (lines: string[]) => ({ write: (text: string | Uint8Array) => lines.push(String(text)) > 0 });
  const io = { stdout: into(said), stderr: into(complaints), stopRequested };
  return { io, said, complaints, stop: () => stop() };
}

describe('simulate mq', () => {
  it('serves what was asked for until it is stopped, and says how to try it', async () => {
    const { io, said, stop } = terminal();
    const argv = ['--port', '0', '--control-port', '0', '--qmgr', 'QM.A', '--qmgr', 'QM.B'];
    const exit = runSimulateMq(
      [...argv, '--queues', '2', '--user', 'me', '--password', 'pw', '--switch', 'bodyFormat=compact'],
      io,
    );
    await expect.poll(() => said.length).toBe(1);
    const [restUrl = ''] = /http:\S+\/ibmmq\/rest/.exec(said[0] ?? '') ?? [];
    const response = await fetch(`${restUrl}/v1/admin/qmgr/QM.B/queue?name=APP.*`, {
      headers: { authorization: `Basic ${btoa('me:pw')}` },
    });
    expect(await response.text()).toBe(
      '{"queue":[{"name":"APP.1","type":"local"},{"name":"APP.2","type":"local"}]}',
    );
    expect(said[0]).not.toContain('pw');
    stop();
    expect(await exit).toBe(0);
    await expect(fetch(restUrl)).rejects.toThrow('fetch failed');
  });

  it('serves HTTPS with the certificate that is given', async () => {
    const { cert, key } = createCertificateAuthority(Date.now()).server();
    const folder = mkdtempSync(join(tmpdir(), 'simulate-mq-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [certPath, keyPath] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(certPath, cert);
    writeFileSync(keyPath, key);
    const { io, said, stop } = terminal();
    const tls = ['--tls-cert', certPath, '--tls-key', keyPath];
    const exit = runSimulateMq(['--port', '0', '--control-port', '0', ...tls], io);
    await expect.poll(() => said.join('')).toContain('https://127.0.0.1:');
    stop();
    expect(await exit).toBe(0);
  });

  it('explains itself, with every switch', async () => {
    const { io, said } = terminal();
    expect(await runSimulateMq(['--help'], io)).toBe(0);
    expect(said[0]).toContain('noMatchAs=item2085|');
  });

  it.each([
    [['--nope'], 'nope'],
    [['--port', 'x'], '--port is a whole number'],
    [['--login', 'oidc'], '--login is one of basic'],
    [['--switch', 'noMatchAs'], 'name=value'],
    [['--switch', 'noMatchAs=x'], 'noMatchAs is one of'],
    [['--switch', 'x=y'], 'x is no switch'],
    [['--qmgr', 'A B'], 'not a queue manager name'],
    [['--tls-cert', 'a.pem'], 'come together'],
    [['--tls-cert', '/no/a.pem', '--tls-key', '/no/b.pem'], 'a.pem cannot be read'],
  ])('refuses %j with 2', async (argv, words) => {
    const { io, complaints } = terminal();
    expect(await runSimulateMq(argv, io)).toBe(2);
    expect(complaints.join('')).toContain(words);
  });
});
