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

/** Files of the SDK for what we do not do: other ways to sign in, to sign and to write, uploads in parts, waiting for a state. */
const UNUSED =
  /ibm-cos-sdk[\\/]lib[\\/](?:s3[\\/]managed_upload|iam[\\/]token_manager|resource_waiter|protocol[\\/](?:json|query|rest_json)|signers[\\/](?:v2|v3|v3https|s3|presign|iam|none|bearer))\.js$/;

/**
 * In place of the SDK's own list of what makes it up. That one looks for credentials in files and variables when it is
 * loaded, though it is given some, and loads `node:domain`, which puts itself between every event of the process and its listeners.
 */
const LOADER = `
const util = require('./util');
Object.assign(util, {
  ...{ isBrowser: () => false, isNode: () => true, environment: 'nodejs' },
  ...{ Buffer, stream: require('stream'), url: require('url'), querystring: require('querystring') },
  getSystemErrorName: require('util').getSystemErrorName,
});
util.crypto.lib = require('crypto');
const AWS = require('./core');
require('./api_loader');
AWS.XML.Parser = require('./xml/node_parser');
require('./http/node');
AWS.config = new AWS.Config();
`;

/**
 * Leaves out of the bundles what `ibm-cos-sdk` carries and we never use: sixty of its operations, its search for
 * credentials, its XML writer (it reads XML only), its query language and its waiters. Saves half of the SDK.
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
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: EMPTY }));
    build.onLoad({ filter: UNUSED }, () => ({ contents: EMPTY }));
    build.onLoad({ filter: /ibm-cos-sdk[\\/]lib[\\/]node_loader\.js$/ }, () => ({ contents: LOADER }));
  },
};

const EMPTY = 'module.exports = {};';

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
