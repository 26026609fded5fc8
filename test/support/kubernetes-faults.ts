import { join } from 'node:path';
import ts from 'typescript';

/** A manifest, as far as it says what it is. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  types: [],
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};

/**
 * What is wrong with manifests by the types of the Kubernetes API: the compiler refuses keys that there are not, keys that
 * are missing, and values of another type, as it does in a program.
 */
export function kubernetesFaults(root: string, manifests: readonly Manifest[]): readonly string[] {
  const path = join(root, 'test', 'manifests.ts');
  const source = manifests
    .map((manifest, index) => {
      const type = `import('kubernetes-types/${moduleOf(manifest.apiVersion)}').${manifest.kind}`;
      return `export const manifest${index}: ${type} = ${JSON.stringify(manifest)};`;
    })
    .join('\n');
  const host = ts.createCompilerHost(OPTIONS);
  const program = ts.createProgram([path], OPTIONS, {
    ...host,
    fileExists: (name) => name === path || host.fileExists(name),
    readFile: (name) => (name === path ? source : host.readFile(name)),
    getSourceFile: (name, version) =>
      name === path ? ts.createSourceFile(name, source, version) : host.getSourceFile(name, version),
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

/** `apps/v1` as it is, `v1` is `core/v1`, `networking.k8s.io/v1` is `networking/v1`. */
function moduleOf(apiVersion: string): string {
  const [group = '', version] = apiVersion.split('/');
  return version === undefined ? `core/${group}` : `${group.replace(/\..*/, '')}/${version}`;
}
