import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCli } from '../../local/cli/cli-test-support.ts';
import { readCurlLine } from '../e2e/curl-line.ts';
import { startObserver, type Observer } from './observer.ts';

/** What a command printed, on both outputs, and how it ended. */
export interface Ran {
  readonly printed: string;
  readonly exitCode: number;
}

/** A terminal in a folder of its own, in which the sessions of documents are run. */
export interface ConsoleSession {
  readonly run: (command: string) => Promise<Ran>;
  readonly close: () => Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

/** The addresses that documents use, which stand for whatever is free here. */
const OBSERVER = 'http://127.0.0.1:8080';
const MQ_CONTROL = 'http://127.0.0.1:9081';

/** Prints what the shell made of a command line, so that it can be run here. */
const SHIM = `#!/bin/sh
exec "${process.execPath}" -e 'process.stdout.write(JSON.stringify({ words: process.argv.slice(1), env: process.env }))' -- "$@"
`;

/**
 * Opens a terminal: `npx mq-observer` is run in this process, `npx mq-observer start` starts an observer (anew) with a
 * simulated queue manager, on which cycles come by hand only, `curl` is sent from here, and all else is given to the shell.
 * The working folder of this process is the session's until it is closed.
 */
export function openConsole(): ConsoleSession {
  const before = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'console-'));
  const [shims, work] = [join(folder, 'bin'), join(folder, 'work')];
  mkdirSync(shims);
  mkdirSync(work);
  writeFileSync(join(shims, 'npx'), SHIM);
  chmodSync(join(shims, 'npx'), 0o755);
  process.chdir(work);
  const shellEnv: Environment = { PATH: `${shims}:${process.env['PATH'] ?? ''}`, HOME: work, LC_ALL: 'C' };
  let observer: Observer | undefined;
  let addresses: readonly (readonly [string, string])[] = [];

  const start = async (settings: Environment): Promise<Ran> => {
    await observer?.stop();
    const { DATA_DIR = 'data', ...env } = settings;
    observer = await startObserver({ dataDir: resolve(work, DATA_DIR), env });
    addresses = [
      [OBSERVER, observer.url],
      [MQ_CONTROL, observer.mq.controlUrl],
    ];
    return { printed: '', exitCode: 0 };
  };

  const replaced = (text: string, from: 0 | 1): string =>
    addresses.reduce((done, pair) => done.replaceAll(pair[from], pair[1 - from] ?? ''), text);

  const inShell = (command: string): Ran => {
    const { stdout, stderr, status } = spawnSync('sh', ['-c', command], {
      ...{ cwd: work, env: shellEnv, timeout: 10_000, encoding: 'utf8' },
    });
    return { printed: stdout + stderr, exitCode: status ?? 1 };
  };

  const curl = async (command: string): Promise<Ran> => {
    const { method, url, headers, body } = readCurlLine(command);
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
    return { printed: await answer.text(), exitCode: 0 };
  };

  const mqObserver = async (command: string): Promise<Ran> => {
    const { words, env } = JSON.parse(inShell(command).printed) as { words: string[]; env: Environment };
    const [name, ...argv] = words;
    if (name !== 'mq-observer') return { printed: `npx knows no ${name}`, exitCode: 1 };
    const own = Object.fromEntries(
      Object.entries(env).filter(([key]) => !(key in shellEnv) && key !== 'PWD'),
    );
    if (argv[0] === 'start') return start(own);
    const url = observer === undefined ? {} : { MQ_OBSERVER_URL: observer.url };
    const { out, err, exitCode } = await runCli(argv, { env: { ...url, ...own } });
    return { printed: out + err, exitCode };
  };

  return {
    run: async (written) => {
      const command = replaced(written, 0);
      const run = /(^| )npx /.test(command) ? mqObserver : command.startsWith('curl ') ? curl : inShell;
      const { printed, exitCode } = await run(command);
      return { printed: replaced(printed, 1), exitCode };
    },
    close: async () => {
      process.chdir(before);
      await observer?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What differs from run to run, by what it looks like. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d[:-]\d\d[:-]\d\d(\.\d+)?Z/g, 'TIME'],
  [/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g, 'UUID'],
  [/\b\d+ ms\b/g, 'N ms'],
  [/"duration_ms": ?\d+/g, '"duration_ms":N'],
  [/[ \t]+/g, ' '],
  [/ +$/gm, ''],
];

/** True when `printed` is what a document shows, times, generated ids, durations and blanks apart; `…` stands for anything. */
export function isShown(shown: string, printed: string): boolean {
  const alike = (text: string): string =>
    VARYING.reduce((done, [what, name]) => done.replaceAll(what, name), text).trim();
  const pattern = alike(shown)
    .split('…')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('[^]*?');
  return new RegExp(`^${pattern}$`).test(alike(printed));
}
