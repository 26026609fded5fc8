import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { replaceIfChanged } from './replace-if-changed.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = join(ROOT, 'dashboard');
const FOLDER = join(ROOT, 'lib/health/generated');

const DECLARATIONS = `declare const page: { readonly PAGE: string };
export = page;
`;

/**
 * Makes one page of `dashboard/`: script and styles are part of it, and its policy lets a browser run these by their hashes
 * and nothing else. Writes `lib/health/generated/dashboard-page.cjs` and its types; both can be made again at any time.
 */
export async function generateDashboard(): Promise<void> {
  const [script, style] = await Promise.all([bundled('dashboard.ts'), bundled('dashboard.css')]);
  const page = readFileSync(join(SOURCES, 'dashboard.html'), 'utf8')
    .replace('content="policy"', () => `content="${policyOf(script, style)}"`)
    .replace('<!-- style -->', () => `<style>${style}</style>`)
    .replace('<!-- script -->', () => `<script>${script}</script>`);
  mkdirSync(FOLDER, { recursive: true });
  replaceIfChanged(join(FOLDER, 'dashboard-page.cjs'), `exports.PAGE = ${JSON.stringify(page)};\n`);
  replaceIfChanged(join(FOLDER, 'dashboard-page.d.cts'), DECLARATIONS);
}

async function bundled(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(SOURCES, name)],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome123', 'firefox128', 'safari17.5'],
    minify: true,
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
  });
  const text = outputFiles[0]?.text.trim() ?? '';
  if (/<\/(script|style)/i.test(text)) throw new Error(`dashboard/${name} would end its own element early`);
  return text;
}

function policyOf(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "connect-src 'self'",
    // The empty icon of the page: without one a browser asks for /favicon.ico.
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generateDashboard();
