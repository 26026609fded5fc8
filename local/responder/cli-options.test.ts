import { describe, expect, it } from 'vitest';
import { parseRespond, RESPOND_HELP } from './cli-options.ts';

const HANDLER = ['--subject', 'orders.wake', '--exec', './handle.sh'];

describe('the options of respond', () => {
  it('run a handler, with usual limits', () => {
    expect(parseRespond(HANDLER, {})).toEqual({
      mode: 'handler',
      server: {
        servers: ['nats://127.0.0.1:4222'],
        credentials: undefined,
        serialization: 'json',
        compression: 'none',
      },
      subject: 'orders.wake',
      group: 'orders.wake',
      command: './handle.sh',
      timeoutMs: 60_000,
      concurrency: 1,
    });
  });

  it('relay, maybe between two servers', () => {
    const argv = [
      '--relay',
      'edge',
      '--to-server',
      'tls://u:p%40@far:4223',
      '--allow',
      'a.>',
      '--allow',
      'b',
    ];
    expect(
      parseRespond([...argv, '--via', 'core'], { NATS_URL: 'nats://near,nats://t0ken@nearer:1' }),
    ).toMatchObject({
      mode: 'relay',
      node: 'edge',
      server: { servers: ['nats://near', 'nats://nearer:1'], credentials: { kind: 'token' } },
      targetServer: { servers: ['tls://far:4223'], credentials: { kind: 'password', user: 'u' } },
      allow: ['a.>', 'b'],
      via: 'core',
    });
  });

  it('never show a password', () => {
    const options = parseRespond([...HANDLER, '--server', 'nats://u:geheim@h'], {});
    expect(JSON.stringify(options)).not.toContain('geheim');
    expect(() => parseRespond([...HANDLER, '--server', 'ftp://u:geheim@h'], {})).toThrow(
      /^--server (?!.*geheim).*; expected URLs such as /,
    );
  });

  it('are explained, each of them', () => {
    expect(parseRespond(['--help'], {})).toBe('help');
    expect(RESPOND_HELP.match(/^ {2}--\w+/gm)).toHaveLength(13);
  });

  it.each([
    [[], 'either --exec or --relay'],
    [[...HANDLER, '--relay', 'edge'], 'either --exec or --relay'],
    [['--nope'], 'nope'],
    [['--exec', 'x'], '--subject is a NATS subject'],
    [['--exec', 'x', '--subject', 'a b'], '--subject is a NATS subject'],
    [['--exec', 'x', '--subject', '$SYS.>'], '--subject is a NATS subject'],
    [['--exec', ' ', '--subject', 'a'], '--exec is a command'],
    [[...HANDLER, '--group', 'a b'], '--group is a name'],
    [[...HANDLER, '--timeout', '0'], '--timeout is a whole number from 1 to 86400'],
    [[...HANDLER, '--concurrency', '1001'], '--concurrency is a whole number from 1 to 1000'],
    [[...HANDLER, '--allow', 'a'], '--allow is only used with --relay'],
    [[...HANDLER, '--creds', '/no/such'], '--creds cannot be read as a file (ENOENT)'],
    [['--relay', 'a b'], '--relay and --via are names'],
    [['--relay', 'a', '--via', '*'], '--relay and --via are names'],
    [['--relay', 'a', '--subject', 'b'], '--subject is only used with --exec'],
    [['--relay', 'a', '--allow', 'b..c'], '--allow b..c'],
    [['--relay', 'a', '--to-server', 'near'], '--to-server '],
    [['--relay', 'a', '--to-creds', 'x'], '--to-creds is only used with --to-server'],
    [['--relay', 'a', '--server', 'nats://%@h'], '--server holds credentials that cannot be read'],
  ])('%j is refused', (argv, words) => {
    expect(() => parseRespond(argv, {})).toThrow(words);
  });
});
