import type { FunctionEntry } from '../function-list/function-list.ts';

/** A small public function that takes every path. */
export function aFunction(given: Partial<FunctionEntry> & { readonly name: string }): FunctionEntry {
  return {
    description: given.name,
    visibility: 'public',
    triggers: [{ kind: 'http', paths: [`/${given.name}`, `/${given.name}/*`], takesUnknownPaths: true }],
    cpu: '0.25',
    memory: '1G',
    maxExecutionSeconds: 10,
    scaleDownDelaySeconds: 1,
    concurrency: 10,
    bundleKilobytesMax: 450,
    ...given,
  };
}
