import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** The operations of S3 that `lib/object-store/cos` uses. Another one fails at its first use, in every test that has it. */
const OPERATIONS: ReadonlySet<string> = new Set([
  'GetObject',
  'PutObject',
  'DeleteObject',
  'DeleteObjects',
  'ListObjectsV2',
]);

interface Model {
  readonly operations: Readonly<Record<string, unknown>>;
  readonly shapes: Readonly<Record<string, unknown>>;
}

/**
 * Leaves out of the bundles what `ibm-cos-sdk` carries and we never use: sixty of its operations, its XML writer (it
 * reads XML only), its query language and its waiters. Saves a third of the SDK.
 */
export const trimCosSdk: Plugin = {
  name: 'trim-cos-sdk',
  setup: (build) => {
    build.onLoad({ filter: /ibm-cos-sdk[\\/]apis[\\/]s3-2006-03-01\.min\.json$/ }, async ({ path }) => ({
      contents: JSON.stringify(trimmed(JSON.parse(await readFile(path, 'utf8')) as Model)),
      loader: 'json',
    }));
    build.onLoad({ filter: /ibm-cos-sdk[\\/]apis[\\/]s3-2006-03-01\.(paginators|waiters2)\.json$/ }, () => ({
      contents: '{"pagination":{},"waiters":{}}',
      loader: 'json',
    }));
    build.onResolve({ filter: /^(xmlbuilder|jmespath)$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
  },
};

function trimmed(model: Model): Model {
  const operations = Object.fromEntries(
    Object.entries(model.operations).filter(([name]) => OPERATIONS.has(name)),
  );
  const used = new Set<string>();
  collectShapes(operations, model.shapes, used);
  return {
    ...model,
    operations,
    shapes: Object.fromEntries(Object.entries(model.shapes).filter(([name]) => used.has(name))),
  };
}

/** Follows every reference to a shape, and from shapes to shapes. */
function collectShapes(value: unknown, shapes: Model['shapes'], used: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'shape' && typeof inner === 'string' && !used.has(inner)) {
      used.add(inner);
      collectShapes(shapes[inner], shapes, used);
    } else collectShapes(inner, shapes, used);
  }
}
