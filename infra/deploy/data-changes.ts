import type { Ibmcloud } from './ibmcloud.ts';
import type { Data } from './inventory.ts';
import type { PrivateFolder } from './private-folder.ts';
import type { Change } from './run-changes.ts';

/** A secret or a config map as it should be, and as it is. */
export interface WantedData {
  readonly kind: 'secret' | 'configmap';
  readonly name: string;
  readonly wanted: Data;
  readonly existing: Data | undefined;
}

/** What is to be done so that exactly the wanted keys are in it. Titles name keys, never values. */
export function dataChanges(
  { ibmcloud, folder }: { readonly ibmcloud: Ibmcloud; readonly folder: PrivateFolder },
  { kind, name, wanted, existing }: WantedData,
): readonly Change[] {
  const changed = [...wanted].filter(([key, value]) => existing?.get(key) !== value);
  const stale = [...(existing?.keys() ?? [])].filter((key) => !wanted.has(key));
  if (changed.length === 0 && stale.length === 0) return [];
  const verb = existing === undefined ? 'create' : 'update';
  const what = [
    ...(changed.length > 0 ? [`set ${changed.map(([key]) => key).join(', ')}`] : []),
    ...(stale.length > 0 ? [`remove ${stale.join(', ')}`] : []),
  ];
  const run = async (): Promise<void> => {
    // A file of its own for each value: it may have several lines, and anyone can see a command line.
    const files = changed.map(([key, value]) => ({ key, path: folder.write(`${kind}-${key}`, value) }));
    const values = files.flatMap(({ key, path }) => ['--from-file', `${key}=${path}`]);
    const removed = stale.flatMap((key) => ['--rm', key]);
    try {
      await ibmcloud.run(['ce', kind, verb, '--name', name, ...values, ...removed]);
    } finally {
      for (const { path } of files) folder.discard(path);
    }
  };
  return [{ title: `${verb} ${kind} ${name}: ${what.join('; ')}`, run }];
}

export function removalOfData(ibmcloud: Ibmcloud, kind: 'secret' | 'configmap', name: string): Change {
  return {
    title: `remove ${kind} ${name}`,
    run: async () =>
      void (await ibmcloud.run(['ce', kind, 'delete', '--name', name, '--force', '--ignore-not-found'])),
  };
}
