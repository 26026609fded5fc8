import type { Plugin } from 'esbuild';

/**
 * Leaves out of the bundles what `ibm-cloud-sdk-core` carries and we never use: cookies (with every public suffix there
 * is), and the media types of uploaded files. We send JSON and no file.
 */
export const trimSdkCore: Plugin = {
  name: 'trim-sdk-core',
  setup: (build) => {
    build.onResolve({ filter: /^(tough-cookie|mime-types)$/ }, ({ path }) => ({ path, namespace: 'unused' }));
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
  },
};
