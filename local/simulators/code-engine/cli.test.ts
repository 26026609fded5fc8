import { describe, expect, it } from 'vitest';
import { runSimulateCodeEngine } from './cli.ts';
import { askForToken, callApi, namesIn } from './testing/api-caller.ts';

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

const PORTS = ['--port', '0', '--iam-port', '0', '--control-port', '0'];

describe('simulate code-engine', () => {
  it('serves what was asked for until it is stopped, and says how to use it', async () => {
    const { io, said, stop } = terminal();
    const argv = ['--region', 'eu-de', '--region', 'us-south', '--job', 'a', '--job', 'b'];
    const exit = runSimulateCodeEngine([...PORTS, ...argv], io);
    await expect.poll(() => said.length).toBe(1);
    const [, apiEndpoint = ''] = /CE_API_ENDPOINT='([^']+)'/.exec(said[0] ?? '') ?? [];
    const [, iamUrl = ''] = /CE_auth_endpoint='([^']+)'/.exec(said[0] ?? '') ?? [];
    expect(said[0]).toMatch(/ce_apikey='api-key'\n {2}regions='eu-de,us-south'/);
    const jobs = await callApi({ apiEndpoint, iamUrl }, '/projects/project-us-south/jobs', {
      region: 'us-south',
    });
    expect(namesIn(jobs, 'jobs')).toEqual(['a', 'b']);
    stop();
    expect(await exit).toBe(0);
    await expect(fetch(iamUrl)).rejects.toThrow('fetch failed');
  });

  it('keeps an API key of your own to itself', async () => {
    const { io, said, stop } = terminal();
    const exit = runSimulateCodeEngine([...PORTS, '--api-key', 'my-own-key'], io);
    await expect.poll(() => said.length).toBe(1);
    expect(said[0]).not.toContain('my-own-key');
    const [, iamUrl = ''] = /CE_auth_endpoint='([^']+)'/.exec(said[0] ?? '') ?? [];
    expect((await askForToken({ iamUrl })).status).toBe(400);
    stop();
    expect(await exit).toBe(0);
  });

  it('explains itself, with every switch', async () => {
    const { io, said } = terminal();
    expect(await runSimulateCodeEngine(['--help'], io)).toBe(0);
    expect(said[0]).toContain('clashStatus=409|400|422');
  });

  it.each([
    [['--nope'], 'nope'],
    [['--port', 'x'], '--port is a whole number'],
    [['--run-seconds', '86401'], '--run-seconds is a whole number'],
    [['--switch', 'clashStatus'], 'name=value'],
    [['--switch', 'clashStatus=200'], 'clashStatus is one of'],
    [['--region', 'EU'], 'not a region'],
    [['--job', 'A'], 'not a job name'],
  ])('refuses %j with 2', async (argv, words) => {
    const { io, complaints } = terminal();
    expect(await runSimulateCodeEngine(argv, io)).toBe(2);
    expect(complaints.join('')).toContain(words);
  });
});
