import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionReason } from '../../lib/cycle/report.ts';
import { CLASS_FACTS } from '../../lib/errors/class-facts.ts';
import { settings } from '../../lib/platform/configuration/settings.ts';
import { slotSettings } from '../../lib/platform/configuration/slot-texts.ts';
import { runCli } from '../../local/cli/cli-test-support.ts';
import { isShown, openConsole, type ConsoleSession } from '../support/console-session.ts';
import {
  anchorsOf,
  commandLinesOf,
  inlineCodeOf,
  linksOf,
  readPages,
  readSources,
  settingColumnOf,
  stepsOf,
  unknownWordOf,
  type CommandPlaces,
  type Page,
} from '../support/documents.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = 'bench bin dashboard docs examples functions infra lib local scripts test'.split(' ');
const pages = readPages();
const places = await placesOfCommandLine();

/** Complete by its type: a reason that is new has to be in the run book. */
const NOT_WOKEN: Readonly<Record<Exclude<DecisionReason, 'woken'>, true>> = {
  failed: true,
  deferred: true,
  depth_below: true,
  get_inhibited: true,
  reader_present: true,
  job_running: true,
  cooldown: true,
  no_progress: true,
  postponed: true,
  cancelled: true,
  quarantined: true,
  retired: true,
  queue_manager_error: true,
  queue_not_found: true,
  misconfigured: true,
};
/** What Node reads by itself. */
const OF_NODE: ReadonlySet<string> = new Set(['NODE_EXTRA_CA_CERTS']);

it('sees the pages', () => {
  expect(pages.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['README.md', 'docs/README.md', 'docs/operations.md']),
  );
  expect(pages.filter(isRun).flatMap(stepsOf).length).toBeGreaterThan(30);
});

/** What the other folders show needs the cloud, or has a test of its own. */
const isRun = (page: Page): boolean => page.path.startsWith('docs/') && stepsOf(page).length > 0;

describe.each(pages.filter(isRun))('the session of $path', (page) => {
  let terminal: ConsoleSession;
  beforeAll(() => {
    terminal = openConsole();
  });
  afterAll(() => terminal.close());

  it.each(stepsOf(page))('line $line: $command', async ({ command, printed, exitCode }) => {
    const ran = await terminal.run(command);
    expect({ shown: isShown(printed, ran.printed) || ran.printed, exitCode: ran.exitCode }).toEqual({
      shown: true,
      exitCode,
    });
  });
});

describe.each(pages)('$path', (page) => {
  it('has no text in which the shell would change a password', () => {
    expect(page.text.match(/<<-?\s*\w+/g) ?? []).toEqual([]);
  });

  it('links to what is there', () => {
    const broken = linksOf(page).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page.path : join(dirname(page.path), path);
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(join(ROOT, target), 'utf8')).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names files that are there', () => {
    const named = inlineCodeOf(page).filter((code) => /^[\w./-]+$/.test(code));
    const ofOurs = named.filter((code) => FOLDERS.includes(code.split('/')[0] ?? '') && code.includes('/'));
    expect(ofOurs.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('has commands of mq-observer that can be called like this', () => {
    expect(commandLinesOf(page).flatMap((line) => unknownWordOf(places, line) ?? [])).toEqual([]);
  });

  it('has scripts of npm that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    const called = [...page.text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => name ?? '');
    expect(called.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('has tables of settings that exist', () => {
    expect(settingColumnOf(page).filter((name) => !isSetting(name))).toEqual([]);
  });

  it('names no variable that nothing reads or gives', () => {
    const named = inlineCodeOf(page).flatMap((code) => /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)+$/.exec(code)?.[0] ?? []);
    expect(
      named.filter((name) => ![isSetting(name), sources.has(name), OF_NODE.has(name)].some(Boolean)),
    ).toEqual([]);
  });
});

describe('the run book', () => {
  const text = pages.find(({ path }) => path === 'docs/operations.md')?.text ?? '';
  const runBook = text.slice(text.indexOf('## What to do when'));

  it.each(Object.keys(NOT_WOKEN))('says what to do when the reason is %s', (reason) => {
    expect(runBook).toMatch(new RegExp(`^\\|[^|]*\`${reason}\``, 'm'));
  });

  it('knows the classes of errors of the store by their names', () => {
    const named = [...runBook.matchAll(/`(store-[a-z-]+)`/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !Object.hasOwn(CLASS_FACTS, name))).toEqual([]);
    expect(named.length).toBeGreaterThan(3);
  });
});

const sources: ReadonlySet<string> = new Set(
  readSources(['infra', 'examples', 'lib', 'local', 'functions', 'scripts']).match(/[A-Za-z_]\w*/g),
);

const names = new Set(settings.flatMap(({ name, env = [] }) => [name, ...env]));
const slotKeys = new Set<string>(slotSettings.map(({ key }) => key));
const isSetting = (name: string): boolean => names.has(name) || slotKeys.has(name.replace(/\d+$/, ''));

/** What may be said to `mq-observer`, as its completion has it. */
async function placesOfCommandLine(): Promise<CommandPlaces> {
  const { out } = await runCli(['completion', 'bash']);
  const entries = [...out.matchAll(/^ {4}'([^']*)'\) words='([^']*)' ;;$/gm)];
  const words = entries.map(async ([, path = '', known = '']) => {
    if (known !== '') return [path, known.split(' ')] as const;
    // These read their options themselves, and completion does not know them.
    const help = await runCli([...path.trim().split(' '), '--help']);
    return [path, help.out.match(/--[a-z-]+/g) ?? []] as const;
  });
  return new Map(await Promise.all(words));
}
