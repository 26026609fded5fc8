import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A page of the documentation. */
export interface Page {
  /** From the root of the repository: `docs/security.md`. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block: what stands behind its first fence, its lines, and the number of the first of them. */
export interface Block {
  readonly info: string;
  readonly lines: readonly string[];
  readonly firstLine: number;
}

/** A command of a session, what it is to print, and what it is to end with. */
export interface Step {
  readonly command: string;
  readonly printed: string;
  readonly exitCode: number;
  readonly line: number;
}

const PLACES = ['docs', 'infra', 'examples'];

/** All pages: those of the root, and those below `docs`, `infra` and `examples`. */
export function readPages(): readonly Page[] {
  const paths = ['.', ...PLACES].flatMap((place) =>
    readdirIfThere(place, place !== '.').filter((path) => path.endsWith('.md') && !/node_modules/.test(path)),
  );
  return paths.toSorted().map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** All texts below the folders that are neither pages nor tests: what documents speak of must be in one of them. */
export function readSources(places: readonly string[]): string {
  const paths = places.flatMap((place) => readdirIfThere(place, true));
  return paths
    .filter((path) => !/\.(md|png|test\.ts)$|node_modules|\/generated\//.test(path))
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n');
}

function readdirIfThere(place: string, recursive: boolean): readonly string[] {
  const folder = join(ROOT, place);
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder, { recursive, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

/** The fenced blocks of a page, in order. */
export function blocksOf({ text }: Page): readonly Block[] {
  const blocks: { info: string; lines: string[]; firstLine: number }[] = [];
  let open: (typeof blocks)[number] | undefined;
  text.split('\n').forEach((line, index) => {
    const info = /^\s*```(.*)$/.exec(line)?.[1];
    if (info === undefined) open?.lines.push(line);
    else if (open === undefined) open = { info: info.trim(), lines: [], firstLine: index + 2 };
    else {
      blocks.push(open);
      open = undefined;
    }
  });
  return blocks;
}

/** What is written as code within sentences and tables. */
export function inlineCodeOf(page: Page): readonly string[] {
  return [...proseOf(page).matchAll(/(`+)(.+?)\1/g)].map(([, , code]) => (code ?? '').trim());
}

/** The page without its fenced blocks. */
export function proseOf({ text }: Page): string {
  return text.replace(/^\s*```[^]*?^\s*```$/gm, '');
}

/** The commands of the sessions of a page: lines behind `$ ` in blocks marked `console`, with what follows them. */
export function stepsOf(page: Page): readonly Step[] {
  const steps: { command: string; printed: string[]; line: number }[] = [];
  for (const { info, lines, firstLine } of blocksOf(page))
    if (info === 'console')
      lines.forEach((line, index) => {
        if (line.startsWith('$ '))
          steps.push({ command: line.slice(2), printed: [], line: firstLine + index });
        else steps.at(-1)?.printed.push(line);
      });
  return steps.map(({ printed, ...step }) => {
    const exit = /^\[exit code (\d+)\]$/.exec(printed.at(-1) ?? '')?.[1];
    const text = (exit === undefined ? printed : printed.slice(0, -1)).join('\n');
    return { ...step, printed: text, exitCode: Number(exit ?? 0) };
  });
}

/** Where its links lead within the repository: paths as the page has them, with an anchor perhaps. */
export function linksOf(page: Page): readonly string[] {
  return [...proseOf(page).matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, link]) => link ?? '')
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** What links to its headings are called, as GitHub makes them. */
export function anchorsOf(text: string): readonly string[] {
  return [...proseOf({ path: '', text }).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    (heading ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The first columns of its tables of settings: every name there. */
export function settingColumnOf(page: Page): readonly string[] {
  const tables = proseOf(page).match(/^\| *setting\b.*(?:\n\|.*)+/gm) ?? [];
  return tables
    .flatMap((table) => table.split('\n').slice(2))
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''));
}

/** What stands behind `npx mq-observer`, in sentences and in blocks. */
export function commandLinesOf(page: Page): readonly string[] {
  const lines = [...inlineCodeOf(page), ...blocksOf(page).flatMap(({ lines: of }) => of)];
  return lines.flatMap((line) => /\bnpx mq-observer ([^|>&;#]+)/.exec(line)?.[1]?.trim() ?? []);
}

/** What may follow the commands so far, by those commands, each with a blank before it: commands, choices, options. */
export type CommandPlaces = ReadonlyMap<string, readonly string[]>;

/** The first word of a command line that is no command, choice or option where it stands, with the line. A placeholder ends it. */
export function unknownWordOf(places: CommandPlaces, line: string): string | undefined {
  let path = '';
  let argumentsMayFollow = false;
  for (const word of line.split(/\s+/)) {
    if (/^[<[…]/.test(word)) return undefined;
    const known = places.get(path) ?? [];
    const option = /^--[a-z-]+/.exec(word)?.[0];
    const hasChoices = known.some((one) => !one.startsWith('--'));
    if (!argumentsMayFollow && places.has(`${path} ${word}`)) path += ` ${word}`;
    else if (option === undefined && !argumentsMayFollow && hasChoices && !known.includes(word))
      return `${word} in: ${line}`;
    else if (option !== undefined && option !== '--help' && !known.includes(option))
      return `${option} in: ${line}`;
    else argumentsMayFollow = true;
  }
  return undefined;
}
