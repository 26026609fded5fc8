import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes bundles as the build does, from plain JavaScript: `{ echo: 'exports.main = …' }`. */
export function writeBundles(distDir: string, sources: Readonly<Record<string, string>>): void {
  for (const [name, source] of Object.entries(sources)) {
    mkdirSync(join(distDir, name), { recursive: true });
    writeFileSync(join(distDir, name, 'package.json'), '{ "type": "commonjs" }');
    writeFileSync(join(distDir, name, 'main.js'), source);
  }
}

/** Answers with the params that it received, as JSON. */
export const ECHO = `exports.main = async (params) => ({
  statusCode: 200, headers: { 'content-type': 'application/json' }, body: params,
});`;

/** Does what the key `do` of its params says; see the cases. */
export const PUPPET = `
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let calls = 0;
exports.main = async (params) => {
  calls += 1;
  const text = (body) => ({ statusCode: 200, body: String(body) });
  switch (params.do) {
    case 'count': return text(calls);
    case 'thread': return text(require('node:worker_threads').threadId);
    case 'env': return text(process.env[params.name]);
    case 'say': console.log(params.line); return text('said');
    case 'sleep': await sleep(Number(params.ms)); return text('slept');
    case 'until-sigterm': await new Promise((resolve) => process.once('SIGTERM', resolve)); return text('wound down');
    case 'hang': for (;;);
    case 'never': return new Promise(() => {});
    case 'throw': throw new Error('thrown on purpose');
    case 'crash': setTimeout(() => { throw new Error('crashed on purpose'); }, 0); return new Promise(() => {});
    case 'exit': process.exit(3);
    case 'function': return () => {};
    case 'circular': { const one = {}; one.self = one; return one; }
    case 'undefined': return undefined;
    case 'large': return text('x'.repeat(6 * 1024 * 1024));
    case 'status': return { statusCode: JSON.parse(params.status) };
    case 'binary': return { headers: { 'content-type': 'image/png' }, body: Buffer.from([0, 255, 1]).toString('base64') };
    case 'headers': return { headers: params.headers, body: '' };
    default: return text('nothing to do');
  }
};`;
